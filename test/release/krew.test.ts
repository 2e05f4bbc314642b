import {createHash} from 'node:crypto'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {execa} from 'execa'
import {zipSync} from 'fflate'
import {packTar, type TarHeader} from 'modern-tar'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, beforeEach, describe, expect, inject, test} from 'vitest'
import {parse, stringify} from 'yaml'
import {atDesk} from '../embedded/check-desk.ts'
import {npmKubectlRunsHere} from '../embedded/kubectl.ts'
import {install, readPlugin, type PlatformLabels, type Plugin} from './krew.ts'

const LINUX: PlatformLabels = {os: 'linux', arch: 'amd64'}

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'netdoctor-krew-'))
  return async () => await rm(root, {recursive: true, force: true})
})

describe('the release', () => {
  const manifest = () => join(inject('release'), 'netdoctor.yaml')

  test('has all six platforms, and the version of package.json', async () => {
    const {spec} = await readPlugin(manifest())
    const {version} = JSON.parse(await readFile('package.json', 'utf8')) as {version: string}
    expect(spec.version).toBe(`v${version}`)
    expect(
      spec.platforms.map(({selector: {matchLabels}}) => `${matchLabels.os} ${matchLabels.arch}`),
    ).toEqual(['linux', 'darwin', 'windows'].flatMap((os) => [`${os} amd64`, `${os} arm64`]))
  })

  test.each(
    (['linux', 'darwin', 'windows'] as const).flatMap((os) => [
      {os, arch: 'amd64' as const},
      {os, arch: 'arm64' as const},
    ]),
  )('is installed by krew: $os $arch', async (labels) => {
    const {bin, folder} = await install(manifest(), labels, root)
    if (labels.os === 'windows') {
      const completing = await readFile(join(folder, 'kubectl_complete-netdoctor.cmd'), 'utf8')
      expect(completing).toBe('@kubectl-netdoctor.exe __complete %*\r\n')
    }
    const name = labels.os === 'windows' ? 'kubectl-netdoctor.exe' : 'kubectl-netdoctor'
    expect((await readFile(join(bin, name))).length).toBeGreaterThan(50e6)
  })

  test.skipIf(!npmKubectlRunsHere())('runs as a plugin of a real kubectl, and checks a cluster', async () => {
    const {bin, folder} = await install(manifest(), LINUX, root)
    const {version} = JSON.parse(await readFile('package.json', 'utf8')) as {version: string}
    await atDesk({nodes: 2}, async (desk) => {
      const {env, folder: cwd, port} = desk
      // No Node on PATH: it is in the executable.
      const path = [bin, ...(env['PATH'] ?? '').split(delimiter).slice(0, 1), '/usr/bin', '/bin'].join(
        delimiter,
      )
      const kubectl = (...args: string[]) =>
        execa('kubectl', args, {cwd, env: {...env, PATH: path}, extendEnv: false, reject: false})
      expect(await kubectl('netdoctor', '--version')).toMatchObject({
        exitCode: 0,
        stdout: version,
        stderr: '',
      })
      const checked = await kubectl('netdoctor', 'check', '--port', port)
      expect([checked.exitCode, checked.stdout]).toEqual([0, expect.stringContaining('4 SUCCEEDED')])
      expect(await desk.resume()).toEqual([])
      expect(await kubectl('netdoctor', 'clean')).toMatchObject({exitCode: 0})
    })

    const asked = join(root, 'asked')
    await mkdir(asked)
    await writeFile(join(asked, 'kubectl-netdoctor'), '#!/bin/sh\nprintf "<%s>" "$@"\n', {mode: 0o755})
    const PATH = [asked, '/usr/bin', '/bin'].join(delimiter)
    const completion = await execa(join(folder, 'kubectl_complete-netdoctor'), ['check', '--to', ''], {
      env: {PATH},
    })
    expect(completion.stdout).toBe('<__complete><check><--to><>')
  })
})

/** A plugin as krew wants it, of a few bytes. */
const PLUGIN: Plugin = {
  apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
  kind: 'Plugin',
  metadata: {name: 'netdoctor'},
  spec: {
    version: 'v1.2.3',
    homepage: 'https://netdoctor.example',
    shortDescription: 'Check the network',
    description: 'A line\nand another\n',
    caveats: 'None\n',
    platforms: [
      {selector: {matchLabels: LINUX}, uri: '', sha256: '', bin: 'kubectl-netdoctor'},
      {
        selector: {matchLabels: {os: 'windows', arch: 'amd64'}},
        uri: 'https://netdoctor.example/x.zip',
        sha256: '0'.repeat(64),
        bin: 'kubectl-netdoctor.exe',
      },
    ],
  },
}

const FILES: TarHeader[] = [
  {name: 'LICENSE', size: 0, mode: 0o644},
  {name: 'kubectl-netdoctor', size: 0, mode: 0o755},
]

const tarGz = async (headers: readonly TarHeader[]) =>
  gzipSync(await packTar(headers.map((header) => ({header: {type: 'file', ...header}}))))

describe('a rule of krew', () => {
  let server: Server
  let served: Uint8Array
  let uri: string

  beforeAll(async () => {
    server = createServer((_, response) => response.end(served))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1.2.3/netdoctor.tar.gz`
  })
  afterAll(() => server.close())

  /** Installs the archive by PLUGIN, in which texts are replaced. */
  async function tryOut(
    archive: Uint8Array,
    spoil: (yaml: string) => string = (yaml) => yaml,
    name = 'netdoctor',
  ) {
    served = archive
    const plugin = structuredClone(PLUGIN)
    Object.assign(plugin.spec.platforms[0] ?? {}, {
      uri,
      sha256: createHash('sha256').update(archive).digest('hex'),
    })
    const file = join(root, `${name}.yaml`)
    await writeFile(file, spoil(stringify(plugin)))
    return await install(file, LINUX, root)
  }

  test('none is broken by an archive and a manifest that are right', async () => {
    const {bin} = await tryOut(await tarGz(FILES))
    expect(await readFile(join(bin, 'kubectl-netdoctor'), 'utf8')).toBe('')
    const attrs = ((0o100000 | 0o755) << 16) >>> 0
    const zip = zipSync({LICENSE: Buffer.from(''), 'kubectl-netdoctor': [Buffer.from(''), {os: 3, attrs}]})
    await rm(bin, {recursive: true})
    await expect(tryOut(zip)).resolves.toBeDefined()
  })

  const replaced = (from: string | RegExp, to: string) => (yaml: string) => {
    const spoilt = yaml.replace(from, to)
    if (spoilt === yaml) throw new Error(`there is no ${String(from)} in the manifest`)
    return spoilt
  }
  test.each<[string, (yaml: string) => string, RegExp]>([
    ['apiVersion', replaced('v1alpha2', 'v1'), /apiVersion/],
    ['kind', replaced('kind: Plugin', 'kind: Pod'), /kind/],
    ['a name that is no word', replaced('name: netdoctor', 'name: net/doctor'), /name/],
    [
      'another name than the file',
      replaced('name: netdoctor', 'name: doctor'),
      /manifest of doctor is called/,
    ],
    ['a version without v', replaced('v1.2.3', '1.2.3'), /version/],
    ['no version', replaced('version: v1.2.3', ''), /version/],
    ['a homepage still to be filled in', replaced('https://netdoctor.example', 'HOMEPAGE'), /homepage/],
    ['a long short description', replaced('Check the network', 'Check '.repeat(10)), /shortDescription/],
    ['a short description of two lines', replaced('Check the network', '"Check\\nit"'), /shortDescription/],
    ['a long line of the description', replaced('A line', 'A line '.repeat(15)), /description/],
    [
      'no platform',
      (yaml) => stringify({...parse(yaml), spec: {...PLUGIN.spec, platforms: []}}),
      /platforms/,
    ],
    [
      'a label that is neither os nor arch',
      replaced('arch: amd64', 'arch: amd64\n          libc: musl'),
      /libc/,
    ],
    ['two for one platform', replaced('os: windows', 'os: linux'), /same platform/],
    [
      'sha256 in upper case',
      (yaml) => yaml.replace(/sha256: \w+/, (sum) => `sha256: ${sum.slice(8).toUpperCase()}`),
      /sha256/,
    ],
    ['a host still to be filled in', replaced(/uri: .*\/v1/, 'uri: HOST/v1'), /uri/],
    ['an archive of another kind', replaced('netdoctor.tar.gz', 'netdoctor.tar.xz'), /uri/],
    ['bin with ./', replaced('bin: kubectl-netdoctor', 'bin: ./kubectl-netdoctor'), /bin/],
    ['bin with ..', replaced('bin: kubectl-netdoctor', 'bin: a/../../kubectl-netdoctor'), /bin/],
    ['Windows without .exe', replaced('kubectl-netdoctor.exe', 'kubectl-netdoctor'), /\.exe is missing/],
    ['files', replaced('bin: kubectl-netdoctor\n', 'bin: kubectl-netdoctor\n      files: []\n'), /files/],
    [
      'the sha256 of another archive',
      replaced(/sha256: \w+/, `sha256: ${'a'.repeat(64)}`),
      /the manifest says aaaa/,
    ],
  ])('in a manifest is seen broken: %s', async (_, spoil, complaint) => {
    await expect(tryOut(await tarGz(FILES), spoil)).rejects.toThrow(complaint)
  })

  const [license, program] = FILES as [TarHeader, TarHeader]
  test.each<[string, readonly TarHeader[], RegExp]>([
    ['no LICENSE', [program], /no LICENSE/],
    ['no program', [license], /no kubectl-netdoctor/],
    ['a program in a folder', [license, {...program, name: 'bin/kubectl-netdoctor'}], /no kubectl-netdoctor/],
    ['a program that cannot be run', [license, {...program, mode: 0o644}], /mode 0644, not 0755/],
    ['..', [license, program, {name: '../escaped', size: 0}], /leads out/],
    ['an absolute path', [license, program, {name: '/etc/escaped', size: 0}], /absolute/],
    [
      'a symbolic link',
      [license, program, {name: 'l', type: 'symlink', linkname: '/etc', size: 0}],
      /neither a file/,
    ],
    [
      'a hard link',
      [license, program, {name: 'l', type: 'link', linkname: 'LICENSE', size: 0}],
      /neither a file/,
    ],
  ])('in an archive is seen broken: %s', async (_, headers, complaint) => {
    await expect(tryOut(await tarGz(headers))).rejects.toThrow(complaint)
  })

  test('in a zip is seen broken', async () => {
    const link = ((0o120000 | 0o777) << 16) >>> 0
    const [LICENSE, bytes] = [Buffer.from(''), Buffer.from('')]
    const attrs = {os: 3, attrs: link}
    await expect(tryOut(zipSync({LICENSE, 'kubectl-netdoctor': bytes}))).rejects.toThrow(
      /mode 06\d\d, not 0755/,
    )
    await expect(tryOut(zipSync({LICENSE, l: [bytes, attrs]}))).rejects.toThrow(/neither a file/)
    await expect(tryOut(zipSync({'../escaped': bytes}))).rejects.toThrow(/leads out/)
  })

  test('about what an archive is, is seen broken', async () => {
    await expect(tryOut(await packTar([{header: {name: 'LICENSE', size: 0}}]))).rejects.toThrow(
      /neither gzip nor zip/,
    )
  })
})
