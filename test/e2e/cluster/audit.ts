import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Layout} from './layout.ts'
import {waitFor} from './wait.ts'

/** What a person asked of the API server, as the server itself wrote it down. */
export interface ApiRequest {
  verb: string
  /** Without its query. */
  path: string
  query: string
  /** Of an object: the name of its kind, such as `daemonsets.apps` or `pods/exec`. */
  resource?: string
  namespace?: string
  name?: string
  /** The program that asked. */
  agent: string
  /** HTTP status of the answer. */
  code: number
}

/** The cluster's own parts are left out: they ask all the time. */
const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  rules: [
    {
      level: 'None',
      userGroups: ['system:masters', 'system:nodes', 'system:serviceaccounts', 'system:unauthenticated'],
    },
    {
      level: 'None',
      users: ['system:kube-controller-manager', 'system:kube-scheduler', 'system:kube-proxy'],
    },
    {level: 'Metadata'},
  ],
}

const policyOf = ({directory}: Layout) => join(directory, 'audit-policy.json')
const logOf = ({directory}: Layout) => join(directory, 'log', 'audit.log')

export async function writeAuditPolicy(layout: Layout): Promise<void> {
  await writeFile(policyOf(layout), JSON.stringify(POLICY))
}

/** An answer is sent when its line is written, so that the log of a program that has ended is whole. */
export function auditFlags(layout: Layout): string[] {
  return [
    `--audit-policy-file=${policyOf(layout)}`,
    `--audit-log-path=${logOf(layout)}`,
    '--audit-log-mode=blocking',
  ]
}

/** What the log tells of each stage of a request. */
interface AuditEvent {
  auditID: string
  stage: string
  verb: string
  requestURI: string
  user: {username: string}
  userAgent?: string
  objectRef?: {resource: string; apiGroup?: string; subresource?: string; namespace?: string; name?: string}
  responseStatus?: {code: number}
}

/** All that a user has asked so far, in the order of the answers; waits for those on their way. */
export async function requestsOf(layout: Layout, user: string): Promise<ApiRequest[]> {
  return await waitFor('an answer to every request', async () => await answered(layout, user), {
    limit: 10_000,
    logs: [logOf(layout)],
  })
}

async function answered(layout: Layout, user: string): Promise<ApiRequest[] | undefined> {
  const lines = (await readFile(logOf(layout), 'utf8')).split('\n').filter(Boolean)
  const events = lines.map((line) => JSON.parse(line) as AuditEvent).filter((e) => e.user.username === user)
  const answers = new Map<string, ApiRequest>()
  // What lasts, a watch or an exec, is answered when it begins.
  for (const event of events) {
    const {auditID, responseStatus: {code} = {}} = event
    if (code !== undefined && !answers.has(auditID)) answers.set(auditID, {...requestOf(event), code})
  }
  return events.every(({auditID}) => answers.has(auditID)) ? [...answers.values()] : undefined
}

function requestOf({verb, requestURI, userAgent = '', objectRef}: AuditEvent): Omit<ApiRequest, 'code'> {
  const [path = '', query = ''] = requestURI.split('?')
  const asked = {verb, path, query, agent: userAgent}
  if (objectRef === undefined) return asked
  const {resource, apiGroup, subresource, namespace, name} = objectRef
  const kind = apiGroup === undefined ? resource : `${resource}.${apiGroup}`
  return {
    ...asked,
    resource: subresource === undefined ? kind : `${kind}/${subresource}`,
    ...(namespace === undefined ? {} : {namespace}),
    ...(name === undefined ? {} : {name}),
  }
}
