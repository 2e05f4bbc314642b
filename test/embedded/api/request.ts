import type {IncomingMessage} from 'node:http'
import {findKind, type Kind, kindOf} from '../objects/kinds.ts'
import type {AccessReview} from '../options.ts'

export interface ApiRequest {
  method: string
  path: string
  query: URLSearchParams
  kind: Kind
  namespace: string
  name: string
  subresource: string
  user: string
  groups: string[]
  contentType: string
  body: string
}

export type Target = Pick<ApiRequest, 'kind' | 'namespace' | 'name' | 'subresource'>

/** Which kind, namespace, name and subresource a path means. */
export function parseTarget(path: string): Target | undefined {
  const [, root = '', ...parts] = path.split('/').map(decodeURIComponent)
  const group = root === 'apis' ? (parts.shift() ?? '') : ''
  const version = parts.shift() ?? ''
  if ((root !== 'api' && root !== 'apis') || parts.length === 0) return undefined
  const namespaced =
    parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2] ?? '')
  const namespace = namespaced ? (parts[1] ?? '') : ''
  const [resource = '', name = '', subresource = ''] = namespaced ? parts.slice(2) : parts
  const kind =
    group === 'events.k8s.io' && resource === 'events' ? kindOf('events') : findKind(group, version, resource)
  return kind && {kind, namespace, name, subresource}
}

const VERBS: Record<string, [one: string, many: string]> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
}

/** What the request wants to do, in the words of an access review. */
export function reviewOf({
  method,
  query,
  kind,
  namespace,
  name,
  subresource,
  user,
  groups,
}: Omit<ApiRequest, 'body'>): AccessReview {
  const [one, many] = VERBS[method] ?? ['unknown', 'unknown']
  const verb = method === 'GET' && isWatch(query) ? 'watch' : name === '' ? many : one
  // A namespace is reviewed as if it lay in itself, so that a Role in it can allow reading it.
  const inNamespace = kind.resource === 'namespaces' ? name : namespace
  return {
    user,
    groups,
    verb,
    group: kind.group,
    resource: kind.resource,
    subresource,
    namespace: inNamespace,
    name,
  }
}

export function isWatch(query: URLSearchParams): boolean {
  return ['1', 'true'].includes(query.get('watch') ?? '')
}

/** Who asks: `kubectl --as` names somebody else, everybody else is the user of the kubeconfig. */
export function identity({headers, headersDistinct}: IncomingMessage): {user: string; groups: string[]} {
  const user = headers['impersonate-user']
  return typeof user === 'string'
    ? {user, groups: headersDistinct['impersonate-group'] ?? []}
    : {user: 'embedded', groups: ['system:masters']}
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
