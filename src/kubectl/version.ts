/** discovery.k8s.io/v1 came with Kubernetes 1.21; before it, what is behind a service is its Endpoints. `version` as `v1.35.4`. */
export function hasEndpointSlices(version: string): boolean {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? 99) >= 21
}
