import type {MeshMark} from '../model/cluster.ts'

interface Metadata {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

interface Sign {
  readonly mesh: string
  readonly key: string
  readonly means: (value: string) => boolean
}

const oneOf =
  (...values: readonly string[]) =>
  (value: string) =>
    values.includes(value)

/** How namespaces say that their pods are to be in a mesh. */
const SIGNS: readonly Sign[] = [
  {mesh: 'Istio', key: 'istio-injection', means: oneOf('enabled')},
  {mesh: 'Istio', key: 'istio.io/dataplane-mode', means: oneOf('ambient')},
  {mesh: 'Istio', key: 'istio.io/rev', means: (value) => value !== ''},
  {mesh: 'Linkerd', key: 'linkerd.io/inject', means: oneOf('enabled', 'ingress')},
  {mesh: 'Kuma', key: 'kuma.io/sidecar-injection', means: oneOf('enabled', 'true')},
  {mesh: 'Open Service Mesh', key: 'openservicemesh.io/monitored-by', means: (value) => value !== ''},
]

/** The mesh that a namespace is to be in, as its labels and annotations have it. */
export function meshOf({labels, annotations}: Metadata): MeshMark | undefined {
  for (const {mesh, key, means} of SIGNS) {
    for (const words of [labels, annotations]) {
      const value = Object.hasOwn(words, key) ? words[key] : undefined
      if (value === undefined || !means(value)) continue
      // A label's value has 63 characters at most; an annotation's may be anything.
      return {mesh, mark: `${key}=${value.slice(0, 63)}`}
    }
  }
  return undefined
}
