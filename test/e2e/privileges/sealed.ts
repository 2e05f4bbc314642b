import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {openDesk, type Desk} from '../../desk/desk.ts'
import type {Cluster} from '../cluster/cluster.ts'

/** A desk whose program has a network of its own that leads nowhere; its kubectl has that of the tests. */
export interface SealedDesk extends Desk {
  /** What each program so far sent: packets, to wherever and of whichever family. */
  packets(): Promise<number[]>
}

/**
 * Gives the program a network namespace in which every address is behind the loopback device, which counts. Its arguments
 * are the program's command line, its own name the file that gets the count.
 */
const SEALED = `
ip link set lo up && ip route add default dev lo || exit 1
ip -6 route add default dev lo 2>/dev/null
"$@"
code=$?
sed -n 's/^ *lo: *//p' /proc/net/dev >>"$0"
exit $code
`
/** Among the columns of /proc/net/dev behind the device's name: packets that it sent. */
const SENT = 9

export async function sealedDeskFor(cluster: Cluster, kubeconfig: string): Promise<SealedDesk> {
  const tools = await mkdtemp(join(tmpdir(), 'netdoctor-sealed-'))
  const [kubectl, counts] = [join(tools, 'kubectl'), join(tools, 'packets')]
  const real = join(cluster.toolsDirectory, 'kubectl')
  const outside = `#!/bin/sh\nexec nsenter --net=/proc/${process.pid}/ns/net '${real}' "$@"\n`
  await writeFile(kubectl, outside, {mode: 0o755})
  const desk = await openDesk({kubectl, kubeconfig, within: sealed(counts)})
  return {
    ...desk,
    packets: async () => await sentIn(counts),
    remove: async () => {
      await desk.remove()
      await rm(tools, {recursive: true, force: true})
    },
  }
}

/** The start of a command line that runs the rest of it so, and adds to the file what that sent. */
export function sealed(counts: string): [program: string, ...args: string[]] {
  return ['unshare', '--net', 'sh', '-c', SEALED, counts]
}

export async function sentIn(counts: string): Promise<number[]> {
  const lines = (await readFile(counts, 'utf8')).trim().split('\n')
  return lines.map((line) => Number(line.split(/\s+/)[SENT]))
}
