/** What a finding says is broken; docs/diagnosis.md has a section for each. */
export type FindingKind =
  | 'node-deaf'
  | 'node-mute'
  | 'node-cut-off'
  | 'pair'
  | 'groups'
  | 'overlay-down'
  | 'underlay-down'
  | 'all-down'
  | 'network-policy'
  | 'mesh'
  | 'protocol'
  | 'family'
  | 'mtu'
  | 'refused'
  | 'wrong-peer'
  | 'cidr-map'
  | 'scattered'
  | 'services'
  | 'nodeport'
  | 'dns'
  | 'apiserver'
  | 'target'
  | 'loss'
  | 'slow'
  | 'rewritten'
  | 'no-floater'
  | 'source-unusable'
  | 'shared-address'
  | 'floater-down'
  | 'floater-replaced'
  | 'no-address'
  | 'unmeasured'
  | 'not-tested'

/** What a finding is about; numbers are indexes into `Plan.nodes`. */
export type Subject =
  | {readonly kind: 'node'; readonly node: number}
  | {readonly kind: 'pair'; readonly source: number; readonly destination: number}
  | {
      readonly kind: 'group'
      /** What its nodes have in common, such as `zone` or `kernel`. */
      readonly trait: string
      readonly value: string
      readonly nodes: readonly number[]
    }
  | {readonly kind: 'cluster'; readonly cluster: string}
  /** An address or name that is no node's. */
  | {readonly kind: 'target'; readonly target: string}

/** Seen from the subject; a pair's is from its source. Absent where it was not measured, or makes no sense. */
export type Direction = 'inbound' | 'outbound' | 'both'

/** Where it is broken. `floater`: nothing is known of the network, because it could not be measured. */
export type Layer = 'floater' | 'pod network' | 'host network' | 'services' | 'names' | 'outside'

/** A sentence that explains many results at once. */
export interface Finding {
  readonly kind: FindingKind
  readonly subjects: readonly Subject[]
  readonly direction?: Direction
  readonly layer: Layer
  /** Probes that are not plainly SUCCEEDED and that it explains. */
  readonly explains: number
  /** Probes that should have failed if it were true, and SUCCEEDED. */
  readonly against: number
  /** For people, whole, printable. */
  readonly sentence: string
  /** What makes it likely, a clause each, printable. */
  readonly evidence: readonly string[]
}

/** The fewest findings that explain all that is not SUCCEEDED; those that matter most come first. */
export interface Diagnosis {
  readonly findings: readonly Finding[]
  /** For each probe the number of the finding that explains it, from 1; 0 where none does, or nothing is to be explained. */
  readonly findingOf: Uint32Array
  /** Probes that are not SUCCEEDED and that no finding explains. */
  readonly unexplained: number
}
