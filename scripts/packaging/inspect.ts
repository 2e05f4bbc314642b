import {FUSE, MACHO_SEGMENT, RESOURCE} from './executable.ts'
import type {Target} from './targets.ts'

/** What an executable is, read from its own bytes. */
interface Inspected {
  os: Target['os']
  arch: Target['arch']
  /** What Node will run; undefined where it would find nothing. */
  blob: Buffer | undefined
  /** Whether Node will look for it. */
  fuse: 'blown' | 'whole' | 'missing'
}

function inspect(executable: Buffer): Inspected {
  const reader = READERS.find((candidate) => candidate.isIt(executable))
  if (reader === undefined) throw new Error('neither ELF nor Mach-O nor PE')
  const machine = reader.machine(executable)
  const arch = reader.machines[machine]
  if (arch === undefined) throw new Error(`machine 0x${machine.toString(16)} is neither amd64 nor arm64`)
  return {os: reader.os, arch, blob: reader.blob(executable), fuse: fuseOf(executable)}
}

/** @returns what is wrong with it, undefined where nothing is. */
export function faultOf(executable: Buffer, target: Target, blob: Buffer): string | undefined {
  const found = inspect(executable)
  if (found.os !== target.os || found.arch !== target.arch) return `it is for ${found.os} ${found.arch}`
  if (found.blob === undefined) return 'the program is not in it'
  if (!found.blob.equals(blob)) return 'what is in it is not the program'
  if (found.fuse !== 'blown') return `its fuse is ${found.fuse}`
  return undefined
}

function fuseOf(executable: Buffer): Inspected['fuse'] {
  const at = executable.indexOf(`${FUSE}:`)
  if (at === -1) return 'missing'
  return executable.toString('latin1', at, at + FUSE.length + 2).endsWith(':1') ? 'blown' : 'whole'
}

interface Reader {
  os: Target['os']
  isIt(executable: Buffer): boolean
  machine(executable: Buffer): number
  machines: Partial<Record<number, Target['arch']>>
  blob(executable: Buffer): Buffer | undefined
}

const number64 = (buffer: Buffer, at: number) => Number(buffer.readBigUInt64LE(at))
const padded = (size: number) => Math.ceil(size / 4) * 4

const elf: Reader = {
  os: 'linux',
  isIt: (executable) => executable.readUInt32BE(0) === 0x7f454c46,
  machine: (executable) => executable.readUInt16LE(18),
  machines: {0x3e: 'amd64', 0xb7: 'arm64'},
  /** A note of that name, in a segment of notes. */
  blob(executable) {
    const [table, size] = [number64(executable, 32), executable.readUInt16LE(54)]
    for (let index = 0; index < executable.readUInt16LE(56); index++) {
      const segment = executable.subarray(table + index * size, table + (index + 1) * size)
      if (segment.readUInt32LE(0) !== 4) continue
      const end = number64(segment, 8) + number64(segment, 32)
      for (let at = number64(segment, 8); at + 12 <= end;) {
        const [nameSize, dataSize] = [executable.readUInt32LE(at), executable.readUInt32LE(at + 4)]
        const data = at + 12 + padded(nameSize)
        if (executable.toString('latin1', at + 12, at + 12 + nameSize) === `${RESOURCE}\0`)
          return executable.subarray(data, data + dataSize)
        at = data + padded(dataSize)
      }
    }
    return undefined
  },
}

const macho: Reader = {
  os: 'darwin',
  isIt: (executable) => executable.readUInt32LE(0) === 0xfeedfacf,
  machine: (executable) => executable.readUInt32LE(4),
  machines: {0x01000007: 'amd64', 0x0100000c: 'arm64'},
  /** A section of that name, in a segment of its own. */
  blob(executable) {
    const nameAt = (at: number) => executable.toString('latin1', at, at + 16).replace(/\0+$/, '')
    let at = 32
    for (let count = executable.readUInt32LE(16); count > 0; count--) {
      if (executable.readUInt32LE(at) === 0x19 && nameAt(at + 8) === MACHO_SEGMENT) {
        const section = at + 72
        if (nameAt(section) !== `__${RESOURCE}`) return undefined
        const offset = executable.readUInt32LE(section + 48)
        return executable.subarray(offset, offset + number64(executable, section + 40))
      }
      at += executable.readUInt32LE(at + 4)
    }
    return undefined
  },
}

const RAW_DATA = 10

const pe: Reader = {
  os: 'windows',
  isIt: (executable) =>
    executable.toString('latin1', 0, 2) === 'MZ' &&
    executable.toString('latin1', headerOf(executable), headerOf(executable) + 4) === 'PE\0\0',
  machine: (executable) => executable.readUInt16LE(headerOf(executable) + 4),
  machines: {0x8664: 'amd64', 0xaa64: 'arm64'},
  /** A resource of that name among the raw ones, in its first language. */
  blob(executable) {
    const offsetOf = sectionsOf(executable)
    const root = offsetOf(executable.readUInt32LE(headerOf(executable) + 24 + 112 + 2 * 8))
    const resources = executable.subarray(root)
    const isNamed = (entry: number) => {
      const at = entry & 0x7fffffff
      const name = resources.toString('utf16le', at + 2, at + 2 + 2 * resources.readUInt16LE(at))
      return (entry & 0x80000000) !== 0 && name === RESOURCE
    }
    const raw = entryOf(resources, 0, (name) => name === RAW_DATA)
    const named = raw && entryOf(resources, raw, isNamed)
    const data = named && entryOf(resources, named, () => true)
    if (data === undefined) return undefined
    const offset = offsetOf(resources.readUInt32LE(data))
    return executable.subarray(offset, offset + resources.readUInt32LE(data + 4))
  },
}

const headerOf = (executable: Buffer) => executable.readUInt32LE(0x3c)

/** Where a directory of resources leads for the first name that is wanted. */
function entryOf(
  resources: Buffer,
  directory: number,
  isWanted: (name: number) => boolean,
): number | undefined {
  const count = resources.readUInt16LE(directory + 12) + resources.readUInt16LE(directory + 14)
  for (let at = directory + 16; at < directory + 16 + 8 * count; at += 8)
    if (isWanted(resources.readUInt32LE(at))) return resources.readUInt32LE(at + 4) & 0x7fffffff
  return undefined
}

/** Finds in the file what has an address in memory. */
function sectionsOf(executable: Buffer): (address: number) => number {
  const header = headerOf(executable)
  const table = header + 24 + executable.readUInt16LE(header + 20)
  const sections = Array.from({length: executable.readUInt16LE(header + 6)}, (_, index) => {
    const at = table + 40 * index
    return {address: executable.readUInt32LE(at + 12), offset: executable.readUInt32LE(at + 20)}
  })
  return (address) => {
    const section = sections.findLast((candidate) => candidate.address <= address)
    if (section === undefined) throw new Error('an address of the executable is in no section')
    return section.offset + address - section.address
  }
}

const READERS: readonly Reader[] = [elf, macho, pe]
