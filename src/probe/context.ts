import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Bystander} from '../model/cluster.ts'
import type {Limits} from './script.ts'

/** What a run of a plan needs, handed in. */
export interface ProbeContext {
  readonly kubectlOf: (cluster: string) => Kubectl
  readonly namespace: string
  /** What every floater answers that has no answer of its own. */
  readonly answer: string | undefined
  readonly limits: Limits
  /** Source floaters that probe at once. */
  readonly maxNum: number
  /** Further passes over what failed. */
  readonly retries: number
  /** Until when what leads through a service may fail only because its proxies do not know it yet; ms, as Date.now(). */
  readonly settledAt: number
  /** Floaters that the plan does not speak of. */
  readonly bystanders: readonly Bystander[]
  readonly signal: AbortSignal
  readonly on: ProbeEvents
  /** What a cluster has of floaters now; undefined where that cannot be found out. */
  readonly presentFloaters: (cluster: string) => Promise<PresentFloaters | undefined>
}

export interface PresentFloaters {
  /** Those that run, as `incarnation` names them. */
  readonly incarnations: ReadonlySet<string>
  /** What happened last to each pod, a clause each, by its uid: to one that runs as it did before, that is long ago. */
  readonly causes: ReadonlyMap<string, string>
}

export interface ProbeEvents {
  /** More probes of the first pass, whose sources are in this cluster, have their answer. */
  readonly probed: (cluster: string, more: number) => void
  /** More of them are not SUCCEEDED; negative where a repetition mended them. */
  readonly failed: (cluster: string, more: number) => void
  readonly pass: (pass: 'first' | 'second' | 'slow' | 'done') => void
}
