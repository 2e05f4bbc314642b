import type {FaultSteps} from './fault-steps.ts'
import {nodeNamed, nodesNamed, type Layout, type NodeLayout} from './layout.ts'

/** A row of the table of faults. */
export interface Fault {
  args: readonly string[]
  describe: string
  /** The neighbours are the clusters that this one is linked to, as they are reached from here. */
  steps(layout: Layout, args: readonly string[], neighbours: readonly Layout[]): FaultSteps
}

export function onOne(describe: string, steps: (node: NodeLayout, layout: Layout) => FaultSteps): Fault {
  return {
    args: ['NODE'],
    describe,
    steps: (layout, [name = '']) => steps(nodeNamed(layout, name), layout),
  }
}

/** Between two nodes, or two groups of nodes such as `n1,n2` and `n3`. */
export function between(describe: string, steps: (from: NodeLayout, to: NodeLayout) => FaultSteps): Fault {
  return {
    args: ['FROM', 'TO'],
    describe,
    steps: (layout, [from = '', to = '']) =>
      all(
        ...nodesNamed(layout, from).flatMap((source) =>
          nodesNamed(layout, to).map((target) => steps(source, target)),
        ),
      ),
  }
}

/** One after the other; taken back in the opposite order. */
export function all(...steps: readonly FaultSteps[]): FaultSteps {
  return {
    apply: steps.flatMap(({apply}) => apply),
    undo: steps.toReversed().flatMap(({undo}) => undo),
  }
}
