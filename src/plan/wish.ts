import type {Floater, FloaterKind, NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import type {IpFamily, ProtocolName} from '../model/plan.ts'

/** A service of ours: the one floater behind it is known, so the outcome of a probe is exact. */
export interface ServiceUnderTest {
  readonly cluster: string
  readonly type: 'ClusterIP' | 'NodePort'
  /** The node of the floater behind it. */
  readonly behind: string
  /** ClusterIPs, one a family. */
  readonly addresses: readonly string[]
  readonly port: number
  /** Of a NodePort, where the server gave it one. */
  readonly nodePort: number | undefined
}

/** The service kubernetes.default of a cluster. */
export interface ApiServer {
  readonly cluster: string
  readonly addresses: readonly string[]
  readonly port: number
}

/** What of the Config decides the plan, and what of the clusters is no node. */
export interface PlanWish extends Pick<
  Config,
  | 'clusters'
  | 'intra'
  | 'modes'
  | 'protocols'
  | 'ipFamily'
  | 'customTargets'
  | 'lookups'
  | 'port'
  | 'sameNode'
  | 'mtu'
> {
  /** Wanted whether any floater has such an address or not. */
  readonly families?: readonly IpFamily[]
  /** The same of API servers. */
  readonly apiServerFamilies?: readonly IpFamily[]
  /** Probe services from the node of the floater behind them, too. */
  readonly hairpins?: boolean
  /** What the floater answers, where floaters tell who they are. */
  readonly identity: (floater: Floater, protocol: ProtocolName, kind: FloaterKind) => string | undefined
  readonly services: readonly ServiceUnderTest[]
  readonly apiServers: readonly ApiServer[]
  /** The clusters whose floaters can find the largest packet that passes: their ping can forbid fragments. */
  readonly sizing: readonly string[]
}

/** Sources and targets of one pair of clusters, or of one cluster with itself; indexes into the nodes. */
export interface Side {
  readonly nodes: readonly NodeUnderTest[]
  readonly sources: readonly number[]
  readonly targets: readonly number[]
  readonly inside: boolean
  /** How the sources see addresses of the targets' cluster. */
  readonly seen: Config['clusters'][number]['cidrMap']
  readonly cluster: string
}
