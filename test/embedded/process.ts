import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath, pathToFileURL} from 'node:url'
import type {Fault} from './faults.ts'
import type {KubeObject} from './objects/object.ts'
import type {EmbeddedNode, SerialisableOptions} from './options.ts'
import type {RequestLogEntry} from './request-log.ts'

/** An embedded cluster in a process of its own: what EmbeddedCluster offers, over HTTP. */
export interface EmbeddedProcess {
  url: string
  kubeconfig: string
  pid: number
  requests(): Promise<RequestLogEntry[]>
  objects(): Promise<KubeObject[]>
  setFault(fault: Fault): Promise<void>
  clearFaults(): Promise<void>
  setNode(node: EmbeddedNode): Promise<void>
  removeNode(name: string): Promise<void>
  stop(): Promise<void>
}

/** Starts `serve.ts`. `execAnswerModule`: path of a module that exports `execAnswer`, which cannot be sent as JSON. */
export async function startEmbeddedProcess(
  options: SerialisableOptions,
  execAnswerModule?: string,
): Promise<EmbeddedProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-options-'))
  try {
    const file = join(folder, 'options.json')
    await writeFile(file, JSON.stringify(options))
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const serve = fileURLToPath(new URL('serve.ts', import.meta.url))
    const args = [
      '--import',
      tsx,
      serve,
      `@${file}`,
      ...(execAnswerModule === undefined ? [] : [execAnswerModule]),
    ]
    const child = spawn(process.execPath, args, {stdio: ['pipe', 'pipe', 'inherit']})
    const {url, kubeconfig} = JSON.parse(await firstLine(child)) as {url: string; kubeconfig: string}
    return {
      url,
      kubeconfig,
      pid: child.pid ?? 0,
      requests: async () => (await ask(url, 'GET', 'requests')) as RequestLogEntry[],
      objects: async () => (await ask(url, 'GET', 'objects')) as KubeObject[],
      setFault: async (fault) => {
        await ask(url, 'POST', 'fault', fault)
      },
      clearFaults: async () => {
        await ask(url, 'DELETE', 'fault')
      },
      setNode: async (node) => {
        await ask(url, 'POST', 'node', node)
      },
      removeNode: async (name) => {
        await ask(url, 'DELETE', 'node', {name})
      },
      stop: () => stop(child),
    }
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the embedded cluster has no stdout')
  const lines = createInterface({input: child.stdout})
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the embedded cluster ended before it was ready (exit code ${String(code)})`)
  })
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
  ended.catch(() => undefined)
  return line
}

async function ask(url: string, method: string, what: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${url}/embedded/${what}`, {
    method,
    ...(body !== undefined && {body: JSON.stringify(body)}),
  })
  if (!response.ok) throw new Error(`embedded cluster: ${method} ${what}: ${await response.text()}`)
  return response.json()
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
