import {vi} from 'vitest'
import {floaterManifest, NAMESPACE} from './floater-manifest.ts'
import {isReady} from './objects/pod-status.ts'
import type {Pod} from './objects/workload.ts'
import type {BoundKubectl} from './run-kubectl.ts'

/** Applies the floaters and waits for `ready` of them; gives the pods' names by node. */
export async function deployFloaters(kubectl: BoundKubectl, ready: number): Promise<Record<string, string>> {
  const objects = [{apiVersion: 'v1', kind: 'Namespace', metadata: {name: NAMESPACE}}, floaterManifest()]
  for (const object of objects) {
    const args = ['apply', '--server-side', '--validate=false', '-f', '-', '-o', 'json']
    await kubectl.json(args, JSON.stringify(object))
  }
  return vi.waitFor(
    async () => {
      const {items} = await kubectl.json<{items: Pod[]}>(['get', 'pods', '-n', NAMESPACE, '-o', 'json'])
      const those = items.filter(({status}) => isReady(status))
      if (those.length < ready) throw new Error(`${those.length} of ${ready} floaters are ready`)
      return Object.fromEntries(those.map(({spec, metadata}) => [spec.nodeName ?? '', metadata.name]))
    },
    {timeout: 10_000, interval: 100},
  )
}

export function execArgs(pod: string, command = ['sh', '-s']): string[] {
  return ['exec', '-i', '-n', NAMESPACE, pod, '-c', 'floater', '--', ...command]
}
