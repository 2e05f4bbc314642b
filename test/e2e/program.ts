import {spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Cluster} from './cluster/cluster.ts'

const PROGRAM = join(import.meta.dirname, '../../dist/main.js')

/** What one call of the built program did. */
export interface Ran {
  exitCode: number | null
  stdout: string
  stderr: string
  /** The command lines of the kubectls that it started. */
  kubectls: string[]
  ms: number
}

/** A call that goes on. */
export interface Running {
  signal(name: NodeJS.Signals): void
  ended: Promise<Ran>
}

/** A folder to run the program in, with a kubectl on PATH that counts how often it is started. */
export interface Desk {
  folder: string
  run(...args: string[]): Promise<Ran>
  /** Starts it and lets it run. */
  begin(...args: string[]): Running
  json(file: string): Promise<unknown>
  remove(): Promise<void>
}

export async function deskFor(cluster: Cluster, kubeconfig = cluster.kubeconfig): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-e2e-'))
  const log = join(folder, 'kubectl.log')
  const bin = join(folder, 'bin')
  await mkdir(bin)
  await writeFile(
    join(bin, 'kubectl'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >>'${log}'\nexec '${cluster.toolsDirectory}/kubectl' "$@"\n`,
  )
  await chmod(join(bin, 'kubectl'), 0o755)
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: kubeconfig,
    HOME: folder,
  }

  function begin(...args: string[]): Running {
    writeFileSync(log, '')
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const started = Date.now()
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
    const ended = closed.then(async (exitCode) => {
      const kubectls = (await readFile(log, 'utf8')).split('\n').filter(Boolean)
      return {exitCode, stdout, stderr, kubectls, ms: Date.now() - started}
    })
    return {signal: (name) => child.kill(name), ended}
  }

  return {
    folder,
    begin,
    run: async (...args) => await begin(...args).ended,
    json: async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown,
    remove: async () => await rm(folder, {recursive: true}),
  }
}

/** One row of resume.json. */
export interface ResumeEntry {
  Status: number
  ResultStr: string
  srcNodeName: string
  dstNodeName: string
  targetIP: string
  reason: string
}

/** Every object of the cluster but those that come and go by themselves, a line each: kind, namespace, name, uid. */
export async function everyObject(cluster: Cluster): Promise<string[]> {
  const kinds = await cluster.kubectl(['api-resources', '--verbs=list', '-o', 'name'])
  const passing = /^(events|leases|componentstatuses)(\.|$)|metrics/
  const listed = kinds.stdout.split('\n').filter((kind) => kind !== '' && !passing.test(kind))
  const template =
    '{range .items[*]}{.kind}{" "}{.metadata.namespace}{" "}{.metadata.name}{" "}{.metadata.uid}{"\\n"}{end}'
  const objects = await cluster.kubectl(['get', listed.join(','), '-A', '-o', `jsonpath=${template}`])
  return objects.stdout.split('\n').filter(Boolean).sort()
}
