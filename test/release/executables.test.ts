import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, inject, test} from 'vitest'
import {FUSE} from '../../scripts/packaging/executable.ts'
import {faultOf} from '../../scripts/packaging/inspect.ts'
import {bundleProgram, makeBlob} from '../../scripts/packaging/program.ts'
import {fetchRuntimes, nodeOfThisMachine} from '../../scripts/packaging/runtimes.ts'
import {archiveOf, executableOf, nameOf, type Target, TARGETS} from '../../scripts/packaging/targets.ts'
import {complaintsOf} from './code-signature.ts'
import {fileIn} from './unpack.ts'

const executable = async (target: Target) =>
  await fileIn(await readFile(join(inject('release'), archiveOf(target))), executableOf(target))

const byName = TARGETS.map((target) => [nameOf(target), target] as const)

describe('the executable', () => {
  let blob: Buffer
  beforeAll(async () => {
    blob = await makeBlob(await bundleProgram(), nodeOfThisMachine(await fetchRuntimes()))
  })

  test.each(byName)('for %s carries the program, and Node looks for it', async (_, target) => {
    const found = await executable(target)
    expect(faultOf(found, target, blob)).toBeUndefined()

    const other = TARGETS.find(({os, arch}) => os === target.os && arch !== target.arch)
    expect(faultOf(found, other ?? target, blob)).toBe(`it is for ${target.os} ${target.arch}`)
    const changed = Buffer.from(blob)
    changed.writeUInt8(changed.readUInt8(100) ^ 1, 100)
    expect(faultOf(found, target, changed)).toBe('what is in it is not the program')
    found.write('0', found.indexOf(`${FUSE}:`) + FUSE.length + 1)
    expect(faultOf(found, target, blob)).toBe('its fuse is whole')
  })

  test.each(byName)('for %s is not one where Node is bare', async (_, target) => {
    const node = await readFile((await fetchRuntimes()).node(target))
    expect(faultOf(node, target, blob)).toBe('the program is not in it')
  })
})

describe('the signature for macOS', () => {
  test.each(byName.filter(([, {os}]) => os === 'darwin'))('is valid: %s', async (_, target) => {
    const signed = await executable(target)
    expect(complaintsOf(signed)).toEqual([])

    const signature = signed.indexOf(Buffer.from('fade0cc0', 'hex'), signed.length - 2e6)
    const flips: [string, number, RegExp][] = [
      ['the header', 24, /^page 0 is/],
      ['the middle', 50_000_000, /^page 12207 is/],
      ['the last byte that is signed', signature - 1, /^page \d+ is/],
      ['a hash', signature + 4096, /^page \d+ is/],
      ['the flags', signature + 20 + 15, /ad hoc/],
      ['the size of what is signed', signature + 20 + 35, /not all up to the signature/],
    ]
    for (const [what, at, complaint] of flips) {
      const byte = signed.readUInt8(at)
      signed.writeUInt8(byte ^ 2, at)
      expect(complaintsOf(signed), what).toEqual([expect.stringMatching(complaint)])
      signed.writeUInt8(byte, at)
    }
    expect(complaintsOf(signed.subarray(0, -16))).toContain('the signature does not end the file')
  })
})
