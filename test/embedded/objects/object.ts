/** A Kubernetes object as JSON: only the parts that every kind shares are typed. */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: Metadata
  [part: string]: unknown
}

export interface Metadata {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  finalizers?: string[]
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

/** The time as Kubernetes writes it: whole seconds. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}

/** Equal content, whatever the order of the keys: what decides whether a spec has changed. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
