import * as z from 'zod'
import {documentsIn} from '../kubectl/documents.ts'
import {hasEndpointSlices} from '../kubectl/version.ts'

/** One thing that the user must, or should, be allowed to do. */
export interface Permission {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  /** Absent for what is not in a namespace. */
  readonly namespace?: string
  readonly name?: string
  /** Without it the check still works, but explains or warns of less. */
  readonly optional?: boolean
  /** Only on servers that have EndpointSlices, or only on those that have not. */
  readonly slices?: boolean
}

/** What some modes need besides. */
export interface Extras {
  /** The modes service and nodeport make services of their own. */
  readonly services: boolean
  /** The mode apiserver reads the address of kubernetes.default. */
  readonly apiServer: boolean
}

/** Everything that a check and its `clean` ask of the API server. README.md has the same as a Role. */
export function permissionsFor(namespace: string, {services, apiServer}: Extras): readonly Permission[] {
  const core = (resource: string, ...verbs: string[]) =>
    verbs.map((verb) => ({verb, group: '', resource, namespace}))
  return [
    {verb: 'list', group: '', resource: 'nodes'},
    {verb: 'get', group: '', resource: 'namespaces', namespace, name: namespace},
    ...['list', 'create', 'patch', 'delete'].map((verb) => ({
      verb,
      group: 'apps',
      resource: 'daemonsets',
      namespace,
    })),
    ...core('pods', 'get', 'list', 'watch', 'create'),
    // kubectl execs by POST over SPDY and by GET over WebSocket.
    ...core('pods', 'create', 'get').map((permission) => ({...permission, subresource: 'exec'})),
    ...core('events', 'list').map(optional),
    ...core('resourcequotas', 'list').map(optional),
    ...core('limitranges', 'list').map(optional),
    optional({verb: 'list', group: 'networking.k8s.io', resource: 'networkpolicies', namespace}),
    ...(services
      ? ['list', 'create', 'patch', 'delete'].flatMap((verb) => [
          {verb, group: '', resource: 'services', namespace},
          {verb, group: 'discovery.k8s.io', resource: 'endpointslices', namespace, slices: true},
          {verb, group: '', resource: 'endpoints', namespace, slices: false},
        ])
      : []),
    ...(apiServer
      ? [{verb: 'get', group: '', resource: 'services', namespace: 'default', name: 'kubernetes'}]
      : []),
  ]
}

function optional(permission: Permission): Permission {
  return {...permission, optional: true}
}

/** Needed only where the namespace does not exist yet: to create it, and to remove it in the end. */
export const NAMESPACE_OWNERSHIP: readonly Permission[] = ['create', 'delete'].map((verb) => ({
  verb,
  group: '',
  resource: 'namespaces',
}))

/** Whether a server of this version is asked for it at all. */
export function isFor(version: string, {slices}: Permission): boolean {
  return slices === undefined || slices === hasEndpointSlices(version)
}

/** `create pods/exec in namespace kosmos-system`. */
export function describePermission({
  verb,
  group,
  resource,
  subresource,
  namespace,
  name,
}: Permission): string {
  const kind =
    [resource, group].filter(Boolean).join('.') + (subresource === undefined ? '' : `/${subresource}`)
  const what = [verb, kind, name].filter(Boolean).join(' ')
  return namespace === undefined || namespace === name ? what : `${what} in namespace ${namespace}`
}

/** The list that one `kubectl create` sends: a review a permission. */
export function accessReviews(permissions: readonly Permission[]): object {
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: permissions.map(({verb, group, resource, subresource, namespace, name}) => ({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {resourceAttributes: {verb, group, resource, subresource, namespace, name}},
    })),
  }
}

const reviewSchema = z.object({
  kind: z.literal('SelfSubjectAccessReview'),
  spec: z.object({
    resourceAttributes: z.object({
      verb: z.string(),
      group: z.string().optional(),
      resource: z.string(),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    }),
  }),
  status: z.object({allowed: z.boolean()}),
})

/** Those of the permissions that the server's answers, several JSON documents in a row, do not grant. */
export function refused(permissions: readonly Permission[], output: string): readonly Permission[] {
  const granted = new Set<string>()
  for (const document of documentsIn(output)) {
    const {data} = reviewSchema.safeParse(document)
    if (data?.status.allowed) granted.add(key(data.spec.resourceAttributes))
  }
  return permissions.filter((permission) => !granted.has(key(permission)))
}

interface Attributes {
  readonly verb: string
  readonly group?: string | undefined
  readonly resource: string
  readonly subresource?: string | undefined
  readonly namespace?: string | undefined
  readonly name?: string | undefined
}

function key({verb, group = '', resource, subresource = '', namespace = '', name = ''}: Attributes): string {
  return [verb, group, resource, subresource, namespace, name].join(' ')
}
