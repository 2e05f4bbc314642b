/** Places in a 64-bit ELF file, little-endian: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html */
const HEADER = {
  segments: 32,
  sections: 40,
  segmentSize: 54,
  segmentCount: 56,
  sectionCount: 60,
  sectionNames: 62,
}
const LOAD = 1

/**
 * Without its sections, which only linkers and debuggers read, and what lies behind the last byte that is loaded: 16 MB
 * of symbols.
 */
export function withoutSections(elf: Buffer): Buffer {
  const table = Number(elf.readBigUInt64LE(HEADER.segments))
  const size = elf.readUInt16LE(HEADER.segmentSize)
  let end = 0
  for (let index = 0; index < elf.readUInt16LE(HEADER.segmentCount); index++) {
    const segment = elf.subarray(table + index * size)
    const [offset, fileSize] = [segment.readBigUInt64LE(8), segment.readBigUInt64LE(32)]
    if (segment.readUInt32LE(0) === LOAD) end = Math.max(end, Number(offset + fileSize))
  }
  const short = Buffer.from(elf.subarray(0, end))
  short.writeBigUInt64LE(0n, HEADER.sections)
  short.writeUInt16LE(0, HEADER.sectionCount)
  short.writeUInt16LE(0, HEADER.sectionNames)
  return short
}
