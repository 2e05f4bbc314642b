import type {Check, IpFamily, Mode, ProtocolName} from './plan.ts'

/** One probe that resume.json asks for. What a file of the seed's tool does not say is absent, and matches anything. */
export interface ResumeEntry {
  readonly srcNodeName: string
  /** A custom target's is its own name. */
  readonly dstNodeName: string
  readonly targetIP: string
  readonly srcCluster?: string
  /** Empty for a custom target. */
  readonly dstCluster?: string
  readonly mode?: Mode | 'custom'
  readonly protocol?: ProtocolName
  readonly ipFamily?: IpFamily | 'name'
  readonly port?: number
  readonly check?: Check
  /** The target was the second floater of the source's own node. */
  readonly to?: 'neighbour'
  /** For a node's port: the node of the floater that it led to. */
  readonly behind?: string
}
