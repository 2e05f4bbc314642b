import {MANAGED_BY} from '../../src/floater/labels.ts'
import {code, tableOf, type Page} from './pages.ts'

/** A request of the API server that SECURITY.md tells of. */
export interface DocumentedRequest {
  /** `get /version`, `patch daemonsets.apps`; `list *` is a list of any kind. */
  readonly request: string
  readonly by: 'check' | 'clean' | 'completion'
  /** Only servers of before this version are asked. */
  readonly before?: string
}

const COMMANDS = /^(.+?)(?: \(before Kubernetes (1\.\d+)\))?$/

/** What the table of requests says: one for each request and each command that makes it. */
export function documentedRequests(security: Page): readonly DocumentedRequest[] {
  return tableOf(security, 'request').flatMap(([requests = '', commands = '']) =>
    code(requests).flatMap((request) => {
      const [, names = '', before] = COMMANDS.exec(commands) ?? []
      return names.split(', ').map((by) => {
        if (!isCommand(by)) throw new Error(`${security.name}: ${request} is asked by "${by}"?`)
        return {request, by, ...(before === undefined ? {} : {before})}
      })
    }),
  )
}

function isCommand(name: string): name is DocumentedRequest['by'] {
  return ['check', 'clean', 'completion'].includes(name)
}

/** Whether a request, such as `list nodes`, is the documented one. */
export function isMeant(documented: string, request: string, query: string): boolean {
  if (documented === 'list *') return request.startsWith('list ') && isOfOthers(query)
  return documented.endsWith('*') ? request.startsWith(documented.slice(0, -1)) : request === documented
}

/** Objects without our label are asked for: what is not ours in a namespace that is. */
export function isOfOthers(query: string): boolean {
  return new URLSearchParams(query).get('labelSelector') === `${MANAGED_BY.key}!=${MANAGED_BY.value}`
}
