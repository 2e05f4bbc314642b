import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {CustomTarget} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Block, Endpoint, IpFamily, Mode, Plan, ProtocolName} from '../model/plan.ts'
import type {ResumeEntry} from '../model/resume.ts'
import {cut} from './cut.ts'
import {fullPlan, type PlanWish} from './full.ts'

/** The nodes of a cluster by name. */
export interface Members {
  readonly cluster: string
  readonly names: ReadonlySet<string>
}

interface NamedNode {
  readonly cluster: string
  readonly name: string
}

/** An entry whose nodes have their cluster. A node is one object, however many of a million entries name it. */
interface Wanted {
  readonly entry: ResumeEntry
  readonly source: NamedNode
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
    if (isCustom(entry)) return {entry, source, target: undefined, ipFamily}
    const target = nodeOf(dstCluster ?? clusterOf(dstNodeName, clusters, 1), dstNodeName)
    return {entry, source, target, ipFamily}
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

/** The seed's tool writes the command that it ran where a custom target was asked. */
function isCustom({mode, dstNodeName, targetIP}: ResumeEntry): boolean {
  return (
    mode === 'custom' ||
    (mode === undefined && (dstNodeName === '' || (targetIP !== '' && isIP(targetIP) === 0)))
  )
}

/** The nodes that the entries name. */
export function namedNodes(wanted: readonly Wanted[]): readonly NamedNode[] {
  const nodes = new Set<NamedNode>()
  for (const {source, target} of wanted) {
    nodes.add(source)
    if (target) nodes.add(target)
  }
  return [...nodes]
}

/**
 * The plan of exactly what is wanted, at present addresses. Whatever the entries say of modes, protocols and families
 * counts, not what the config says today. `nodes` are those of the clusters; a node that has gone is added.
 */
export function resumePlan(
  nodes: readonly NodeUnderTest[],
  wanted: readonly Wanted[],
  wish: PlanWish,
  file: string,
): Plan {
  const present = new Set(nodes.map(keyOf))
  const named = namedNodes(wanted)
  const gone = named
    .filter((node) => !present.has(keyOf(node)))
    .map(({cluster, name}): NodeUnderTest => ({
      cluster,
      name,
      floater: undefined,
      absence: 'node-gone',
      cause: `node ${name} has left the cluster`,
    }))
  const full = fullPlan([...nodes, ...gone], wishOf(wanted, wish))

  const indexOf = new Map(full.nodes.map((node, index) => [keyOf(node), index]))
  const places = new Map(named.map((node) => [node, indexOf.get(keyOf(node)) ?? -1]))
  const placeOf = (node: NamedNode | undefined) => node && places.get(node)
  const bySource = full.nodes.map((): number[] => [])
  for (const [number, {source}] of wanted.entries()) bySource[placeOf(source) ?? -1]?.push(number)

  const columnsOf = new Map(full.blocks.map((block) => [block, columnsByNode(block)]))
  const met = new Uint8Array(wanted.length)
  const plan = cut(full, (block, _, source) => {
    const columns = new Set<number>()
    for (const number of bySource[source] ?? []) {
      const one = wanted[number]
      if (one === undefined) continue
      for (const column of columnsOf.get(block)?.get(placeOf(one.target)) ?? []) {
        const endpoint = block.endpoints[column]
        if (endpoint === undefined || !asks(one, block, endpoint)) continue
        columns.add(column)
        met[number] = 1
      }
    }
    return [...columns].sort((a, b) => a - b)
  })
  const lost = met.indexOf(0)
  const entry = wanted[lost]?.entry
  if (entry === undefined) return plan
  throw new UserError(
    2,
    `${file}, entry ${lost + 1}: "${entry.targetIP}" is not a target of this config. Run it with the config of that check.`,
  )
}

/** Where the endpoints of each node are in the block; those of custom targets under `undefined`. */
function columnsByNode({endpoints}: Block): ReadonlyMap<number | undefined, readonly number[]> {
  const columns = new Map<number | undefined, number[]>()
  for (const [column, {node}] of endpoints.entries()) {
    const known = columns.get(node)
    if (known) known.push(column)
    else columns.set(node, [column])
  }
  return columns
}

function asks({entry, ipFamily}: Wanted, block: Block, {address, port}: Endpoint): boolean {
  if (isCustom(entry) !== (block.mode === 'custom')) return false
  if (entry.mode === 'custom' && (address !== entry.dstNodeName || port !== entry.port)) return false
  return (
    fits(entry.mode, block.mode) &&
    fits(entry.protocol, block.protocol) &&
    fits(entry.check, block.check) &&
    // A floater's port is today's, a custom target's is part of its name.
    (block.mode === 'custom' || fits(ipFamily, block.ipFamily))
  )
}

function fits<Word>(said: Word | undefined, word: Word): boolean {
  return said === undefined || said === word
}

function wishOf(wanted: readonly Wanted[], wish: PlanWish): PlanWish {
  const modes = new Set<Mode | undefined>()
  const protocols = new Set<ProtocolName | undefined>()
  const families = new Set<IpFamily>()
  let intra = false
  for (const {entry, source, target, ipFamily} of wanted) {
    protocols.add(entry.protocol)
    if (target === undefined) continue
    if (entry.mode !== 'custom') modes.add(entry.mode)
    if (ipFamily !== undefined && ipFamily !== 'name') families.add(ipFamily)
    intra ||= source.cluster === target.cluster
  }
  return {
    ...wish,
    modes: saidOr(modes, wish.modes.length > 0 ? wish.modes : ['pod']),
    protocols: saidOr(protocols, wish.protocols),
    ipFamily: 'auto',
    families: [...families],
    intra,
    customTargets: customTargets(wanted, wish.customTargets),
  }
}

/** The values that the entries say, and what is usual where one of them says nothing. */
function saidOr<Word extends string>(said: ReadonlySet<Word | undefined>, usual: readonly Word[]): Word[] {
  const words = said.has(undefined) ? [...said, ...usual] : [...said]
  return [...new Set(words)].filter((word) => word !== undefined)
}

function customTargets(
  wanted: readonly Wanted[],
  configured: readonly CustomTarget[],
): readonly CustomTarget[] {
  const asked = wanted.filter(({target}) => target === undefined).map(({entry}) => entry)
  const own = asked.flatMap(({mode, dstNodeName: host, port}) =>
    mode === 'custom' && port !== undefined ? [{host, port}] : [],
  )
  const all = asked.some(({mode}) => mode === undefined) ? [...own, ...configured] : own
  return [...new Map(all.map((target) => [`${target.host} ${target.port}`, target])).values()]
}

function keyOf({cluster, name}: NamedNode): string {
  return `${cluster}/${name}`
}
