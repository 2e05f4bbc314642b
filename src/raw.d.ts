/** A file taken in as text when the program is built; vitest and scripts/build.js both know this suffix. */
declare module '*?raw' {
  const text: string
  // eslint-disable-next-line no-restricted-syntax -- the form that the bundlers give it
  export default text
}

/** A script or style bundled for browsers when the program is built (scripts/loaders.js). */
declare module '*?inlined' {
  const inlined: {
    readonly text: string
    /** As a Content-Security-Policy names it: `sha256-` and base64. */
    readonly hash: string
  }
  // eslint-disable-next-line no-restricted-syntax -- the form that the bundlers give it
  export default inlined
}

/** What the YAML says, parsed when the program is built (scripts/loaders.js). */
declare module '*?parsed' {
  const object: unknown
  // eslint-disable-next-line no-restricted-syntax -- the form that the bundlers give it
  export default object
}
