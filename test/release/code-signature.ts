import {createHash} from 'node:crypto'

/**
 * Reads the signature of a Mach-O executable as the kernel of macOS does (XNU: mach_loader.c, ubc_subr.c), and says what
 * is wrong with it. Shares nothing with what signs.
 */
export function complaintsOf(file: Buffer): string[] {
  const complaints: string[] = []
  const must = (isSo: boolean, complaint: string) => {
    if (!isSo) complaints.push(complaint)
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const little = (at: number) => view.getUint32(at, true)
  const big = (at: number) => view.getUint32(at)
  const long = (at: number) => Number(view.getBigUint64(at, true))

  const commands: {kind: number; at: number; size: number}[] = []
  for (let at = 32; commands.length < little(16); at += little(at + 4))
    commands.push({kind: little(at), at, size: little(at + 4)})
  must(
    commands.reduce((sum, {size}) => sum + size, 0) === little(20),
    'the commands have another size than the header says',
  )
  const segment = (name: string) =>
    commands.find(
      ({kind, at}) => kind === 0x19 && file.toString('latin1', at + 8, at + 24).startsWith(`${name}\0`),
    )?.at
  const [text, linkedit] = [segment('__TEXT'), segment('__LINKEDIT')]
  const [named, ...more] = commands.filter(({kind}) => kind === 0x1d)
  if (text === undefined || linkedit === undefined) return ['a segment is missing']
  if (named === undefined) return ['there is no signature']
  must(more.length === 0, 'there is more than one signature')

  const [at, size] = [little(named.at + 8), little(named.at + 12)]
  must(at % 16 === 0, 'the signature is not aligned')
  must(at + size === file.length, 'the signature does not end the file')
  must(long(linkedit + 40) + long(linkedit + 48) === file.length, '__LINKEDIT does not end with the file')
  must(long(linkedit + 32) >= long(linkedit + 48), '__LINKEDIT is smaller in memory than in the file')

  must(big(at) === 0xfade0cc0, 'the signature is no SuperBlob')
  must(big(at + 4) <= size, 'the SuperBlob is longer than its place')
  must(big(at + 8) === 1 && big(at + 12) === 0, 'there is something else than one code directory')
  const directory = at + big(at + 16)
  const [length, hashes, identifier] = [big(directory + 4), big(directory + 16), big(directory + 20)]
  must(big(directory) === 0xfade0c02, 'there is no code directory')
  must(directory + length <= at + big(at + 4), 'the code directory is longer than its place')
  must(big(directory + 8) >= 0x20400, 'the code directory is older than the executable segment')
  must((big(directory + 12) & 0x2) !== 0, 'it is not signed ad hoc')
  must(
    file.toString('latin1', directory + identifier, directory + hashes).includes('\0'),
    'the name does not end',
  )
  must(big(directory + 24) === 0, 'there are special slots')
  const [pages, limit] = [big(directory + 28), big(directory + 32)]
  must(limit === at, 'not all up to the signature is signed')
  must(
    view.getUint8(directory + 36) === 32 && view.getUint8(directory + 37) === 2,
    'the hashes are not SHA-256',
  )
  const pageSize = 2 ** view.getUint8(directory + 39)
  must(pageSize === 4096, 'pages are not of 4 KiB')
  must(pages === Math.ceil(limit / pageSize), 'there are more or fewer hashes than pages')
  must(hashes + pages * 32 <= length, 'the hashes are longer than their place')
  must(
    Number(view.getBigUint64(directory + 64)) === long(text + 40),
    'the executable segment is not where __TEXT is',
  )
  must(
    Number(view.getBigUint64(directory + 72)) === long(text + 48),
    'the executable segment has not the size of __TEXT',
  )
  must(Number(view.getBigUint64(directory + 80)) === 1, 'it is not a main binary')
  if (complaints.length > 0) return complaints

  for (let page = 0; page < pages; page++) {
    const bytes = file.subarray(page * pageSize, Math.min(limit, (page + 1) * pageSize))
    const slot = file.subarray(directory + hashes + 32 * page, directory + hashes + 32 * (page + 1))
    must(createHash('sha256').update(bytes).digest().equals(slot), `page ${page} is not what was signed`)
  }
  return complaints
}
