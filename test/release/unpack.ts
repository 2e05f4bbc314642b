import {gunzipSync, inflateRawSync} from 'node:zlib'
import {unpackTar} from 'modern-tar'

/** An entry of an archive, as it is written there. */
export interface Unpacked {
  name: string
  kind: 'file' | 'folder' | 'other'
  mode: number
  contents: Buffer
}

/** By its first bytes, whatever it is called. */
export async function unpack(archive: Buffer): Promise<Unpacked[]> {
  if (archive.readUInt16BE(0) === 0x1f8b) return await unpackTarGz(archive)
  if (archive.readUInt32LE(0) === 0x04034b50) return unpackZip(archive)
  throw new Error('the archive is neither gzip nor zip')
}

export async function fileIn(archive: Buffer, name: string): Promise<Buffer> {
  const found = (await unpack(archive)).find((entry) => entry.name === name)
  if (found === undefined) throw new Error(`the archive holds no ${name}`)
  return found.contents
}

async function unpackTarGz(archive: Buffer): Promise<Unpacked[]> {
  const entries = await unpackTar(gunzipSync(archive))
  return entries.map(({header: {name, type = 'file', mode = 0}, data = new Uint8Array()}) => ({
    name,
    kind: type === 'file' ? 'file' : type === 'directory' ? 'folder' : 'other',
    mode,
    contents: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  }))
}

const FILE_TYPES = {mask: 0o170000, file: 0o100000, folder: 0o040000}

/** By the list at the end, which has the modes: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function unpackZip(archive: Buffer): Unpacked[] {
  const end = archive.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
  let at = archive.readUInt32LE(end + 16)
  return Array.from({length: archive.readUInt16LE(end + 10)}, () => {
    const [method, size, nameSize] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 20),
      archive.readUInt16LE(at + 28),
    ]
    const name = archive.toString('utf8', at + 46, at + 46 + nameSize)
    const isFromUnix = archive.readUInt8(at + 5) === 3
    const mode = isFromUnix ? archive.readUInt32LE(at + 38) >>> 16 : FILE_TYPES.file | 0o666
    const local = archive.readUInt32LE(at + 42)
    const data = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const packed = archive.subarray(data, data + size)
    at += 46 + nameSize + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
    const type = mode & FILE_TYPES.mask
    return {
      name,
      kind: type === FILE_TYPES.file ? 'file' : type === FILE_TYPES.folder ? 'folder' : 'other',
      mode: mode & 0o7777,
      contents: method === 0 ? packed : inflateRawSync(packed),
    }
  })
}
