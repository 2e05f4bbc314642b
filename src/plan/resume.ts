import type {FloaterState, NodeUnderTest} from '../model/cluster.ts'
import {UserError} from '../model/error.ts'
import type {Block, Endpoint, IpFamily, Plan} from '../model/plan.ts'
import {cut} from './cut.ts'
import {fullPlan} from './full.ts'
import {isAbout, namedNodes, subjectOf, type NamedNode, type Wanted} from './wanted.ts'
import type {PlanWish} from './wish.ts'

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

function keyOf({cluster, name}: NamedNode): string {
  return `${cluster}/${name}`
}
