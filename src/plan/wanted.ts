import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import {UserError} from '../model/error.ts'
import type {Block, IpFamily, ProtocolName} from '../model/plan.ts'
import type {ResumeEntry} from '../model/resume.ts'

/** The nodes of a cluster by name. */
export interface Members {
  readonly cluster: string
  readonly names: ReadonlySet<string>
}

export interface NamedNode {
  readonly cluster: string
  readonly name: string
}

/** An entry whose nodes have their cluster. A node is one object, however many of a million entries name it. */
export interface Wanted {
  readonly entry: ResumeEntry
  readonly source: NamedNode
  /** The node of the floater behind a node's port; undefined where the entry names none. */
  readonly gate: NamedNode | undefined
  /** Undefined for custom targets. */
  readonly target: NamedNode | undefined
  readonly ipFamily: IpFamily | 'name' | undefined
}

/**
 * What resume.json asks for, in these clusters. Throws a UserError for an entry that they have no place for; `file` is for
 * its message.
 */
export function wantedBy(
  entries: readonly ResumeEntry[],
  clusters: readonly Members[],
  file: string,
): readonly Wanted[] {
  const known = new Set(clusters.map(({cluster}) => cluster))
  const nodeOf = nodeRegister()
  return entries.map((entry, index) => {
    const where = `${file}, entry ${index + 1}`
    const {srcNodeName, dstNodeName, targetIP} = entry
    const dstCluster = entry.dstCluster === '' ? undefined : entry.dstCluster
    for (const name of [entry.srcCluster, dstCluster]) {
      if (name === undefined || known.has(name)) continue
      throw new UserError(
        2,
        `${where}: there is no cluster "${name}" in the config. Run it with the config of that check.`,
      )
    }
    const source = nodeOf(entry.srcCluster ?? clusterOf(srcNodeName, clusters, 0), srcNodeName)
    const ipFamily = entry.ipFamily ?? (isIP(targetIP) === 0 ? undefined : familyOf(targetIP))
    if (!isAbout(entry, 'node')) return {entry, source, gate: undefined, target: undefined, ipFamily}
    const target = nodeOf(dstCluster ?? clusterOf(dstNodeName, clusters, 1), dstNodeName)
    const gate = entry.behind === undefined ? undefined : nodeOf(target.cluster, entry.behind)
    return {entry, source, gate, target, ipFamily}
  })
}

function nodeRegister(): (cluster: string, name: string) => NamedNode {
  const byCluster = new Map<string, Map<string, NamedNode>>()
  return (cluster, name) => {
    const nodes = byCluster.get(cluster) ?? new Map<string, NamedNode>()
    byCluster.set(cluster, nodes)
    const node = nodes.get(name) ?? {cluster, name}
    nodes.set(name, node)
    return node
  }
}

/**
 * The seed's tool, which names no cluster, probes from the first to the second; a node that is only in another is meant
 * there.
 */
function clusterOf(node: string, clusters: readonly Members[], usual: 0 | 1): string {
  const expected = clusters[usual] ?? clusters[0]
  const found = expected?.names.has(node) ? expected : clusters.find(({names}) => names.has(node))
  return (found ?? expected)?.cluster ?? ''
}

/** What an entry, or a block, is about: a node, or something that is none of ours. */
type Subject = 'node' | 'custom' | 'lookup' | 'apiserver'

export function subjectOf(mode: Block['mode'], protocol: ProtocolName): Subject {
  if (mode === 'custom' || mode === 'apiserver') return mode
  return protocol === 'dns' ? 'lookup' : 'node'
}

/** The seed's tool writes the command that it ran where no node was asked: that may be a target or a name. */
export function isAbout({mode, protocol, dstNodeName, targetIP}: ResumeEntry, subject: Subject): boolean {
  if (mode !== undefined && protocol !== undefined) return subjectOf(mode, protocol) === subject
  const isNode = dstNodeName !== '' && (targetIP === '' || isIP(targetIP) > 0)
  return isNode ? subject === 'node' : subject === 'custom' || subject === 'lookup'
}

/** The nodes that the entries name. */
export function namedNodes(wanted: readonly Wanted[]): readonly NamedNode[] {
  const nodes = new Set<NamedNode>()
  for (const {source, target, gate} of wanted) {
    nodes.add(source)
    if (target) nodes.add(target)
    if (gate) nodes.add(gate)
  }
  return [...nodes]
}
