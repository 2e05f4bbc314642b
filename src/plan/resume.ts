import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {CustomTarget} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Block, Endpoint, IpFamily, Plan} from '../model/plan.ts'
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

/** An entry whose nodes have their cluster. */
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
  return entries.map((entry, index) => {
    const where = `${file}, entry ${index + 1}`
    const {srcNodeName, dstNodeName, targetIP} = entry
    for (const name of [entry.srcCluster, entry.dstCluster || undefined]) {
      if (name === undefined || clusters.some(({cluster}) => cluster === name)) continue
      throw new UserError(
        2,
        `${where}: there is no cluster "${name}" in the config. Run it with the config of that check.`,
      )
    }
    const source = {cluster: entry.srcCluster ?? clusterOf(srcNodeName, clusters, 0), name: srcNodeName}
    const ipFamily = entry.ipFamily ?? (isIP(targetIP) === 0 ? undefined : familyOf(targetIP))
    if (isCustom(entry)) return {entry, source, target: undefined, ipFamily}
    const target = {cluster: entry.dstCluster ?? clusterOf(dstNodeName, clusters, 1), name: dstNodeName}
    return {entry, source, target, ipFamily}
  })
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
  const all = wanted.flatMap(({source, target}) => (target ? [source, target] : [source]))
  return [...new Map(all.map((node) => [keyOf(node), node])).values()]
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
  const gone = namedNodes(wanted)
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
  const bySource = new Map<number, Map<number | undefined, Wanted[]>>()
  for (const one of wanted) {
    const source = indexOf.get(keyOf(one.source)) ?? -1
    const targets = bySource.get(source) ?? new Map<number | undefined, Wanted[]>()
    bySource.set(source, targets)
    const target = one.target && indexOf.get(keyOf(one.target))
    targets.set(target, [...(targets.get(target) ?? []), one])
  }
  const met = new Set<Wanted>()
  const plan = cut(full, (block, _, source) =>
    [...block.endpoints.entries()].flatMap(([column, endpoint]) => {
      const meant =
        bySource
          .get(source)
          ?.get(endpoint.node)
          ?.filter((one) => asks(one, block, endpoint)) ?? []
      for (const one of meant) met.add(one)
      return meant.length > 0 ? [column] : []
    }),
  )
  const lost = wanted.findIndex((one) => !met.has(one))
  if (lost >= 0) {
    const {entry} = wanted[lost] as Wanted
    throw new UserError(
      2,
      `${file}, entry ${lost + 1}: "${entry.targetIP}" is not a target of this config. Run it with the config of that check.`,
    )
  }
  return plan
}

function asks({entry, ipFamily}: Wanted, block: Block, {address, port}: Endpoint): boolean {
  if (isCustom(entry) !== (block.mode === 'custom')) return false
  if (entry.mode === 'custom' && (address !== entry.dstNodeName || port !== entry.port)) return false
  return (
    (entry.mode === undefined || entry.mode === block.mode) &&
    (entry.protocol === undefined || entry.protocol === block.protocol) &&
    (entry.check === undefined || entry.check === block.check) &&
    // A floater's port is today's, a custom target's is part of its name.
    (block.mode === 'custom' || ipFamily === undefined || ipFamily === block.ipFamily)
  )
}

function wishOf(wanted: readonly Wanted[], wish: PlanWish): PlanWish {
  const nodes = wanted.filter(({target}) => target !== undefined)
  const modes = nodes.map(({entry}) => entry.mode).filter((mode) => mode !== 'custom')
  return {
    ...wish,
    modes: saidOr(modes, wish.modes.length > 0 ? wish.modes : ['pod']),
    protocols: saidOr(
      wanted.map(({entry}) => entry.protocol),
      wish.protocols,
    ),
    ipFamily: 'auto',
    families: nodes.flatMap(({ipFamily}) =>
      ipFamily === undefined || ipFamily === 'name' ? [] : [ipFamily],
    ),
    intra: nodes.some(({source, target}) => source.cluster === target?.cluster),
    customTargets: customTargets(wanted, wish.customTargets),
  }
}

/** The values that the entries say, and what is usual where one of them says nothing. */
function saidOr<Value>(said: readonly (Value | undefined)[], usual: readonly Value[]): readonly Value[] {
  const values = said.includes(undefined) ? [...said, ...usual] : said
  return [...new Set(values)].filter((value): value is NonNullable<typeof value> => value !== undefined)
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
