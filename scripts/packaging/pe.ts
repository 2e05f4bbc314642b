/** Places in a PE32+ file: https://learn.microsoft.com/windows/win32/debug/pe-format */
const HEADER_POINTER = 0x3c
const OPTIONAL_HEADER = 24
const CHECKSUM = 64
const CERTIFICATES = 112 + 4 * 8

/** Without the signature of Node's makers, which is not true of what we make of it; Windows runs unsigned programs. */
export function withoutSignature(pe: Buffer): Buffer {
  const optional = pe.readUInt32LE(HEADER_POINTER) + OPTIONAL_HEADER
  const [at, size] = [pe.readUInt32LE(optional + CERTIFICATES), pe.readUInt32LE(optional + CERTIFICATES + 4)]
  if (size > 0 && at + size !== pe.length) throw new Error('the signature is not at the end of the file')
  const unsigned = Buffer.from(size > 0 ? pe.subarray(0, at) : pe)
  unsigned.fill(0, optional + CERTIFICATES, optional + CERTIFICATES + 8)
  // Zero is none; Windows asks only drivers for one.
  unsigned.writeUInt32LE(0, optional + CHECKSUM)
  return unsigned
}
