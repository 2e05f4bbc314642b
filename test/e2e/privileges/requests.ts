import {isMeant, type DocumentedRequest} from '../../docs/requests.ts'
import type {Right} from '../../docs/rights.ts'
import type {ApiRequest} from '../cluster/audit.ts'

/** A request, and the commands that the user gave it for. */
export interface Asked extends ApiRequest {
  by: readonly DocumentedRequest['by'][]
}

/** `get /version`, `patch daemonsets.apps` */
export function nameOf({verb, path, resource}: ApiRequest): string {
  return `${verb} ${resource ?? path}`
}

/** Those that no row of the table tells of. */
export function undocumented(asked: readonly Asked[], documented: readonly DocumentedRequest[]): string[] {
  const told = (one: Asked) =>
    documented.some(
      ({request, by, before}) =>
        before === undefined && one.by.includes(by) && isMeant(request, nameOf(one), one.query),
    )
  return [...new Set(asked.filter((one) => !told(one)).map((one) => `${one.by.join()}: ${nameOf(one)}`))]
}

/** Those rows, for servers of today, that no request of one command alone bears out. */
export function unasked(asked: readonly Asked[], documented: readonly DocumentedRequest[]): string[] {
  return documented
    .filter(({before}) => before === undefined)
    .filter(
      ({request, by}) =>
        !asked.some((one) => one.by.join() === by && isMeant(request, nameOf(one), one.query)),
    )
    .map(({request, by}) => `${by}: ${request}`)
}

/** Whether the request was let through by this right: what is not there, `patch` creates. */
export function uses({verb, resource, namespace, name, code}: ApiRequest, right: Right): boolean {
  return (
    resource === right.resource &&
    (verb === right.verb || (right.verb === 'create' && verb === 'patch' && code === 201)) &&
    (right.namespace === undefined || right.namespace === namespace) &&
    (right.name === undefined || right.name === name)
  )
}
