declare module 'postject' {
  interface Options {
    sentinelFuse: string
    machoSegmentName?: string
  }
  /** Changes the executable in place. */
  export function inject(executable: string, resource: string, data: Buffer, options: Options): Promise<void>
}
