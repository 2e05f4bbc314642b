import {expect, test} from 'vitest'
import {hasEndpointSlices} from '../../src/kubectl/version.ts'

test.each([
  ['v1.16.0', false],
  ['v1.20.15', false],
  ['v1.21.0', true],
  ['v1.35.4+k3s1', true],
  ['1.28.3-gke.100', true],
  // Nobody knows; new ones are likelier.
  ['unknown', true],
])('a server of version %s has EndpointSlices: %s', (version, has) => {
  expect(hasEndpointSlices(version)).toBe(has)
})
