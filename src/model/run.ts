import type {ClusterFacts} from './cluster.ts'
import type {FollowUp} from './follow-up.ts'
import type {Plan} from './plan.ts'
import type {Results} from './result.ts'

/** The plan with a result for every probe, and what a reader needs to judge it. */
export interface Run {
  readonly id: string
  /** Version of this tool. */
  readonly tool: string
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly namespace: string
  readonly clusters: readonly ClusterFacts[]
  readonly plan: Plan
  readonly results: Results
  /** The signal that ended the run before it was through. */
  readonly interrupted?: string
  /** Nodes that no floater can run on, such as Windows nodes: no probe of the plan covers them. */
  readonly notCovered: readonly NotCovered[]
  /** Why the plan is not the whole one: what was cut from it, a clause each; empty where it is whole. */
  readonly partial: readonly string[]
  /** What the run could not prove, such as who answered. */
  readonly caveats: readonly string[]
  /** What was asked afterwards about what had FAILED. */
  readonly followUps: readonly FollowUp[]
}

/** What was measured, and no more. */
export type Measured = Pick<Run, 'plan' | 'results'>

/** What a diagnosis is made of: what was measured, and what is known besides. */
export type Diagnosable = Measured & Partial<Pick<Run, 'namespace' | 'clusters' | 'followUps'>>

export interface NotCovered {
  readonly cluster: string
  readonly node: string
  readonly cause: string
  /** The user left it out, by a label or the config. */
  readonly leftOut: boolean
}
