// Makes everything that a release publishes: scripts/release starts it.
import {createHash} from 'node:crypto'
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {availableParallelism, tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {parseArgs} from 'node:util'
import {execa} from 'execa'
import {gunzipSync} from 'fflate'
import {unpackTar} from 'modern-tar'
import pMap from 'p-map'
import {fillManifest} from './manifest.ts'
import {notices} from './notices.ts'
import {npmPackage} from './npm-package.ts'
import {packagesIn} from './packages.ts'
import {bundleProgram, makeBlob} from './program.ts'
import {fetchRuntimes, nodeOfThisMachine, type Runtimes} from './runtimes.ts'
import {sbom} from './sbom.ts'
import {startUp} from './start-up.ts'
import {archiveOf, nameOf, type Target, targetNamed, TARGETS, thisMachine} from './targets.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Each takes a gigabyte. */
const MOST_AT_ONCE = 3
/** More than anybody wants to wait for. */
const MOST_BYTES = 45e6
const USAGE = `scripts/release [FOLDER] [--host URL] [--homepage URL] [--only TARGET,...]

Makes the archives, the npm package, netdoctor.yaml for krew, the SBOM and the checksums; into release/ unless told.

  --host URL      where the archives will be: URL/vVERSION/ARCHIVE is what netdoctor.yaml says
  --homepage URL  what netdoctor.yaml says
  --only TARGETS  ${TARGETS.map(nameOf).join(', ')}
`

const say = (line: string) => process.stderr.write(`${line}\n`)

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    host: {type: 'string'},
    homepage: {type: 'string'},
    only: {type: 'string'},
    help: {type: 'boolean', short: 'h'},
  },
})
if (values.help === true || positionals.length > 1) {
  process.stdout.write(USAGE)
  process.exit(values.help === true ? 0 : 2)
}
const folder = await emptyFolder(positionals[0])
const targets = values.only?.split(',').map(targetNamed) ?? TARGETS

const {name, version} = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
  name: string
  version: string
}
const made: {file: string; bytes: Uint8Array; sum: string}[] = []

const runtimes = await fetchRuntimes()
say(`Bundle ${name} ${version}`)
const program = await bundleProgram()
const packages = await packagesIn(program.metafile)
const nodeLicense = `Node.js ${runtimes.version}\n\n${await readFile(runtimes.license, 'utf8')}`
const blob = await makeBlob(program, nodeOfThisMachine(runtimes))
await packAll(runtimes, blob, await notices(packages, [nodeLicense]))
await write(`${name}-${version}.tgz`, await npmPackage(program, await notices(packages)))
await write(`${name}-${version}.cdx.json`, Buffer.from(await sbom(name, packages, runtimes.version)))
const manifest = fillManifest(await readFile(join(ROOT, 'krew-manifest.yaml'), 'utf8'), {
  version,
  host: values.host,
  homepage: values.homepage,
  sums: Object.fromEntries(made.map(({file, sum}) => [file, sum])),
})
await write('netdoctor.yaml', Buffer.from(manifest))
await writeFile(join(folder, 'checksums.txt'), made.map(({file, sum}) => `${sum}  ${file}\n`).join(''))
await printTable(runtimes)

/** The folder that is told, which must have nothing to lose, or release/, which is made anew. */
async function emptyFolder(told: string | undefined): Promise<string> {
  const folder = resolve(told ?? join(ROOT, 'release'))
  if (told === undefined) await rm(folder, {recursive: true, force: true})
  await mkdir(folder, {recursive: true})
  if ((await readdir(folder)).length === 0) return folder
  say(`${folder} is not empty: name another folder.`)
  process.exit(2)
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(join(folder, file), bytes)
  note(file, bytes)
}

function note(file: string, bytes: Uint8Array): void {
  made.push({file, bytes, sum: createHash('sha256').update(bytes).digest('hex')})
}

async function packAll(runtimes: Runtimes, blob: Buffer, notices: string): Promise<void> {
  const parts = await mkdtemp(join(tmpdir(), 'netdoctor-release-'))
  try {
    const [blobFile, noticesFile] = [join(parts, 'blob'), join(parts, 'notices')]
    await writeFile(blobFile, blob)
    await writeFile(noticesFile, notices)
    const pack = async (target: Target) => {
      say(`Pack ${archiveOf(target)}`)
      const script = join(import.meta.dirname, 'pack-target.ts')
      const files = [runtimes.node(target), blobFile, noticesFile, join(folder, archiveOf(target))]
      await execa(process.execPath, ['--import', 'tsx', script, nameOf(target), ...files], {cwd: ROOT})
    }
    await pMap(targets, pack, {concurrency: Math.min(MOST_AT_ONCE, availableParallelism())})
  } finally {
    await rm(parts, {recursive: true, force: true})
  }
  for (const file of targets.map(archiveOf)) note(file, await readFile(join(folder, file)))
}

async function printTable(runtimes: Runtimes): Promise<void> {
  const rows = [['ARCHIVE', 'MB', 'SHA256', 'START-UP, BARE NODE = 1']]
  for (const [index, {file, bytes, sum}] of made.entries()) {
    // The archives come first.
    const target = targets[index]
    if (target !== undefined && bytes.length > MOST_BYTES) {
      say(`${file} has ${(bytes.length / 1e6).toFixed(1)} MB, more than ${MOST_BYTES / 1e6}`)
      process.exitCode = 1
    }
    rows.push([
      file,
      (bytes.length / 1e6).toFixed(1),
      sum,
      target === undefined ? '' : await tried(target, bytes, runtimes),
    ])
  }
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  say('')
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    )
  if (values.host === undefined || values.homepage === undefined)
    say('\nnetdoctor.yaml is not for krew yet: --host and --homepage are to be given')
}

/** How fast its program starts, where it runs here. */
async function tried(target: Target, archive: Uint8Array, runtimes: Runtimes): Promise<string> {
  if (target !== thisMachine() || target.os === 'windows')
    return 'not run here: format, program and fuse checked'
  const speed = await startUp(await programIn(archive), runtimes.node(target), version)
  return `${speed.toFixed(2)}, run here`
}

async function programIn(archive: Uint8Array): Promise<Uint8Array> {
  const entries = await unpackTar(gunzipSync(archive))
  const program = entries.find(({header}) => header.name === 'kubectl-netdoctor')?.data
  if (program === undefined) throw new Error('the archive holds no executable')
  return program
}
