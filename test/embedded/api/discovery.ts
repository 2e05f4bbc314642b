import {apiVersionOf, KINDS, type Kind} from '../objects/kinds.ts'

/** Kinds that are asked, not stored. */
const REVIEWS: Kind[] = [
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    resource: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    singular: 'selfsubjectaccessreview',
    shortNames: [],
    namespaced: false,
    verbs: ['create'],
  },
]

/** Events are reached by two groups; they are stored once. */
const EVENTS_GROUP: Kind = {
  group: 'events.k8s.io',
  version: 'v1',
  resource: 'events',
  kind: 'Event',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
}

const ALL: Kind[] = [...KINDS, ...REVIEWS, EVENTS_GROUP]

/** The answer to /api, /apis, /api/v1 and /apis/GROUP/v1, in the plain form that every kubectl understands. */
export function discovery(path: string): object | undefined {
  if (path === '/api') {
    return {kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: []}
  }
  const groups = [...new Set(ALL.map(({group}) => group))].filter((group) => group !== '')
  if (path === '/apis') {
    return {kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(apiGroup)}
  }
  if (path === '/api/v1') return resourceList('', 'v1')
  const [, group, version] = /^\/apis\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  if (group !== undefined && version === 'v1' && groups.includes(group)) return resourceList(group, version)
  return undefined
}

function apiGroup(name: string) {
  const version = {groupVersion: `${name}/v1`, version: 'v1'}
  return {name, versions: [version], preferredVersion: version}
}

function resourceList(group: string, version: string) {
  const kinds = ALL.filter((kind) => kind.group === group)
  const resources = kinds.map(({resource, singular, namespaced, kind, verbs, shortNames}) => ({
    name: resource,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && {shortNames}),
  }))
  const groupVersion = apiVersionOf({group, version} as Kind)
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: group === '' ? [...resources, ...POD_SUBRESOURCES] : resources,
  }
}

const POD_SUBRESOURCES = [
  {name: 'pods/exec', singularName: '', namespaced: true, kind: 'PodExecOptions', verbs: ['create', 'get']},
]
