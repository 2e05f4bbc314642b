import {expect, test} from 'vitest'
import {meshOf} from '../../src/preflight/mesh.ts'

test.each<[string, 'labels' | 'annotations', Record<string, string>, string | undefined]>([
  ['nothing', 'labels', {}, undefined],
  ['something else', 'labels', {'pod-security.kubernetes.io/enforce': 'restricted'}, undefined],
  ['Istio', 'labels', {'istio-injection': 'enabled'}, 'Istio istio-injection=enabled'],
  ['not Istio', 'labels', {'istio-injection': 'disabled'}, undefined],
  ['a revision of Istio', 'labels', {'istio.io/rev': 'canary'}, 'Istio istio.io/rev=canary'],
  [
    'Istio without sidecars',
    'labels',
    {'istio.io/dataplane-mode': 'ambient'},
    'Istio istio.io/dataplane-mode=ambient',
  ],
  ['Linkerd', 'annotations', {'linkerd.io/inject': 'enabled'}, 'Linkerd linkerd.io/inject=enabled'],
  ['not Linkerd', 'annotations', {'linkerd.io/inject': 'disabled'}, undefined],
  ['Kuma', 'labels', {'kuma.io/sidecar-injection': 'enabled'}, 'Kuma kuma.io/sidecar-injection=enabled'],
])('a namespace speaks of %s', (_, where, words, mesh) => {
  const found = meshOf({labels: {}, annotations: {}, [where]: words})
  expect(found && `${found.mesh} ${found.mark}`).toBe(mesh)
})

test('an endless annotation is cut', () => {
  expect(meshOf({labels: {}, annotations: {'istio.io/rev': 'x'.repeat(5000)}})?.mark).toHaveLength(
    'istio.io/rev='.length + 63,
  )
})
