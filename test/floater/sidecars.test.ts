import {expect, test} from 'vitest'
import {floaterIn, podIn} from '../../src/floater/pods.ts'
import {sidecarsIn} from '../../src/floater/sidecars.ts'
import {podJson} from './pod.ts'

const OURS = {name: 'floater', image: 'x', ports: [{containerPort: 8889}]}
const withContainers = (...names: string[]) => ({
  spec: {containers: [OURS, ...names.map((name) => ({name, image: 'x'}))]},
})

test.each<[string, unknown, string[]]>([
  ['ours alone', withContainers(), []],
  ['a proxy', withContainers('istio-proxy'), ['istio-proxy']],
  ['anything else', withContainers('watcher', 'watcher'), ['watcher']],
  [
    'one that is called an init container',
    {spec: {containers: [OURS], initContainers: [{name: 'istio-proxy', restartPolicy: 'Always'}]}},
    ['istio-proxy'],
  ],
  ['one that only prepares', {spec: {containers: [OURS], initContainers: [{name: 'istio-init'}]}}, []],
  [
    'the proxy of the node',
    {metadata: {annotations: {'ambient.istio.io/redirection': 'enabled'}}, ...withContainers()},
    ['ztunnel'],
  ],
  ['a name that no cluster would give', withContainers('a\u001b[31m', 'A'), []],
  ['junk', {spec: {containers: 'x'}}, []],
  ['nothing', undefined, []],
])('beside a floater: %s', (_, pod, sidecars) => {
  expect(sidecarsIn(pod)).toEqual(sidecars)
})

test('a floater has them; whatever else is in the pod, it stays a floater', () => {
  const pod = podJson({}) as {spec: {containers: object[]}}
  const containers = [...pod.spec.containers, {name: 'istio-proxy', image: 'x', ports: []}]
  const floaterOf = (spec: object) => {
    const seen = podIn({...pod, spec: {...pod.spec, ...spec}})
    return seen && floaterIn(seen, 'current')
  }
  expect(floaterOf({})).not.toHaveProperty('sidecars')
  expect(floaterOf({containers})?.sidecars).toEqual(['istio-proxy'])
  expect(floaterOf({initContainers: 'junk'})).toBeDefined()
})
