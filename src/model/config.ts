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

export interface ClusterConfig {
  /** What reports call the cluster. */
  readonly name: string
  readonly connection: Connection
  /** Registry and path that the floater image's name is appended to, such as `ghcr.io/kosmos-io`. */
  readonly imageRepository: string
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
}
