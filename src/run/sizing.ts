import {CONTAINER} from '../floater/labels.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import type {Effects} from './effects.ts'
import type {ClearedSite} from './site.ts'

/** Floaters that are asked, one after the other, until one of them says something. */
const MOST_ASKED = 3

/**
 * Whether the floaters of a cluster can find the largest packet that passes, where that is wanted: only the ping of iputils
 * can forbid fragments. All have one image, so one of them is asked.
 */
export async function canFindSizes(
  {kubectl}: ClearedSite,
  nodes: readonly NodeUnderTest[],
  {mtu, protocols, namespace}: Config,
  {signal}: Effects,
): Promise<boolean> {
  if (!mtu || !protocols.includes('icmp')) return false
  const floaters = nodes.flatMap((node) =>
    Object.values(node.floaters).flatMap(({floater}) => (floater === undefined ? [] : [floater])),
  )
  for (const {pod} of floaters.slice(0, MOST_ASKED)) {
    if (signal.aborted) return false
    const ask = ['exec', `--namespace=${namespace}`, pod, `--container=${CONTAINER}`]
    const {ok, stdout} = await kubectl.run([...ask, '--', 'sh', '-c', 'ping -V 2>&1; exit 0'])
    if (ok) return stdout.includes('iputils')
  }
  return false
}
