import {createHash} from 'node:crypto'

/** Mach-O, 64 bits, little-endian: mach-o/loader.h. */
const HEADER_SIZE = 32
const SEGMENT = 0x19
const CODE_SIGNATURE = 0x1d
const SIGNATURE_COMMAND_SIZE = 16

/** Signatures, big-endian: kern/cs_blobs.h of XNU. */
const SUPER_BLOB = {magic: 0xfade0cc0, size: 20}
const CODE_DIRECTORY = {magic: 0xfade0c02, version: 0x20400, size: 88}
const ADHOC = 0x2
const MAIN_BINARY = 0x1
const SHA256 = 2
const PAGE = {bits: 12, size: 4096}
/** What segments are a multiple of, on either processor. */
const SEGMENT_ALIGNMENT = 16_384

interface Segment {
  at: number
  fileOffset: number
  fileSize: number
  firstSection: number
}

/** With the signature that macOS asks of every program for arm64, by nobody: `codesign --sign -` in a word. */
export function signedAdHoc(unsigned: Buffer, identifier: string): Buffer {
  const commandsEnd = HEADER_SIZE + unsigned.readUInt32LE(20)
  const {__TEXT: text, __LINKEDIT: linkedit} = segmentsOf(unsigned)
  if (text === undefined || linkedit === undefined) throw new Error('a segment of the executable is missing')
  if (linkedit.fileOffset + linkedit.fileSize !== unsigned.length)
    throw new Error('the executable does not end with __LINKEDIT')
  if (commandsEnd + SIGNATURE_COMMAND_SIZE > text.firstSection)
    throw new Error('the executable has no room for the command that names the signature')

  const codeSize = roundUp(unsigned.length, 16)
  const pages = Math.ceil(codeSize / PAGE.size)
  const directorySize = CODE_DIRECTORY.size + identifier.length + 1 + pages * 32
  const signatureSize = roundUp(SUPER_BLOB.size + directorySize, 16)
  const signed = Buffer.alloc(codeSize + signatureSize)
  unsigned.copy(signed)

  // All of this is signed too, so it comes first.
  signed.writeUInt32LE(unsigned.readUInt32LE(16) + 1, 16)
  signed.writeUInt32LE(unsigned.readUInt32LE(20) + SIGNATURE_COMMAND_SIZE, 20)
  writeAll(signed, 'LE', commandsEnd, [CODE_SIGNATURE, SIGNATURE_COMMAND_SIZE, codeSize, signatureSize])
  const linkeditSize = signed.length - linkedit.fileOffset
  signed.writeBigUInt64LE(BigInt(roundUp(linkeditSize, SEGMENT_ALIGNMENT)), linkedit.at + 32)
  signed.writeBigUInt64LE(BigInt(linkeditSize), linkedit.at + 48)

  const superBlob = signed.subarray(codeSize)
  // One blob, in slot 0, which is the code directory's.
  writeAll(superBlob, 'BE', 0, [SUPER_BLOB.magic, SUPER_BLOB.size + directorySize, 1, 0, SUPER_BLOB.size])
  const directory = superBlob.subarray(SUPER_BLOB.size)
  const hashes = CODE_DIRECTORY.size + identifier.length + 1
  writeAll(directory, 'BE', 0, [CODE_DIRECTORY.magic, directorySize, CODE_DIRECTORY.version, ADHOC])
  writeAll(directory, 'BE', 16, [hashes, CODE_DIRECTORY.size, 0, pages, codeSize])
  directory.set([32, SHA256, 0, PAGE.bits], 36)
  directory.writeBigUInt64BE(BigInt(text.fileOffset), 64)
  directory.writeBigUInt64BE(BigInt(text.fileSize), 72)
  directory.writeBigUInt64BE(BigInt(MAIN_BINARY), 80)
  directory.write(identifier, CODE_DIRECTORY.size, 'latin1')
  for (let page = 0; page < pages; page++) {
    const content = signed.subarray(page * PAGE.size, Math.min((page + 1) * PAGE.size, codeSize))
    createHash('sha256')
      .update(content)
      .digest()
      .copy(directory, hashes + page * 32)
  }
  return signed
}

function segmentsOf(macho: Buffer): Partial<Record<string, Segment>> {
  const segments: Partial<Record<string, Segment>> = {}
  let at = HEADER_SIZE
  for (let count = macho.readUInt32LE(16); count > 0; count--) {
    const kind = macho.readUInt32LE(at)
    if (kind === CODE_SIGNATURE) throw new Error('the executable has a signature already')
    if (kind === SEGMENT) {
      const name = macho.toString('latin1', at + 8, at + 24).replace(/\0+$/, '')
      segments[name] = {
        at,
        fileOffset: Number(macho.readBigUInt64LE(at + 40)),
        fileSize: Number(macho.readBigUInt64LE(at + 48)),
        firstSection: macho.readUInt32LE(at + 64) === 0 ? 0 : macho.readUInt32LE(at + 72 + 48),
      }
    }
    at += macho.readUInt32LE(at + 4)
  }
  return segments
}

function writeAll(buffer: Buffer, order: 'LE' | 'BE', at: number, numbers: readonly number[]): void {
  numbers.forEach((number, index) =>
    order === 'LE'
      ? buffer.writeUInt32LE(number, at + 4 * index)
      : buffer.writeUInt32BE(number, at + 4 * index),
  )
}

const roundUp = (number: number, multiple: number) => Math.ceil(number / multiple) * multiple
