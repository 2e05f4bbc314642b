import {hostAndPort} from '../address/address.ts'
import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {foreignName, reach} from '../plan/modes.ts'
import {printable} from '../text/printable.ts'

/** `cluster/node` where there are several clusters. */
export function nodeName({plan, clusters}: Run, index: number): string {
  const node = plan.nodes[index]
  if (node === undefined) return ''
  return printable(clusters.length > 1 ? `${node.cluster}/${node.name}` : node.name)
}

const REACH_WORDS = {self: ' (self)', 'same-node': ' (same node)', network: ''} as const

/** What is no node has a name of its own; `(self)` behind a node that probes itself, `(same node)` behind its own other end. */
export function destinationName(run: Run, probe: Probe): string {
  const {block, endpoint} = probe
  if (endpoint.node !== undefined) return nodeName(run, endpoint.node) + REACH_WORDS[reach(probe)]
  const name = foreignName(probe)
  return printable(block.mode === 'custom' && endpoint.port > 0 ? hostAndPort(name, endpoint.port) : name)
}
