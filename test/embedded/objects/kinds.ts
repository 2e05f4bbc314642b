export interface Kind {
  group: string
  version: string
  resource: string
  kind: string
  singular: string
  shortNames: string[]
  namespaced: boolean
  verbs: string[]
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

function kind(
  groupVersion: string,
  resource: string,
  kindName: string,
  shortNames = '',
  namespaced = true,
): Kind {
  const [version = '', group = ''] = groupVersion.split('/').reverse()
  return {
    group,
    version,
    resource,
    kind: kindName,
    singular: kindName.toLowerCase(),
    shortNames: shortNames === '' ? [] : shortNames.split(' '),
    namespaced,
    verbs: ALL_VERBS,
  }
}

/** Every kind that the server knows. All are stored alike; only a few have behaviour behind them. */
export const KINDS = [
  kind('v1', 'namespaces', 'Namespace', 'ns', false),
  kind('v1', 'nodes', 'Node', 'no', false),
  kind('v1', 'pods', 'Pod', 'po'),
  kind('v1', 'configmaps', 'ConfigMap', 'cm'),
  kind('v1', 'endpoints', 'Endpoints', 'ep'),
  kind('v1', 'events', 'Event', 'ev'),
  kind('v1', 'limitranges', 'LimitRange', 'limits'),
  kind('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', 'pvc'),
  kind('v1', 'resourcequotas', 'ResourceQuota', 'quota'),
  kind('v1', 'secrets', 'Secret'),
  kind('v1', 'serviceaccounts', 'ServiceAccount', 'sa'),
  kind('v1', 'services', 'Service', 'svc'),
  kind('apps/v1', 'controllerrevisions', 'ControllerRevision'),
  kind('apps/v1', 'daemonsets', 'DaemonSet', 'ds'),
  kind('apps/v1', 'deployments', 'Deployment', 'deploy'),
  kind('apps/v1', 'replicasets', 'ReplicaSet', 'rs'),
  kind('apps/v1', 'statefulsets', 'StatefulSet', 'sts'),
  kind('coordination.k8s.io/v1', 'leases', 'Lease'),
  kind('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice'),
  kind('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', 'netpol'),
] as const satisfies readonly Kind[]

const BY_PATH = new Map<string, Kind>(
  KINDS.map((entry) => [pathKey(entry.group, entry.version, entry.resource), entry]),
)
const BY_RESOURCE = new Map<string, Kind>(KINDS.map((entry) => [entry.resource, entry]))

function pathKey(group: string, version: string, resource: string): string {
  return `${group}/${version}/${resource}`
}

export function findKind(group: string, version: string, resource: string): Kind | undefined {
  return BY_PATH.get(pathKey(group, version, resource))
}

export function kindOf(resource: string): Kind {
  const found = BY_RESOURCE.get(resource)
  if (found === undefined) throw new Error(`The embedded cluster knows no resource "${resource}"`)
  return found
}

export function apiVersionOf({group, version}: Kind): string {
  return group === '' ? version : `${group}/${version}`
}

/** `daemonsets.apps`, as error messages name a resource. */
export function qualifiedResource({group, resource}: Kind): string {
  return group === '' ? resource : `${resource}.${group}`
}
