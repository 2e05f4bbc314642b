/** A file taken in as text when the program is built; vitest and scripts/build.js both know this suffix. */
declare module '*?raw' {
  const text: string
  // eslint-disable-next-line no-restricted-syntax -- the form that the bundlers give it
  export default text
}
