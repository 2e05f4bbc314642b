import type {Floater, NodeFacts, NodeUnderTest} from '../model/cluster.ts'
import {
  afterPullError,
  floaterIn,
  isCurrent,
  nodeOf,
  obstacleOf,
  type Obstacle,
  type PodEvent,
} from './pods.ts'

/** Who has a floater and who has not, kept up to date from watch events. */
export interface Board {
  readonly take: (event: PodEvent) => void
  /** Every node that can still get a floater has one. */
  readonly settled: () => boolean
  readonly ready: () => number
  /** The nodes without a floater, each with what is in the way; a NotReady node is one of them. */
  readonly missing: () => readonly Missing[]
  readonly nodes: (cluster: string) => readonly NodeUnderTest[]
  /** Forgets every pod: a new watch starts with the whole list. */
  readonly reset: () => void
  /** What is known from elsewhere of the nodes that have no pod at all, such as the DaemonSet's events. */
  readonly explainAbsence: (text: string) => void
}

export interface Missing {
  readonly node: string
  readonly obstacle: Obstacle
  readonly hasPod: boolean
}

/** What is wrong with a pod of an older template says nothing of the one that comes in its place. */
const REPLACED: Obstacle = {text: 'its pod is being replaced', hopeless: false}

interface Entry {
  readonly node: string
  readonly floater: Floater | undefined
  readonly obstacle: Obstacle
}

function withRemedy({text, remedy}: Obstacle): string {
  return remedy === undefined ? text : `${text}. ${remedy}`
}

/** `expected`: the nodes that must have a floater of this template. */
export function floaterBoard(expected: readonly NodeFacts[], template: string): Board {
  const pods = new Map<string, Entry>()
  let absence: Obstacle = {text: 'no pod was created on it', hopeless: false}

  /** The best pod of each node: while a DaemonSet rolls, a node has an old one and a new one. */
  function entryByNode(): Map<string, Entry> {
    const byNode = new Map<string, Entry>()
    for (const entry of pods.values()) {
      if (byNode.get(entry.node)?.floater === undefined) byNode.set(entry.node, entry)
    }
    return byNode
  }

  function survey(): {floaters: Map<string, Floater>; missing: Missing[]} {
    const byNode = entryByNode()
    const floaters = new Map<string, Floater>()
    const missing: Missing[] = []
    for (const {name, ready} of expected) {
      const entry = byNode.get(name)
      if (ready && entry?.floater) {
        floaters.set(name, entry.floater)
      } else {
        const obstacle = ready ? (entry?.obstacle ?? absence) : {text: 'the node is NotReady', hopeless: true}
        missing.push({node: name, obstacle, hasPod: entry !== undefined})
      }
    }
    return {floaters, missing}
  }

  return {
    take({type, object: pod}) {
      const {name} = pod.metadata
      const node = nodeOf(pod)
      if (type === 'DELETED' || node === undefined) {
        pods.delete(name)
      } else {
        const obstacle = isCurrent(pod, template)
          ? afterPullError(obstacleOf(pod), pods.get(name)?.obstacle)
          : REPLACED
        pods.set(name, {node, floater: floaterIn(pod, template), obstacle})
      }
    },
    settled: () => survey().missing.every(({obstacle}) => obstacle.hopeless),
    ready: () => survey().floaters.size,
    missing: () => survey().missing,
    nodes(cluster) {
      const {floaters, missing} = survey()
      const causes = new Map(missing.map(({node, obstacle}) => [node, withRemedy(obstacle)]))
      return expected.map(({name}) => {
        const floater = floaters.get(name)
        if (floater) return {cluster, name, floater}
        return {
          cluster,
          name,
          floater: undefined,
          cause: `node ${name} has no floater: ${causes.get(name) ?? ''}`,
        }
      })
    },
    reset: () => pods.clear(),
    explainAbsence: (text) => (absence = {text, hopeless: false}),
  }
}
