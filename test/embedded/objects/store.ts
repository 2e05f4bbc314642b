import {randomUUID} from 'node:crypto'
import {type KubeObject, timestamp} from './object.ts'
import {apiVersionOf, type Kind, kindOf} from './kinds.ts'

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  version: number
  object: KubeObject
  /** What the object was before, so that a watch with a selector notices what leaves its selection. */
  before: KubeObject | undefined
}

interface Collection {
  kind: Kind
  objects: Map<string, KubeObject>
  history: Change[]
  listeners: Set<(change: Change) => void>
}

/** How many changes a kind remembers for watches that start late; older ones are "too old" (410). */
const HISTORY_LIMIT = 20_000

/**
 * All objects of the cluster, in memory. Stored objects are never changed in place: an update stores a new
 * object, so their JSON can be kept (`json`) and a change can be compared with what was before.
 */
export class Store {
  readonly #collections = new Map<string, Collection>()
  readonly #json = new WeakMap<KubeObject, string>()
  #version = 1000

  get version(): number {
    return this.#version
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#collection(resource).objects.get(`${namespace}/${name}`)
  }

  list(resource: string, namespace = ''): KubeObject[] {
    const all = [...this.#collection(resource).objects.values()]
    return namespace === '' ? all : all.filter((object) => object.metadata.namespace === namespace)
  }

  create(
    resource: string,
    object: Omit<KubeObject, 'metadata'> & {metadata: KubeObject['metadata']},
  ): KubeObject {
    const {kind} = this.#collection(resource)
    return this.#put(resource, 'ADDED', {
      ...object,
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      metadata: {uid: randomUUID(), creationTimestamp: timestamp(), ...object.metadata},
    })
  }

  update(resource: string, object: KubeObject): KubeObject {
    return this.#put(resource, 'MODIFIED', object)
  }

  remove(resource: string, {metadata}: KubeObject): void {
    const collection = this.#collection(resource)
    const key = `${metadata.namespace ?? ''}/${metadata.name}`
    const before = collection.objects.get(key)
    if (before === undefined || !collection.objects.delete(key)) return
    this.#version++
    const object = {...before, metadata: {...before.metadata, resourceVersion: String(this.#version)}}
    this.#announce(collection, {type: 'DELETED', version: this.#version, object, before})
  }

  /** Changes after `version`, or undefined when they are forgotten. */
  since(resource: string, version: number): Change[] | undefined {
    const {history} = this.#collection(resource)
    if (history.length === HISTORY_LIMIT && (history[0]?.version ?? 0) > version + 1) return undefined
    return history.filter((change) => change.version > version)
  }

  subscribe(resource: string, listener: (change: Change) => void): () => void {
    const {listeners} = this.#collection(resource)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  /** Made once for each version of an object: lists and watches of 1,000 pods ask for it again and again. */
  json(object: KubeObject): string {
    const kept = this.#json.get(object)
    if (kept !== undefined) return kept
    const text = JSON.stringify(object)
    this.#json.set(object, text)
    return text
  }

  all(): KubeObject[] {
    return [...this.#collections.values()].flatMap(({objects}) => [...objects.values()])
  }

  #put(resource: string, type: 'ADDED' | 'MODIFIED', object: KubeObject): KubeObject {
    const collection = this.#collection(resource)
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`
    const before = collection.objects.get(key)
    this.#version++
    const stored = {...object, metadata: {...object.metadata, resourceVersion: String(this.#version)}}
    collection.objects.set(key, stored)
    this.#announce(collection, {type, version: this.#version, object: stored, before})
    return stored
  }

  #announce({history, listeners}: Collection, change: Change): void {
    history.push(change)
    if (history.length > HISTORY_LIMIT) history.shift()
    for (const listener of [...listeners]) listener(change)
  }

  #collection(resource: string): Collection {
    const known = this.#collections.get(resource)
    if (known !== undefined) return known
    const made = {
      kind: kindOf(resource),
      objects: new Map(),
      history: [],
      listeners: new Set(),
    } satisfies Collection
    this.#collections.set(resource, made)
    return made
  }
}
