import {setTimeout as pause} from 'node:timers/promises'
import {floaterManifest, NAMESPACE} from './floater-manifest.ts'
import {isReady} from './objects/pod-status.ts'
import type {DaemonSet, Pod} from './objects/workload.ts'
import type {BoundKubectl} from './run-kubectl.ts'

const LIMIT_MS = 30_000

/** Applies the floaters and waits for `ready` of them; gives the ready pods' names by node. */
export async function deployFloaters(kubectl: BoundKubectl, ready: number): Promise<Record<string, string>> {
  const objects = [{apiVersion: 'v1', kind: 'Namespace', metadata: {name: NAMESPACE}}, floaterManifest()]
  for (const object of objects) {
    const args = ['apply', '--server-side', '--validate=false', '-f', '-', '-o', 'json']
    await kubectl.json(args, JSON.stringify(object))
  }
  const deadline = Date.now() + LIMIT_MS
  while ((await readyFloaters(kubectl)) < ready) {
    if (Date.now() > deadline) throw new Error(`not ${ready} floaters ready after ${LIMIT_MS} ms`)
    await pause(50)
  }
  const {items} = await kubectl.json<{items: Pod[]}>(['get', 'pods', '-n', NAMESPACE, '-o', 'json'])
  const those = items.filter(({status}) => isReady(status))
  return Object.fromEntries(those.map(({spec, metadata}) => [spec.nodeName ?? '', metadata.name]))
}

async function readyFloaters(kubectl: BoundKubectl): Promise<number> {
  const args = ['get', 'daemonset', 'netdoctor-floater', '-n', NAMESPACE, '-o', 'json']
  const set = await kubectl.json<DaemonSet & {status?: {numberReady?: number}}>(args)
  return set.status?.numberReady ?? 0
}

export function execArgs(pod: string, command = ['sh', '-s']): string[] {
  return ['exec', '-i', '-n', NAMESPACE, pod, '-c', 'floater', '--', ...command]
}
