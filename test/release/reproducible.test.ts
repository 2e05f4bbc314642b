import {createHash} from 'node:crypto'
import {cp, mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, inject, test} from 'vitest'
import {parse} from 'yaml'

const ROOT = join(import.meta.dirname, '../..')

const sumsIn = async (release: string) =>
  Object.fromEntries(
    (await readFile(join(release, 'checksums.txt'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split('  ').reverse() as [string, string]),
  )

test('checksums.txt has every file, as sha256sum has it', async () => {
  const release = inject('release')
  const files = (await readdir(release)).filter((file) => file !== 'checksums.txt')
  const sums = await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(join(release, file))
      return [file, createHash('sha256').update(bytes).digest('hex')]
    }),
  )
  expect(await sumsIn(release)).toEqual(Object.fromEntries(sums))
})

describe('another checkout, in another place and time zone', () => {
  let folder: string
  let release: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netdoctor-elsewhere-'))
    const checkout = join(folder, 'a folder')
    release = join(folder, 'made')
    const {stdout} = await execa('git', ['ls-files', '-co', '--exclude-standard', '-z'], {cwd: ROOT})
    for (const file of stdout.split('\0').filter(Boolean))
      await cp(join(ROOT, file), join(checkout, file), {preserveTimestamps: true})
    await execa('cp', ['-a', join(ROOT, 'node_modules'), checkout])
    const script = `umask 077; exec '${checkout}/scripts/release' '${release}' --only linux-amd64,windows-arm64`
    await execa('sh', ['-c', script], {cwd: folder, env: {TZ: 'Asia/Kathmandu', LC_ALL: 'C'}})
  })
  afterAll(async () => await rm(folder, {recursive: true, force: true}))

  test('gives the same bytes', async () => {
    const [here, there] = [await sumsIn(inject('release')), await sumsIn(release)]
    const {'netdoctor.yaml': _, ...made} = there
    expect(Object.keys(made)).toHaveLength(4)
    expect(here).toMatchObject(made)
  })

  test('says which archives it has, and where, is still to be told', async () => {
    const {spec} = parse(await readFile(join(release, 'netdoctor.yaml'), 'utf8')) as {
      spec: {homepage: string; platforms: {uri: string}[]}
    }
    expect(spec.homepage).toBe('HOMEPAGE')
    expect(spec.platforms.map(({uri}) => uri.replace(/v[\d.]+/, 'vX'))).toEqual([
      'HOST/vX/kubectl-netdoctor-linux-amd64.tar.gz',
      'HOST/vX/kubectl-netdoctor-windows-arm64.zip',
    ])
  })
})
