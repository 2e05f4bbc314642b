import type {Floater, FloaterState, NodeFacts} from '../model/cluster.ts'
import {afterPullError, describeObstacle, obstacleOf, STARTING, type Obstacle} from './obstacle.ts'
import {floaterIn, isCurrent, nodeOf, type PodEvent} from './pods.ts'

/** Who has a floater and who has not, kept up to date from watch events. */
export interface Board {
  readonly take: (event: PodEvent) => void
  /** A new watch begins, with the whole list: what it does not speak of again may have gone meanwhile. */
  readonly expectList: () => void
  /** Every node that can still get a floater has one. */
  readonly settled: () => boolean
  readonly ready: () => number
  /** The nodes without a floater, each with what is in the way; a NotReady node is one of them. */
  readonly missing: () => readonly Missing[]
  /** Of every node, in the order in which they were expected. */
  readonly states: () => readonly {readonly node: string; readonly state: FloaterState}[]
  /** Floaters on nodes that need none. */
  readonly bystanders: () => readonly {readonly node: string; readonly addresses: readonly string[]}[]
  /** What is known from elsewhere of the nodes that have no pod at all, such as the DaemonSet's events. */
  readonly explainAbsence: (text: string) => void
  /** The same for a pod that does not get past starting, such as why it has no network. */
  readonly explainStart: (pod: string, text: string) => void
}

export interface Missing {
  readonly node: string
  readonly obstacle: Obstacle
  /** Absent where the node has no pod at all. */
  readonly pod?: string
}

/** What is wrong with a pod of an older template says nothing of the one that comes in its place. */
const REPLACED: Obstacle = {text: 'its pod is being replaced', hopeless: false}
const NOT_READY: Obstacle = {text: 'the node is NotReady', hopeless: true}

interface Entry {
  readonly pod: string
  readonly floater: Floater | undefined
  readonly obstacle: Obstacle
  /** The list that spoke of it last. */
  readonly list: number
}

/** `expected`: the nodes that must have a floater of this template. */
export function floaterBoard(expected: readonly NodeFacts[], template: string): Board {
  const isReady = new Map(expected.map(({name, ready}) => [name, ready]))
  const podsOf = new Map<string, Map<string, Entry>>()
  const homes = new Map<string, string>()
  const others = new Map<string, {readonly node: string; readonly addresses: readonly string[]}>()
  const done = new Set(expected.filter(({ready}) => !ready).map(({name}) => name))
  let absence: Obstacle = {text: 'no pod was created on it', hopeless: false}
  let list = 0

  /** The pod that counts: while a DaemonSet rolls, a node has an old one and a new one. */
  function best(node: string): Entry | undefined {
    const entries = [...(podsOf.get(node)?.values() ?? [])]
    const fresh = entries.filter((entry) => entry.list === list)
    const candidates = fresh.length > 0 ? fresh : entries
    return candidates.find(({floater}) => floater !== undefined) ?? candidates.at(-1)
  }

  function floaterOf(node: string): Floater | undefined {
    return isReady.get(node) ? best(node)?.floater : undefined
  }

  function obstacleOn(node: string): Obstacle {
    return isReady.get(node) ? (best(node)?.obstacle ?? absence) : NOT_READY
  }

  return {
    take({type, object: pod}) {
      const {name} = pod.metadata
      const node = nodeOf(pod) ?? homes.get(name)
      if (node === undefined) return
      if (!isReady.has(node)) {
        const {addresses} = floaterIn(pod, template) ?? {addresses: []}
        if (type === 'DELETED' || addresses.length === 0) others.delete(name)
        else others.set(name, {node, addresses})
        return
      }
      const pods = podsOf.get(node) ?? new Map<string, Entry>()
      podsOf.set(node, pods)
      if (type === 'DELETED') {
        pods.delete(name)
      } else {
        homes.set(name, node)
        const before = pods.get(name)?.obstacle
        const obstacle = isCurrent(pod, template) ? afterPullError(obstacleOf(pod), before) : REPLACED
        pods.set(name, {pod: name, floater: floaterIn(pod, template), obstacle, list})
      }
      if (floaterOf(node) || obstacleOn(node).hopeless) done.add(node)
      else done.delete(node)
    },
    expectList: () => list++,
    settled: () => done.size === expected.length,
    ready: () => expected.filter(({name}) => floaterOf(name) !== undefined).length,
    missing: () =>
      expected
        .filter(({name}) => floaterOf(name) === undefined)
        .map(({name}) => {
          const pod = best(name)?.pod
          return {node: name, obstacle: obstacleOn(name), ...(pod === undefined ? {} : {pod})}
        }),
    states: () =>
      expected.map(({name: node}) => {
        const floater = floaterOf(node)
        if (floater) return {node, state: {floater}}
        const cause = `node ${node} has no floater: ${describeObstacle(obstacleOn(node))}`
        return {node, state: {floater: undefined, absence: 'no-floater', cause}}
      }),
    bystanders: () => [...others.values()],
    explainAbsence: (text) => (absence = {text, hopeless: false}),
    explainStart(pod, text) {
      const pods = podsOf.get(homes.get(pod) ?? '')
      const entry = pods?.get(pod)
      if (entry?.obstacle === STARTING) pods?.set(pod, {...entry, obstacle: {text, hopeless: false}})
    },
  }
}
