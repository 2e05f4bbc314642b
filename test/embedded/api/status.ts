import {apiVersionOf, type Kind, qualifiedResource} from '../objects/kinds.ts'
import type {AccessReview} from '../options.ts'

export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: object
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: object
  code?: number
}

/** A request that ends with a Status instead of an object. */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: object
  readonly headers: Record<string, string>

  constructor(
    code: number,
    reason: string,
    message: string,
    details: object = {},
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
    this.headers = headers
  }

  get status(): Status {
    const {code, reason, message, details} = this
    return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code}
  }
}

export function success(details: object): Status {
  return {kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details}
}

function about(kind: Kind, name: string) {
  return {name, ...(kind.group !== '' && {group: kind.group}), kind: kind.resource}
}

export function notFound(kind: Kind, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualifiedResource(kind)} "${name}" not found`, about(kind, name))
}

export function alreadyExists(kind: Kind, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${qualifiedResource(kind)} "${name}" already exists`,
    about(kind, name),
  )
}

export function conflict(kind: Kind, name: string): ApiError {
  const message =
    `Operation cannot be fulfilled on ${qualifiedResource(kind)} "${name}": the object has been modified; ` +
    'please apply your changes to the latest version and try again'
  return new ApiError(409, 'Conflict', message, about(kind, name))
}

/** Server-side apply to fields of somebody else's; the real server names each of them. */
export function managed(kind: Kind, name: string, manager: string, field: string): ApiError {
  const message = `Apply failed with 1 conflict: conflict with "${manager}" using ${apiVersionOf(kind)}: ${field}`
  return new ApiError(409, 'Conflict', message, about(kind, name))
}

export function invalid(kind: Kind, name: string, problem: string): ApiError {
  const message = `${kind.kind}${kind.group === '' ? '' : `.${kind.group}`} "${name}" is invalid: ${problem}`
  return new ApiError(422, 'Invalid', message, about(kind, name))
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message)
}

export function unknownPath(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource')
}

export function expired(): ApiError {
  return new ApiError(410, 'Expired', 'too old resource version')
}

/** `why` comes after "pods "x" is forbidden: ". */
export function forbidden(kind: Kind, name: string, why: string, extra: object = {}): ApiError {
  const subject = name === '' ? qualifiedResource(kind) : `${qualifiedResource(kind)} "${name}"`
  return new ApiError(403, 'Forbidden', `${subject} is forbidden: ${why}`, {...about(kind, name), ...extra})
}

export function namespaceTerminating(kind: Kind, name: string, namespace: string): ApiError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const cause = {reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`}
  return forbidden(kind, name, why, {causes: [{...cause, field: 'metadata.namespace'}]})
}

/** What RBAC says to a user who may not. */
export function accessDenied(kind: Kind, review: AccessReview): ApiError {
  const resource = review.subresource === '' ? review.resource : `${review.resource}/${review.subresource}`
  const scope = review.namespace === '' ? 'at the cluster scope' : `in the namespace "${review.namespace}"`
  const why = `User "${review.user}" cannot ${review.verb} resource "${resource}" in API group "${review.group}" ${scope}`
  return forbidden(kind, review.name, why)
}

const FAULT_REASONS: Record<number, [reason: string, message: string]> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden by the fault of a test'],
  404: ['NotFound', 'the server could not find the requested resource'],
  409: [
    'Conflict',
    'the object has been modified; please apply your changes to the latest version and try again',
  ],
  429: ['TooManyRequests', 'too many requests'],
  500: ['InternalError', 'Internal error occurred: fault of a test'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
}

export function faultStatus(code: number, retryAfter: number | undefined): ApiError {
  const [reason, message] = FAULT_REASONS[code] ?? ['Unknown', 'fault of a test']
  const headers: Record<string, string> = retryAfter === undefined ? {} : {'Retry-After': String(retryAfter)}
  return new ApiError(code, reason, message, {}, headers)
}
