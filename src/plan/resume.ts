import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import type {FloaterState, NodeUnderTest} from '../model/cluster.ts'
import type {Config, CustomTarget, Lookup} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Block, Endpoint, IpFamily, Mode, Plan, ProtocolName} from '../model/plan.ts'
import type {ResumeEntry} from '../model/resume.ts'
import {cut} from './cut.ts'
import {fullPlan} from './full.ts'
import type {PlanWish} from './wish.ts'
import {PATHS} from './modes.ts'

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

function subjectOf(mode: Block['mode'], protocol: ProtocolName): Subject {
  if (mode === 'custom' || mode === 'apiserver') return mode
  return protocol === 'dns' ? 'lookup' : 'node'
}

/** The seed's tool writes the command that it ran where no node was asked: that may be a target or a name. */
function isAbout({mode, protocol, dstNodeName, targetIP}: ResumeEntry, subject: Subject): boolean {
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

/**
 * The plan of exactly what is wanted, at present addresses. Whatever the entries say of modes, protocols and families
 * counts, not what the config says today. `nodes` are those of the clusters; a node that has gone, or that can have no
 * floater any more, is added.
 */
export function resumePlan(
  nodes: readonly NodeUnderTest[],
  wanted: readonly Wanted[],
  wish: PlanWish,
  file: string,
  unsuitable: (cluster: string, node: string) => string | undefined,
): Plan {
  const present = new Set(nodes.map(keyOf))
  const named = namedNodes(wanted)
  const gone = named
    .filter((node) => !present.has(keyOf(node)))
    .map(({cluster, name}): NodeUnderTest => {
      const why = unsuitable(cluster, name)
      const state: FloaterState =
        why === undefined
          ? {floater: undefined, absence: 'node-gone', cause: `node ${name} has left the cluster`}
          : {floater: undefined, absence: 'no-floater', cause: `node ${name} has no floater: ${why}`}
      return {cluster, name, addresses: [], floaters: {pod: state, host: state, neighbour: state}}
    })
  const full = fullPlan([...nodes, ...gone], insistOn(wanted, wish))

  const indexOf = new Map(full.nodes.map((node, index) => [keyOf(node), index]))
  const places = new Map(named.map((node) => [node, indexOf.get(keyOf(node)) ?? -1]))
  const placeOf = (node: NamedNode | undefined) => node && places.get(node)
  const bySource = full.nodes.map((): number[] => [])
  for (const [number, {source}] of wanted.entries()) bySource[placeOf(source) ?? -1]?.push(number)

  const columnsOf = new Map(full.blocks.map((block) => [block, columnsByNode(block)]))
  const met = new Uint8Array(wanted.length)
  const plan = cut(full, (block, row, source) => {
    const columns = new Set<number>()
    const picked = block.picks && new Set(block.picks[row])
    for (const number of bySource[source] ?? []) {
      const one = wanted[number]
      if (one === undefined) continue
      for (const column of columnsOf.get(block)?.get(placeOf(one.target)) ?? []) {
        const endpoint = block.endpoints[column]
        if (endpoint === undefined || picked?.has(column) === false || !asks(one, block, endpoint)) continue
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

function asks({entry, ipFamily}: Wanted, block: Block, {address, port, lookup}: Endpoint): boolean {
  const subject = subjectOf(block.mode, block.protocol)
  if (!isAbout(entry, subject)) return false
  const {mode, protocol, check, dstNodeName, targetIP} = entry
  // A custom target's port is part of its name; a floater's is today's.
  if (mode === 'custom' && (address !== dstNodeName || port !== entry.port)) return false
  if (protocol === 'dns' && (lookup !== dstNodeName || (address ?? '') !== targetIP)) return false
  return (
    fits(mode, block.mode) &&
    fits(protocol, block.protocol) &&
    fits(check, block.check) &&
    fits(entry.to, block.to) &&
    ((subject !== 'node' && subject !== 'apiserver') || fits(ipFamily, block.ipFamily))
  )
}

function fits<Word>(said: Word | undefined, word: Word): boolean {
  return said === undefined || said === word
}

/**
 * Families that the entries speak of, whether the clusters have them today or not, and every way from node to node: what no
 * entry asks for is cut away.
 */
function insistOn(wanted: readonly Wanted[], wish: PlanWish): PlanWish {
  const [families, apiServerFamilies] = [new Set<IpFamily>(), new Set<IpFamily>()]
  for (const {entry, target, ipFamily} of wanted) {
    if (!isFamily(ipFamily)) continue
    if (entry.mode === 'apiserver') apiServerFamilies.add(ipFamily)
    if (target !== undefined) families.add(ipFamily)
  }
  return {
    ...wish,
    families: [...families],
    apiServerFamilies: [...apiServerFamilies],
    intra: true,
    hairpins: true,
    sizing: wish.clusters.map(({name}) => name),
  }
}

function isFamily(word: Wanted['ipFamily']): word is IpFamily {
  return word !== undefined && word !== 'name'
}

/**
 * The config with what the entries say of modes, protocols and targets in the place of what it says itself, so that
 * yesterday's file is resumed by today's config.
 */
export function resumeConfig(entries: readonly ResumeEntry[], config: Config): Config {
  const modes = new Set<Mode | undefined>()
  const protocols = new Set<ProtocolName | undefined>()
  const [targets, lookups] = [new Map<string, CustomTarget>(), new Map<string, Lookup>()]
  let [mtu, sameNode] = [false, false]
  for (const entry of entries) {
    const {mode, protocol, check, dstNodeName, targetIP, port} = entry
    protocols.add(protocol)
    mtu ||= check === 'mtu'
    sameNode ||= entry.to === 'neighbour'
    if (mode === 'custom' && port !== undefined)
      targets.set(`${dstNodeName} ${port}`, {host: dstNodeName, port})
    else if (protocol === 'dns') {
      lookups.set(`${dstNodeName} ${targetIP}`, {
        name: dstNodeName,
        ...(targetIP === '' ? {} : {server: targetIP}),
      })
    }
    if (mode !== 'custom' && (mode !== undefined || isAbout(entry, 'node'))) modes.add(mode)
  }
  const foreign = entries.some(({mode}) => mode === undefined)
  // The seed's tool asks floaters at their own addresses, whatever today's config asks.
  const usual = config.modes.filter((mode) => PATHS[mode].to !== undefined)
  return {
    ...config,
    modes: saidOr(modes, usual.length > 0 ? usual : ['pod']),
    protocols: saidOr(protocols, config.protocols),
    ipFamily: 'auto',
    mtu,
    sameNode,
    customTargets: [...targets.values(), ...(foreign ? config.customTargets : [])],
    lookups: [...lookups.values(), ...(foreign ? config.lookups : [])],
    subset: {bothWays: false},
  }
}

/** The values that the entries say, and what is usual where one of them says nothing. */
function saidOr<Word extends string>(said: ReadonlySet<Word | undefined>, usual: readonly Word[]): Word[] {
  const words = said.has(undefined) ? [...said, ...usual] : [...said]
  return [...new Set(words)].filter((word) => word !== undefined)
}

function keyOf({cluster, name}: NamedNode): string {
  return `${cluster}/${name}`
}
