import type {IpFamily, Mode, ProtocolName} from './plan.ts'

/** How kubectl reaches one cluster: its own connection flags, passed on as they are. */
export interface Connection {
  /** Path of a kubeconfig file; absent means kubectl's own rules (KUBECONFIG, ~/.kube/config). */
  readonly kubeconfig?: string
  readonly context?: string
  readonly as?: string
  readonly asGroups?: readonly string[]
  /** kubectl's own notation, such as `30s`. */
  readonly requestTimeout?: string
}

/** A range of addresses, and the one of equal length under which other clusters see it, both in CIDR notation. */
export interface CidrMapping {
  readonly from: string
  readonly to: string
}

export interface ClusterConfig {
  /** What reports call the cluster. */
  readonly name: string
  readonly connection: Connection
  /** Registry and path that the floater image's name is appended to, such as `ghcr.io/kosmos-io`. */
  readonly imageRepository: string
  /** How the other clusters see addresses of this one; the first range that holds an address counts. */
  readonly cidrMap: readonly CidrMapping[]
}

/** An address or host name outside of the plan's nodes, and a port of it. */
export interface CustomTarget {
  readonly host: string
  readonly port: number
}

/** Which part of the plan is wanted; everything where nothing is set. */
export interface Subset {
  /** Source nodes: names, separated by commas, or a label selector in kubectl's notation. */
  readonly from?: string
  /** Destination nodes, in the same notation. */
  readonly to?: string
  /** From `to` to `from` as well. */
  readonly bothWays: boolean
  /** Destinations a source. */
  readonly sample?: number
}

/** A taint that floaters put up with, as Kubernetes has it. */
export interface Toleration {
  readonly key?: string | undefined
  readonly operator?: 'Exists' | 'Equal' | undefined
  readonly value?: string | undefined
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute' | undefined
  readonly tolerationSeconds?: number | undefined
}

/** What runs as a floater, and on which nodes. */
export interface FloaterConfig {
  readonly flavour: 'clusterlink-floater' | 'netdr-floater' | 'agnhost' | 'custom'
  /** A whole reference, in place of the flavour's own. */
  readonly image?: string
  /** For `custom`: Kubernetes' `command`; absent means the image's own. */
  readonly command?: readonly string[]
  /** For `custom`: the whole body of what it answers to an HTTP request. */
  readonly answer?: string
  readonly imagePullSecrets: readonly string[]
  readonly nodeSelector: Readonly<Record<string, string>>
  /** Absent: every taint is tolerated. */
  readonly tolerations?: readonly Toleration[]
  readonly priorityClassName?: string
}

/** A name to look up, and where. */
export interface Lookup {
  readonly name: string
  /** Name server; absent: what the source's resolver is set to. */
  readonly server?: string
}

/** config.json and the flags, checked and with every default filled in: the only form the rest of the tool sees. */
export interface Config {
  readonly namespace: string
  /** Tag of the floater image. */
  readonly version: string
  /** Port that the floater listens on. */
  readonly port: number
  /** How long the floaters may take to be ready, in seconds. */
  readonly podWaitTime: number
  /** Source floaters that probe at once; absent: chosen from the machine's cores. */
  readonly maxNum?: number
  /** Limit of one probe, in seconds. */
  readonly cmdTimeout: number
  /** Probes at once in one floater. */
  readonly parallel: number
  /** How often a failed probe is repeated, after the first pass of all sources. */
  readonly retries: number
  readonly clusters: readonly ClusterConfig[]
  /** With several clusters: probe inside each of them, too. */
  readonly intra: boolean
  /** Empty where custom targets are all that is wanted. */
  readonly modes: readonly Mode[]
  readonly protocols: readonly ProtocolName[]
  /** `auto`: every family that the floaters have. */
  readonly ipFamily: 'auto' | IpFamily
  readonly customTargets: readonly CustomTarget[]
  readonly subset: Subset
  /** For the protocol dns. */
  readonly lookups: readonly Lookup[]
  readonly floater: FloaterConfig
  /** A second floater on every node, so that pods reach another pod on their own node. */
  readonly sameNode: boolean
  /** Send bodies of several full-size packets, too. */
  readonly mtu: boolean
  /** Remove everything when the report is out. */
  readonly autoClean: boolean
}
