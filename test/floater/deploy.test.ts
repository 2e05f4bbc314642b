import {expect, test} from 'vitest'
import {normalise} from '../../src/config/normalise.ts'
import {applyObjects, createNamespace} from '../../src/floater/deploy.ts'
import {floaterManifest, namespaceManifest} from '../../src/floater/manifest.ts'
import {UserError} from '../../src/model/error.ts'
import {failure, fakeKubectl} from '../kubectl/fake.ts'

const config = normalise({}, {home: '/', identity: {}})
const namespace = namespaceManifest(config, 'run-1')
const manifest = floaterManifest('pod', 'example.com', config)

test('a namespace is created, never applied', async () => {
  const kubectl = fakeKubectl(() => ({}))
  await createNamespace(kubectl, namespace)
  expect(kubectl.calls.map(({args, input}) => [args[0], JSON.parse(input) as unknown])).toEqual([
    ['create', namespace],
  ])
})

test('a namespace that somebody else made meanwhile will do', async () => {
  const stderr = 'Error from server (AlreadyExists): namespaces "kosmos-system" already exists\n'
  await expect(
    createNamespace(
      fakeKubectl(() => failure(stderr)),
      namespace,
    ),
  ).resolves.toBeUndefined()
})

test('a namespace that cannot be created is said', async () => {
  const stderr = 'Error from server (Forbidden): namespaces is forbidden: User "ann" cannot create it\n'
  await expect(
    createNamespace(
      fakeKubectl(() => failure(stderr)),
      namespace,
    ),
  ).rejects.toEqual(
    new UserError(
      3,
      'Could not create namespace kosmos-system: namespaces is forbidden: User "ann" cannot create it',
    ),
  )
})

test('the DaemonSet is applied as data, by the server', async () => {
  const kubectl = fakeKubectl(() => ({}))
  await applyObjects(kubectl, [manifest.daemonSet])
  const [call] = kubectl.calls
  expect(call?.args).toEqual(
    expect.arrayContaining(['apply', '--server-side', '--validate=false', '-f', '-']),
  )
  expect(JSON.parse(call?.input ?? '')).toEqual({apiVersion: 'v1', kind: 'List', items: [manifest.daemonSet]})
})

test('a DaemonSet that cannot be applied is said', async () => {
  const kubectl = fakeKubectl(() => failure('Error from server: etcdserver: request timed out\n'))
  await expect(applyObjects(kubectl, [manifest.daemonSet])).rejects.toEqual(
    new UserError(3, 'Could not apply DaemonSet netdoctor-floater: etcdserver: request timed out'),
  )
})
