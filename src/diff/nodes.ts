import type {OneSided} from '../model/diff.ts'
import type {Run} from '../model/run.ts'
import {naturally} from '../text/order.ts'

/** The nodes of one run that the other does not have, or that had left by then. A node that a part of a plan leaves out is there. */
export function nodesOnlyIn(run: Run, other: Run): readonly OneSided[] {
  const [here, there] = [present(run), present(other)]
  const causes = new Map(other.notCovered.map((one) => [keyOf(one.cluster, one.node), one.cause]))
  for (const {cluster, name, floaters} of other.plan.nodes)
    for (const state of Object.values(floaters))
      if (state.floater === undefined && state.absence === 'node-gone')
        causes.set(keyOf(cluster, name), state.cause)
  return [...here]
    .filter(([key]) => !there.has(key))
    .map(([key, node]) => ({...node, cause: causes.get(key) ?? ''}))
    .sort((a, b) => naturally(`${a.cluster}/${a.name}`, `${b.cluster}/${b.name}`))
}

function present({plan}: Run): ReadonlyMap<string, {readonly cluster: string; readonly name: string}> {
  const nodes = plan.nodes.filter(({floaters}) =>
    Object.values(floaters).every((state) => state.floater !== undefined || state.absence !== 'node-gone'),
  )
  return new Map(nodes.map(({cluster, name}) => [keyOf(cluster, name), {cluster, name}]))
}

function keyOf(cluster: string, name: string): string {
  return `${cluster}/${name}`
}
