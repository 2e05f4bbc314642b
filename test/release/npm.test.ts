import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import {expect, inject, test} from 'vitest'
import {fileIn, unpack} from './unpack.ts'

const tarball = async () => {
  const files = await readdir(inject('release'))
  return join(inject('release'), files.find((file) => file.endsWith('.tgz')) ?? '')
}

test('the npm package runs by npx, and needs nothing else from npm', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-npx-'))
  try {
    await writeFile(join(folder, 'package.json'), '{}')
    const npx = ['--yes', '--offline', '--package', await tarball(), 'kubectl-netdoctor']
    const run = (...args: string[]) =>
      execa('npx', [...npx, ...args], {
        cwd: folder,
        env: {HOME: folder, npm_config_cache: join(folder, 'cache')},
      })
    const {version} = JSON.parse(await readFile('package.json', 'utf8')) as {version: string}
    expect((await run('--version')).stdout).toBe(version)
    expect((await run('check', '--help')).stdout).toContain('kubectl netdoctor check')
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
})

test('the npm package is small, and holds what package.json says', async () => {
  const archive = await readFile(await tarball())
  expect(archive.length).toBeLessThan(1e6)
  const manifest = JSON.parse((await fileIn(archive, 'package/package.json')).toString()) as object
  expect(Object.keys(manifest)).toEqual([
    'name',
    'version',
    'description',
    'license',
    'type',
    'bin',
    'engines',
  ])
  const names = (await unpack(archive)).map(({name}) => name.replace(/^package\//, ''))
  expect(names).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'THIRD-PARTY.txt',
      'dist/main.cjs',
      'schemas/config.schema.json',
    ]),
  )
  expect(
    names.filter((name) => !/^(dist|schemas)\/|^[A-Z-]+\.(md|txt)$|^LICENSE$|^package\.json$/.test(name)),
  ).toEqual([])
})

test('the SBOM names what is bundled, and Node', async () => {
  const files = await readdir(inject('release'))
  const file = files.find((name) => name.endsWith('.cdx.json')) ?? ''
  const bom = JSON.parse(await readFile(join(inject('release'), file), 'utf8')) as {
    metadata: {component: {name: string; purl: string}}
    components: {name: string; version: string}[]
  }
  expect(bom.metadata.component).toMatchObject({name: 'kubectl-netdoctor', type: 'application'})
  const components = new Map(bom.components.map(({name, version}) => [name, version]))
  expect(components.get('node')).toBe('22.23.2')
  const {dependencies} = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const [name, version] of Object.entries(dependencies)) expect(components.get(name)).toBe(version)
  // For development.
  for (const name of ['vitest', 'esbuild', 'modern-tar']) expect(components.has(name)).toBe(false)
})
