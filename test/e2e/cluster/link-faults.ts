import {all, type Fault} from './fault.ts'
import {nodesNamed, type NodeLayout} from './layout.ts'
import {neighbourNamed} from './neighbours.ts'
import {DROP, NEW, rule, rule6} from './packet-filter.ts'

/** What breaks between clusters that are linked; the cluster where it is asked for is the one that no longer reaches. */
export const LINK_FAULTS = {
  'drop-cluster': {
    args: ['CLUSTER'],
    describe: 'new connections from all pods to the pods of the linked CLUSTER vanish',
    steps: (layout, [name = ''], neighbours) => {
      const {podRange, v6} = neighbourNamed(neighbours, name)
      return all(...layout.nodes.flatMap((node) => dropped(node, {pods: podRange, pods6: v6?.podRange})))
    },
  },
  'drop-across': {
    args: ['FROM', 'CLUSTER', 'TO'],
    describe: 'new connections from the pods of FROM to those of the node TO of the linked CLUSTER vanish',
    steps: (layout, [from = '', name = '', to = ''], neighbours) =>
      all(
        ...nodesNamed(layout, from).flatMap((source) =>
          nodesNamed(neighbourNamed(neighbours, name), to).flatMap(({podCidr, v6}) =>
            dropped(source, {pods: podCidr, pods6: v6?.podCidr}),
          ),
        ),
      ),
  },
} as const satisfies Readonly<Record<string, Fault>>

/** Over both families, where both clusters have both. */
function dropped(from: NodeLayout, {pods, pods6}: {pods: string; pods6: string | undefined}) {
  const four = rule(from, 'FORWARD', ['-s', from.podCidr, '-d', pods, ...NEW, ...DROP])
  if (from.v6 === undefined || pods6 === undefined) return [four]
  return [four, rule6(from, 'FORWARD', ['-s', from.v6.podCidr, '-d', pods6, ...NEW, ...DROP])]
}
