import {gzipSync, zipSync} from 'fflate'
import {packTar} from 'modern-tar'

/** A file in an archive. */
export interface Entry {
  name: string
  contents: Uint8Array
  isExecutable?: boolean
}

/** Of everything, everywhere: the time that npm gives to what it packs. */
const TIME = new Date('1985-10-26T08:15:00Z')
/** The same for zip, which knows no time zones. */
const LOCAL_TIME = new Date(1985, 9, 26, 8, 15)

/** Higher levels take twice the time for a thousandth. */
const LEVEL = 6
const MADE_ON_UNIX = 3
const REGULAR_FILE = 0o100000

const modeOf = ({isExecutable}: Entry) => (isExecutable === true ? 0o755 : 0o644)

/** Equal bytes for equal entries: by JavaScript, because what zlib writes depends on the processor. */
export async function tarGz(entries: readonly Entry[]): Promise<Uint8Array> {
  const tar = await packTar(
    entries.map((entry) => ({
      header: {
        name: entry.name,
        type: 'file' as const,
        size: entry.contents.length,
        mode: modeOf(entry),
        mtime: TIME,
        uid: 0,
        gid: 0,
        uname: '',
        gname: '',
      },
      body: entry.contents,
    })),
  )
  return gzipSync(tar, {level: LEVEL, mtime: 0})
}

export function zip(entries: readonly Entry[]): Uint8Array {
  const options = {level: LEVEL, mtime: LOCAL_TIME, os: MADE_ON_UNIX} as const
  const files = entries.map((entry) => {
    const attrs = ((REGULAR_FILE | modeOf(entry)) << 16) >>> 0
    return [entry.name, [entry.contents, {...options, attrs}]] as const
  })
  return zipSync(Object.fromEntries(files) as Parameters<typeof zipSync>[0])
}
