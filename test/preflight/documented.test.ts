import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {NAMESPACE_OWNERSHIP, permissionsFor, type Permission} from '../../src/preflight/permissions.ts'
import {page} from '../docs/pages.ts'
import {documentedRequests} from '../docs/requests.ts'
import {rightsIn} from '../docs/rights.ts'

const read = async (name: string) => await readFile(path.join(import.meta.dirname, '../..', name), 'utf8')

/** `list daemonsets.apps`, `get services kubernetes` */
const granted = (yaml: string) =>
  rightsIn(yaml).map(({verb, resource, name}) => [verb, resource, name].filter(Boolean).join(' '))

const asked = ({verb, group, resource, subresource, name}: Permission) =>
  [
    verb,
    [[resource, group].filter(Boolean).join('.'), subresource].filter(Boolean).join('/'),
    // A Role for a namespace is about none other.
    resource === 'namespaces' ? undefined : name,
  ]
    .filter(Boolean)
    .join(' ')

const all = (services: boolean, apiServer: boolean) =>
  [...permissionsFor('netcheck', {services, apiServer}), ...NAMESPACE_OWNERSHIP].map(asked)

describe.each(['docs/permissions.yaml', 'README.md'])('%s', async (name) => {
  const text = await read(name)
  const yaml = name.endsWith('.md') ? (/## Permissions[^]*?```yaml\n([^]*?)```/.exec(text)?.[1] ?? '') : text

  test('names all that is asked for, and nothing else', () => {
    expect(granted(yaml).toSorted()).toEqual(all(true, true).toSorted())
  })
})

test('SECURITY.md tells of every request that a right is for', async () => {
  const told = documentedRequests(await page('SECURITY.md')).map(({request}) => request)
  // What is created is applied.
  const applied = ['daemonsets.apps', 'services', 'endpointslices.discovery.k8s.io', 'endpoints']
  const requests = rightsIn(await read('docs/permissions.yaml')).map(({verb, resource}) =>
    verb === 'create' && applied.includes(resource) ? `patch ${resource}` : `${verb} ${resource}`,
  )
  expect(requests.filter((request) => !told.includes(request))).toEqual([])
})

test('the Job of docs/examples has the rights of a check of pods in a namespace that is there, and no other', async () => {
  const needed = permissionsFor('kosmos-system', {services: false, apiServer: false}).map(asked)
  expect(granted(await read('docs/examples/job.yaml')).toSorted()).toEqual(needed.toSorted())
})

test.each<[boolean, boolean, RegExp, number]>([
  [false, false, /service|endpoint/, 0],
  [true, false, /service|endpoint/, 12],
  [false, true, /service|endpoint/, 1],
])(
  'with services %s and the API server %s, %s are asked for %i times',
  (services, apiServer, pattern, count) => {
    expect(all(services, apiServer).filter((one) => pattern.test(one))).toHaveLength(count)
  },
)
