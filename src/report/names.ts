import {hostAndPort} from '../address/address.ts'
import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {isSelf} from '../plan/plan.ts'
import {printable} from '../text/printable.ts'

/** `cluster/node` where there are several clusters. */
export function nodeName({plan, clusters}: Run, index: number): string {
  const node = plan.nodes[index]
  if (node === undefined) return ''
  return printable(clusters.length > 1 ? `${node.cluster}/${node.name}` : node.name)
}

/** A custom target is its own name; `(self)` behind a node that probes itself. */
export function destinationName(run: Run, probe: Probe): string {
  const {block, endpoint} = probe
  if (endpoint.node !== undefined) return nodeName(run, endpoint.node) + (isSelf(probe) ? ' (self)' : '')
  return block.mode === 'custom' ? printable(hostAndPort(endpoint.address ?? '', endpoint.port)) : ''
}
