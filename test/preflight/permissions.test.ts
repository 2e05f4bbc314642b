import {describe, expect, test} from 'vitest'
import {
  accessReviews,
  describePermission,
  NAMESPACE_OWNERSHIP,
  permissionsFor,
  refused,
  type Permission,
} from '../../src/preflight/permissions.ts'

const permissions = [
  ...permissionsFor('netcheck', {services: false, apiServer: false}),
  ...NAMESPACE_OWNERSHIP,
]
const exec: Permission = {
  verb: 'create',
  group: '',
  resource: 'pods',
  subresource: 'exec',
  namespace: 'netcheck',
}

/** The server's answers as kubectl prints them: one indented document a review. */
function answers(granted: (permission: Permission) => boolean): string {
  const {items} = accessReviews(permissions) as {items: object[]}
  return permissions
    .map((permission, n) => ({...items[n], status: {allowed: granted(permission), reason: 'RBAC'}}))
    .map((review) => `${JSON.stringify(review, undefined, 4)}\n`)
    .join('')
}

describe('refused', () => {
  test.each<[string, string, readonly Permission[]]>([
    ['nothing where all is granted', answers(() => true), []],
    ['everything where nothing is', answers(() => false), permissions],
    ['everything where the server says nothing', '', permissions],
    ['everything where the answer is junk', 'oops\n{"kind": "Status"}\n', permissions],
    ['one', answers(({subresource, verb}) => !(subresource === 'exec' && verb === 'create')), [exec]],
    ['what an answer is cut off for', answers(() => true).slice(0, -40), permissions.slice(-1)],
  ])('%s', (_, output, denied) => {
    expect(refused(permissions, output)).toEqual(denied)
  })
})

test.each<[Permission, string]>([
  [{verb: 'list', group: '', resource: 'nodes'}, 'list nodes'],
  [
    {verb: 'patch', group: 'apps', resource: 'daemonsets', namespace: 'x'},
    'patch daemonsets.apps in namespace x',
  ],
  [exec, 'create pods/exec in namespace netcheck'],
  [{verb: 'get', group: '', resource: 'namespaces', namespace: 'x', name: 'x'}, 'get namespaces x'],
  [
    {verb: 'get', group: '', resource: 'services', namespace: 'default', name: 'kubernetes'},
    'get services kubernetes in namespace default',
  ],
])('%j reads %s', (permission, words) => {
  expect(describePermission(permission)).toBe(words)
})

test('exec is asked for both ways that kubectl has', () => {
  const verbs = permissions.filter(({subresource}) => subresource === 'exec').map(({verb}) => verb)
  expect(verbs).toEqual(['create', 'get'])
})
