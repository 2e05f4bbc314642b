import type {Block, Plan} from '../model/plan.ts'

/** Probes of one kind, between two clusters or inside one: a block of the plan. */
export interface Lane {
  readonly block: Block
  /** `between` floaters, each at an address of its own; `outward` to whatever else. */
  readonly leads: 'between' | 'outward'
  readonly from: string
  /** Absent where the endpoints are no nodes. */
  readonly to: string | undefined
}

/** The lanes of a plan, in the order of its blocks. */
export function lanesOf({nodes, blocks}: Plan): readonly Lane[] {
  return blocks.map((block) => {
    const target = block.endpoints[0]?.node
    return {
      block,
      leads: block.to === undefined || target === undefined ? 'outward' : 'between',
      from: nodes[block.sources[0] ?? -1]?.cluster ?? '',
      to: target === undefined ? undefined : nodes[target]?.cluster,
    }
  })
}
