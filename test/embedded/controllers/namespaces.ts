import {KINDS} from '../objects/kinds.ts'
import {type KubeObject, timestamp} from '../objects/object.ts'
import type {Store} from '../objects/store.ts'
import type {Pod} from '../objects/workload.ts'
import type {Delays, EmbeddedNamespace} from '../options.ts'
import type {Pods} from './pods.ts'
import type {Timers} from './timers.ts'

/** What the controllers put into every namespace, and how a namespace goes away. */
export class Namespaces {
  readonly #store: Store
  readonly #pods: Pods
  readonly #timers: Timers
  readonly #delays: Delays

  constructor(store: Store, pods: Pods, timers: Timers, delays: Delays) {
    this.#store = store
    this.#pods = pods
    this.#timers = timers
    this.#delays = delays
  }

  create({name, labels, terminating}: EmbeddedNamespace, annotations?: Record<string, string>): KubeObject {
    const made = this.#store.create('namespaces', {
      metadata: {
        name,
        labels: {...labels, 'kubernetes.io/metadata.name': name},
        ...(annotations && {annotations}),
        ...(terminating === true && {deletionTimestamp: timestamp()}),
      },
      spec: {finalizers: ['kubernetes']},
      status: {phase: terminating === true ? 'Terminating' : 'Active'},
    })
    this.#store.create('serviceaccounts', {metadata: {name: 'default', namespace: name}})
    this.#store.create('configmaps', {
      metadata: {name: 'kube-root-ca.crt', namespace: name},
      data: {'ca.crt': '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'},
    })
    return made
  }

  terminate(namespace: KubeObject): KubeObject {
    if (namespace.metadata.deletionTimestamp !== undefined) return namespace
    const going = this.#store.update('namespaces', {
      ...namespace,
      metadata: {...namespace.metadata, deletionTimestamp: timestamp()},
      status: {phase: 'Terminating'},
    })
    this.#timers.after(this.#delays.namespaceDeleteMs, () => this.#empty(going))
    return going
  }

  #empty(namespace: KubeObject): void {
    const {name} = namespace.metadata
    for (const {resource, namespaced} of KINDS) {
      if (!namespaced) continue
      for (const object of this.#store.list(resource, name)) {
        if (resource === 'pods') this.#pods.terminate(object as Pod)
        else this.#store.remove(resource, object)
      }
    }
    if (this.#store.list('pods', name).length > 0) this.#timers.after(20, () => this.#empty(namespace))
    else this.#store.remove('namespaces', namespace)
  }
}
