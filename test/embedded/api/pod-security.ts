import type {Container, PodSpec} from '../objects/workload.ts'

/**
 * Why the `restricted` Pod Security profile refuses a pod, in the API server's words, or nothing. The four
 * controls that a careless manifest misses, and the host's network and privileges.
 */
export function restrictedViolation(name: string, spec: PodSpec): string | undefined {
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  const pod = spec.securityContext
  const violations = [
    spec.hostNetwork === true && 'host namespaces (hostNetwork=true)',
    complaint(
      containers,
      'privileged',
      'must not set securityContext.privileged=true',
      (c) => c.securityContext?.privileged !== true,
    ),
    complaint(
      containers,
      'allowPrivilegeEscalation != false',
      'must set securityContext.allowPrivilegeEscalation=false',
      (c) => c.securityContext?.allowPrivilegeEscalation === false,
    ),
    complaint(
      containers,
      'unrestricted capabilities',
      'must set securityContext.capabilities.drop=["ALL"]',
      (c) => c.securityContext?.capabilities?.drop?.includes('ALL') === true,
    ),
    complaint(
      containers,
      'runAsNonRoot != true',
      'must set securityContext.runAsNonRoot=true',
      (c) => (c.securityContext?.runAsNonRoot ?? pod?.runAsNonRoot) === true,
      'pod or ',
    ),
    complaint(
      containers,
      'seccompProfile',
      'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"',
      (c) =>
        ['RuntimeDefault', 'Localhost'].includes(
          c.securityContext?.seccompProfile?.type ?? pod?.seccompProfile?.type ?? '',
        ),
      'pod or ',
    ),
  ].filter((violation) => typeof violation === 'string')
  if (violations.length === 0) return undefined
  return `pods "${name}" is forbidden: violates PodSecurity "restricted:latest": ${violations.join(', ')}`
}

function complaint(
  containers: Container[],
  control: string,
  remedy: string,
  fine: (container: Container) => boolean,
  scope = '',
): string | false {
  const bad = containers.filter((container) => !fine(container)).map(({name}) => `"${name}"`)
  if (bad.length === 0) return false
  return `${control} (${scope}${bad.length > 1 ? 'containers' : 'container'} ${bad.join(', ')} ${remedy})`
}
