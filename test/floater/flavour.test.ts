import {describe, expect, test} from 'vitest'
import {normalise} from '../../src/config/normalise.ts'
import type {ConfigFields} from '../../src/config/fields.ts'
import {flavourOf, refusalOf} from '../../src/floater/flavour.ts'
import type {Floater, FloaterKind} from '../../src/model/cluster.ts'
import type {ProtocolName} from '../../src/model/plan.ts'

const configOf = (fields: ConfigFields) => normalise(fields, {home: '/', identity: {}})
const custom: ConfigFields = {floater: 'custom', image: 'example.com/web@sha256:1234', answer: 'hello'}
const FLOATER: Floater = {
  pod: 'floater-x7',
  uid: 'uid-1',
  restarts: 0,
  node: 'n1',
  addresses: ['10.0.0.1'],
  port: 1,
}

test.each<[ConfigFields, string, string]>([
  [{}, 'ghcr.io/kosmos-io', 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0'],
  [{version: 'v1'}, 'example.com:5000/a', 'example.com:5000/a/clusterlink-floater:v1'],
  [{floater: 'netdr-floater'}, 'ghcr.io/kosmos-io', 'ghcr.io/kosmos-io/netdr-floater:v0.2.0'],
  // Where nobody names a repository, agnhost's own counts, not that of the default floater; the tag is its own.
  [{floater: 'agnhost', version: 'v1'}, 'ghcr.io/kosmos-io', 'registry.k8s.io/e2e-test-images/agnhost:2.53'],
  [{floater: 'agnhost'}, 'example.com/mirror', 'example.com/mirror/agnhost:2.53'],
  [{floater: 'agnhost', image: 'a@sha256:1'}, 'example.com/mirror', 'a@sha256:1'],
  [{image: 'a:b'}, 'example.com/mirror', 'a:b'],
  [custom, 'example.com/mirror', 'example.com/web@sha256:1234'],
])('%j from %s is the image %s', (fields, repository, image) => {
  const config = configOf(fields)
  expect(flavourOf(config).image(repository, config)).toBe(image)
})

test.each<[ConfigFields, string | undefined, string[]]>([
  [{}, 'OK', ['clusterlink-floater']],
  [{floater: 'netdr-floater'}, 'OK', ['netdr-floater']],
  [custom, 'hello', []],
  [{...custom, command: ['/web', '--port=$(PORT)']}, 'hello', ['/web', '--port=$(PORT)']],
])('%j answers %j, started with %j, and nobody tells one from another', (fields, answer, command) => {
  const flavour = flavourOf(configOf(fields))
  expect(flavour).toMatchObject({answer, command, udp: false})
  for (const protocol of ['tcp', 'udp', 'icmp', 'dns'] as const)
    expect(flavour.identity(FLOATER, protocol, 'pod')).toBeUndefined()
})

describe('agnhost', () => {
  const flavour = flavourOf(configOf({floater: 'agnhost'}))

  test('closes its shell, and binds UDP to its own addresses', () => {
    expect(flavour.command).toContain('--http-override=/echo?msg=$(NODE_NAME)/$(POD_UID)')
    expect(flavour.command).toContain('--udp-listen-addresses=$(POD_IPS)')
    expect([flavour.udp, flavour.answer]).toEqual([true, undefined])
  })

  test.each<[ProtocolName, FloaterKind, string | undefined]>([
    ['tcp', 'pod', 'n1/uid-1'],
    ['tcp', 'host', 'n1/uid-1'],
    ['tcp', 'neighbour', 'n1/uid-1'],
    ['udp', 'pod', 'floater-x7'],
    ['udp', 'neighbour', 'floater-x7'],
    // The machine's host name: another pod in its network has the same.
    ['udp', 'host', undefined],
    // Nothing in the reply says who sent it.
    ['icmp', 'pod', undefined],
    ['dns', 'pod', undefined],
  ])('over %s a floater of kind %s says %j', (protocol, kind, identity) => {
    expect(flavour.identity(FLOATER, protocol, kind)).toBe(identity)
  })
})

test.each<[ConfigFields, boolean]>([
  [{protocol: 'udp'}, true],
  [{protocol: ['tcp', 'udp'], floater: 'netdr-floater'}, true],
  [{...custom, protocol: ['udp']}, true],
  [{protocol: 'udp', floater: 'agnhost'}, false],
  [{protocol: 'udp', floater: 'agnhost', image: 'a:b'}, false],
  [{protocol: ['tcp', 'icmp', 'dns']}, false],
])('%j is refused for want of UDP replies: %s', (fields, refused) => {
  const refusal = refusalOf(configOf(fields))
  expect(refusal !== undefined).toBe(refused)
  if (refused)
    expect(refusal).toMatch(
      /^protocol udp: the floater \S+ does not reply to UDP, .* Set floater to agnhost\.$/,
    )
})
