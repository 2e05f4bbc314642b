import {describe, expect, test} from 'vitest'
import {serviceName} from '../../src/floater/labels.ts'
import {documentedRequests, isMeant} from '../docs/requests.ts'
import {page} from '../docs/pages.ts'
import {parseTarget, reviewOf} from './api/request.ts'
import {atDesk} from './check-desk.ts'
import {NAMESPACE} from './floater-manifest.ts'
import {KUBECTL_VERSIONS, npmKubectlRunsHere} from './kubectl.ts'
import type {RequestLogEntry} from './request-log.ts'

const DOCUMENTED = documentedRequests(await page('SECURITY.md'))
/** A kind that is asked, not stored. */
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

describe.skipIf(!npmKubectlRunsHere()).concurrent('the requests of check and clean', () => {
  test.each(KUBECTL_VERSIONS)('are documented, with kubectl %s', async (kubectl) => {
    await atDesk({nodes: [{name: 'n1'}, {name: 'n2', listens: 'refuses'}], kubectl}, async (desk) => {
      await desk.run('check', '--port', desk.port)
      const ofCheck = desk.cluster.requests.length
      await desk.run('clean')
      const check = desk.cluster.requests.slice(0, ofCheck)
      const clean = desk.cluster.requests.slice(ofCheck)
      expect(check.filter((one) => !isTold(one, 'check')).map(nameOf)).toEqual([])
      expect(clean.filter((one) => !isTold(one, 'clean')).map(nameOf)).toEqual([])
      expect(check.map(nameOf)).toContain('patch daemonsets.apps')
      expect(clean.map(nameOf)).toContain('delete namespaces')
    })
  })

  test('what earlier ones have left of services goes, and nothing else does', async () => {
    const labels = {'app.kubernetes.io/managed-by': 'kubectl-netdoctor'}
    const behind = {'kubernetes.io/service-name': 'netdoctor-service-1'}
    const service = {apiVersion: 'v1', kind: 'Service'}
    const slice = {apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice'}
    const left = [
      {...service, metadata: {name: 'netdoctor-service-1', namespace: NAMESPACE, labels}},
      {
        ...slice,
        metadata: {name: 'netdoctor-service-1-ipv4', namespace: NAMESPACE, labels: {...labels, ...behind}},
      },
    ]
    const theirs = {...slice, metadata: {name: 'theirs', namespace: NAMESPACE, labels: behind}}
    const namespaces = [{name: NAMESPACE}]
    await atDesk({nodes: 2, namespaces, objects: [...left, theirs]}, async (desk) => {
      await desk.check('--mode', 'pod,service', '--retries', '0')
      const names = desk.cluster
        .objects()
        .flatMap(({kind, metadata}) =>
          kind === 'Service' || kind === 'EndpointSlice' ? [metadata.name] : [],
        )
      const made = ['n1', 'n2'].map(serviceName).flatMap((name) => [name, `${name}-ipv4`])
      expect(names.filter((name) => name !== 'kubernetes').toSorted()).toEqual([...made, 'theirs'].toSorted())
      const {requests} = desk.cluster
      expect(requests.filter((one) => !isTold(one, 'check')).map(nameOf)).toEqual([])
      expect(requests.map(nameOf)).toEqual(
        expect.arrayContaining(['delete services', 'delete endpointslices.discovery.k8s.io']),
      )
    })
  })
})

/** `get /version`, `patch daemonsets.apps` */
function nameOf({method, path, query}: RequestLogEntry): string {
  if (`${method} ${path}` === `POST ${REVIEWS}`) return 'create selfsubjectaccessreviews.authorization.k8s.io'
  const target = parseTarget(path)
  if (target === undefined) return `${method.toLowerCase()} ${path}`
  const asked = {method, path, query: new URLSearchParams(query), user: '', groups: [], contentType: ''}
  const {verb, group, resource, subresource} = reviewOf({...asked, ...target})
  return `${verb} ${[[resource, group].filter(Boolean).join('.'), subresource].filter(Boolean).join('/')}`
}

function isTold(entry: RequestLogEntry, command: 'check' | 'clean'): boolean {
  return DOCUMENTED.some(({request, by}) => by === command && isMeant(request, nameOf(entry), entry.query))
}
