import type {Block, Endpoint, Plan} from '../model/plan.ts'
import {probesOf} from '../plan/plan.ts'

/** What tells one name from another inside of a key. */
const AND = '\u0000'

/** Gives each text a number, equal ones the same. */
function numbering() {
  const known = new Map<string, number>()
  return {
    numberOf(text: string): number {
      const found = known.get(text) ?? known.size
      known.set(text, found)
      return found
    },
    size: () => known.size,
  }
}

/** Numbers for what both plans name: pods get new addresses and ports from run to run, so neither has a part in it. */
function register() {
  const [paths, nodes, targets] = [numbering(), numbering(), numbering()]

  /** The name of the path, of each source and of each endpoint of a plan, as numbers. */
  function enter({nodes: all, blocks}: Plan) {
    const nameOf = (index: number) => `${all[index]?.cluster ?? ''}${AND}${all[index]?.name ?? ''}`
    const sources = all.map((_, index) => nodes.numberOf(nameOf(index)))
    const endpoints = new Map<Endpoint, number>()
    const blockNumbers = new Map<Block, number>()
    for (const block of blocks) {
      blockNumbers.set(block, paths.numberOf(pathKey(block)))
      for (const endpoint of block.endpoints) {
        const {node} = endpoint
        const name = node === undefined ? foreignKey(block, endpoint) : `node${AND}${nameOf(node)}`
        endpoints.set(endpoint, targets.numberOf(name))
      }
    }
    return {sources, endpoints, blocks: blockNumbers}
  }

  return {enter, room: () => ({nodes: nodes.size(), targets: targets.size()})}
}

function pathKey({mode, protocol, ipFamily, check, to}: Block): string {
  return [mode, protocol, ipFamily, check, to === 'neighbour' ? to : ''].join(AND)
}

/** What is no node goes by its own name: of a custom target the port is a part of it, of a lookup the server that is named. */
function foreignKey({mode}: Block, {address = '', port, lookup}: Endpoint): string {
  if (lookup !== undefined) return ['lookup', lookup, address].join(AND)
  return mode === 'custom' ? ['custom', address, port].join(AND) : mode
}

/** For each probe of the newer plan the number of the same one in the older plan, from 1; 0 where that has none. */
export function matched(old: Plan, now: Plan): Uint32Array {
  const {enter, room} = register()
  const [oldNames, newNames] = [enter(old), enter(now)]
  const {nodes, targets} = room()
  const keysOf = function* (
    plan: Plan,
    names: typeof oldNames,
  ): Generator<readonly [id: number, key: number]> {
    for (const {id, block, source, endpoint} of probesOf(plan)) {
      const [path = 0, from = 0, to = 0] = [
        names.blocks.get(block),
        names.sources[source],
        names.endpoints.get(endpoint),
      ]
      yield [id, (path * nodes + from) * targets + to]
    }
  }
  const known = new Map<number, number>()
  for (const [id, key] of keysOf(old, oldNames)) if (!known.has(key)) known.set(key, id + 1)
  const before = new Uint32Array(now.size)
  for (const [id, key] of keysOf(now, newNames)) {
    before[id] = known.get(key) ?? 0
    // Each has one partner, whatever a file says.
    known.delete(key)
  }
  return before
}
