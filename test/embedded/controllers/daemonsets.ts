import {createHash, randomInt} from 'node:crypto'
import {wantedPort} from '../floaters/answer.ts'
import {canonicalJson} from '../objects/object.ts'
import {isReady} from '../objects/pod-status.ts'
import {belongsOn, daemonTolerations} from '../objects/scheduling.ts'
import type {DaemonSet, Pod, PodSpec} from '../objects/workload.ts'
import type {EmbeddedNode} from '../options.ts'
import {recordWarning} from './events.ts'
import {nodeOf, type Pods, type PodWorld} from './pods.ts'

/** Says why a pod may not be created in a namespace, or nothing. */
export type Admission = (namespace: string, name: string, spec: PodSpec) => string | undefined

export const FOREGROUND = 'foregroundDeletion'

const HASH_LABEL = 'controller-revision-hash'
/** The letters of Kubernetes' random names. */
const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789'

/** The DaemonSet controller: one pod of the current template on each node that fits. */
export class DaemonSets {
  readonly #world: PodWorld
  readonly #pods: Pods
  readonly #admission: Admission
  readonly #due = new Set<string>()
  readonly #underway = new Set<string>()
  readonly #refused = new Set<string>()

  constructor(world: PodWorld, pods: Pods, admission: Admission) {
    this.#world = world
    this.#pods = pods
    this.#admission = admission
    world.store.subscribe('daemonsets', ({type, object, before}) => {
      if (type === 'DELETED') this.#orphaned(object as DaemonSet)
      else if (
        canonicalJson(before?.['spec']) !== canonicalJson(object['spec']) ||
        goes(object as DaemonSet)
      ) {
        this.#schedule(object as DaemonSet)
      }
    })
    world.store.subscribe('pods', ({object}) => {
      const owner = object.metadata.ownerReferences?.[0]
      const found = world.store.get('daemonsets', object.metadata.namespace ?? '', owner?.name ?? '')
      if (found !== undefined) this.#schedule(found as DaemonSet)
    })
  }

  /** Looks at every DaemonSet again, because the nodes have changed. */
  nodesChanged(): void {
    for (const set of this.#world.store.list('daemonsets')) this.#schedule(set as DaemonSet)
  }

  /** Many changes come at once (a thousand pods getting ready); they are looked at together. */
  #schedule({metadata}: DaemonSet): void {
    const key = `${metadata.namespace ?? ''}/${metadata.name}`
    if (this.#due.has(key)) return
    this.#due.add(key)
    this.#world.timers.after(10, () => {
      this.#due.delete(key)
      const found = this.#world.store.get('daemonsets', metadata.namespace ?? '', metadata.name)
      if (found !== undefined) this.#reconcile(found as DaemonSet)
    })
  }

  #reconcile(set: DaemonSet): void {
    const pods = this.#podsOf(set)
    if (goes(set)) {
      for (const pod of pods) this.#pods.terminate(pod)
      if (pods.length === 0) this.#world.store.remove('daemonsets', set)
      return
    }
    const hash = templateHash(set)
    const fitting = this.#world.nodes.all().filter((node) => belongsOn(node, set.spec.template.spec))
    const wanted = new Set(fitting.map(({name}) => name))
    const covered = new Set(pods.map(nodeOf))
    for (const pod of pods) {
      if (!wanted.has(nodeOf(pod)) || pod.metadata.labels?.[HASH_LABEL] !== hash) this.#pods.terminate(pod)
    }
    fitting.forEach((node, index) => {
      if (!covered.has(node.name)) void this.#create(set, hash, node, index / fitting.length)
    })
    this.#writeStatus(set, pods, hash, fitting.length)
  }

  async #create(set: DaemonSet, hash: string, node: EmbeddedNode, position: number): Promise<void> {
    const slot = `${set.metadata.uid ?? ''}/${node.name}`
    if (this.#underway.has(slot)) return
    this.#underway.add(slot)
    try {
      const spec = this.#world.mutate(await this.#specFor(set, node), node.name)
      const namespace = set.metadata.namespace ?? ''
      const refusal = this.#refusal(set, node, namespace, spec)
      if (refusal !== undefined) {
        this.#refuse(set, `${slot}/${hash}`, refusal)
        return
      }
      if (
        this.#world.store.get('daemonsets', namespace, set.metadata.name)?.metadata.uid !== set.metadata.uid
      )
        return
      const pod = this.#world.store.create('pods', {
        metadata: podMetadata(set, hash),
        spec,
        status: this.#pods.firstStatus({spec}, node.name),
      })
      const {podStartMs, podStartSpreadMs} = this.#world.delays
      this.#pods.live(pod as Pod, node.name, podStartMs + position * podStartSpreadMs)
    } finally {
      this.#underway.delete(slot)
    }
  }

  /** The template's spec, bound to the node; where floaters share one address, with a port of its own. */
  async #specFor(set: DaemonSet, node: EmbeddedNode): Promise<PodSpec> {
    const {spec} = set.spec.template
    const wanted = wantedPort({spec})
    const port = await this.#world.addresses.portFor(wanted)
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values: [node.name]}]}],
        },
      },
    }
    return {
      ...spec,
      ...(node.pod !== 'pending-unschedulable' && {nodeName: node.name}),
      affinity,
      tolerations: daemonTolerations(spec),
      containers:
        port === wanted ? spec.containers : spec.containers.map((container) => withPort(container, port)),
    }
  }

  #refusal(set: DaemonSet, node: EmbeddedNode, namespace: string, spec: PodSpec): string | undefined {
    const name = `${set.metadata.name}-`
    if (node.pod === 'never-created') {
      return `pods "${name}" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=10, limited: pods=10`
    }
    return this.#admission(namespace, name, spec)
  }

  #refuse(set: DaemonSet, key: string, refusal: string): void {
    if (this.#refused.has(key)) return
    this.#refused.add(key)
    const about = {resource: 'daemonsets', object: set}
    recordWarning(
      this.#world.store,
      about,
      'FailedCreate',
      `Error creating: ${refusal}`,
      'daemonset-controller',
    )
  }

  #orphaned(set: DaemonSet): void {
    if (set.metadata.finalizers?.includes('orphan') === true) return
    for (const pod of this.#podsOf(set)) this.#pods.terminate(pod)
  }

  #podsOf({metadata}: DaemonSet): Pod[] {
    return this.#world.store
      .list('pods', metadata.namespace)
      .filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === metadata.uid) as Pod[]
  }

  #writeStatus(set: DaemonSet, pods: Pod[], hash: string, desired: number): void {
    const ready = pods.filter(({status}) => isReady(status)).length
    const updated = pods.filter(({metadata}) => metadata.labels?.[HASH_LABEL] === hash).length
    const status = {
      observedGeneration: set.metadata.generation ?? 1,
      desiredNumberScheduled: desired,
      currentNumberScheduled: pods.length,
      updatedNumberScheduled: updated,
      numberMisscheduled: 0,
      numberReady: ready,
      ...(ready > 0 && {numberAvailable: ready}),
      ...(ready < desired && {numberUnavailable: desired - ready}),
    }
    if (canonicalJson(set['status']) !== canonicalJson(status))
      this.#world.store.update('daemonsets', {...set, status})
  }
}

function goes({metadata}: DaemonSet): boolean {
  return metadata.deletionTimestamp !== undefined
}

function templateHash(set: DaemonSet): string {
  return createHash('sha256').update(canonicalJson(set.spec.template)).digest('hex').slice(0, 10)
}

function podMetadata(set: DaemonSet, hash: string): Pod['metadata'] {
  const {name, namespace = '', uid = '', generation = 1} = set.metadata
  const {template} = set.spec
  const suffix = Array.from({length: 5}, () => NAME_LETTERS[randomInt(NAME_LETTERS.length)]).join('')
  return {
    name: `${name}-${suffix}`,
    generateName: `${name}-`,
    namespace,
    labels: {...template.metadata?.labels, [HASH_LABEL]: hash, 'pod-template-generation': String(generation)},
    ...(template.metadata?.annotations && {annotations: template.metadata.annotations}),
    ownerReferences: [
      {apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true, blockOwnerDeletion: true},
    ],
  }
}

function withPort(container: PodSpec['containers'][number], port: number): PodSpec['containers'][number] {
  const value = String(port)
  return {
    ...container,
    ...(container.env && {
      env: container.env.map((entry) => (entry.name === 'PORT' ? {...entry, value} : entry)),
    }),
    ...(container.args && {
      args: container.args.map((text) => text.replace(/^(--http-port=).*/, `$1${value}`)),
    }),
    ports: [{...container.ports?.[0], containerPort: port}],
  }
}
