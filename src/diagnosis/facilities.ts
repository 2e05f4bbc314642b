import type {FindingKind, Layer} from '../model/finding.ts'
import type {Block} from '../model/plan.ts'

/** What pods ask that is no floater's own address. */
export interface Facility {
  readonly kind: FindingKind
  readonly layer: Layer
  /** What sentences call it. */
  readonly called: string
}

const FACILITIES: Readonly<Record<'service' | 'nodeport' | 'apiserver' | 'dns' | 'custom', Facility>> = {
  service: {kind: 'services', layer: 'services', called: 'services (ClusterIP)'},
  nodeport: {kind: 'nodeport', layer: 'services', called: 'ports of nodes (NodePort)'},
  apiserver: {kind: 'apiserver', layer: 'outside', called: 'the API server'},
  dns: {kind: 'dns', layer: 'names', called: 'DNS'},
  custom: {kind: 'target', layer: 'outside', called: 'targets outside'},
}

/** What such probes ask; undefined for those that ask floaters. */
export const facilityOf = ({mode, protocol}: Block): Facility | undefined =>
  protocol === 'dns'
    ? FACILITIES.dns
    : mode === 'service' || mode === 'nodeport' || mode === 'apiserver' || mode === 'custom'
      ? FACILITIES[mode]
      : undefined

/** What is said of it where nobody gets an answer. */
export function nowhere({kind, called}: Facility, within = ''): string {
  return kind === 'dns'
    ? `DNS does not work from any node${within}`
    : `${called} cannot be reached from any node${within}`
}

/** The same where others get one. */
export function elsewhere({kind, called}: Facility, from: string): string {
  if (kind === 'services')
    return `services do not work from ${from}, and do from elsewhere: its service proxy is broken or behind`
  if (kind === 'dns') return `DNS does not work from ${from}, and does from elsewhere`
  return `${called} cannot be reached from ${from}, and can from elsewhere`
}
