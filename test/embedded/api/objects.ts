import {FOREGROUND} from '../controllers/daemonsets.ts'
import type {Namespaces} from '../controllers/namespaces.ts'
import type {Pods} from '../controllers/pods.ts'
import {apiVersionOf, type Kind, qualifiedResource} from '../objects/kinds.ts'
import {canonicalJson, type KubeObject, type Metadata, timestamp} from '../objects/object.ts'
import {selection} from '../objects/selectors.ts'
import type {Store} from '../objects/store.ts'
import type {DaemonSet, Pod, PodSpec} from '../objects/workload.ts'
import {jsonPatch, type PatchStep} from './json-patch.ts'
import {mergePatch} from './merge-patch.ts'
import type {ApiRequest} from './request.ts'
import {
  alreadyExists,
  ApiError,
  badRequest,
  conflict,
  forbidden,
  invalid,
  managed,
  namespaceTerminating,
  notFound,
  type Status,
  success,
} from './status.ts'

export interface ObjectWorld {
  store: Store
  pods: Pods
  namespaces: Namespaces
  admission: (namespace: string, name: string, spec: PodSpec) => string | undefined
  /** What admission webhooks make of a pod. */
  mutate: (spec: PodSpec) => PodSpec
}

export interface Answer {
  code: number
  /** JSON text. */
  body: string
}

/** Get, list, create, apply, patch, replace and delete: the same for every kind, with a few words for some. */
export class Objects {
  readonly #world: ObjectWorld
  /** Who applied an object first, by its uid; nobody for one that was created. */
  readonly #managers = new Map<string, string>()
  /** The annotations that were patched, by the uid of their object. */
  readonly #patched = new Map<string, ReadonlySet<string>>()

  constructor(world: ObjectWorld) {
    this.#world = world
  }

  handle(request: ApiRequest): Answer {
    switch (request.method) {
      case 'GET':
        return request.name === '' ? this.#list(request) : this.#ok(this.#existing(request))
      case 'POST':
        return this.#ok(this.#create(request, parseObject(request.body)), 201)
      case 'PUT':
        return this.#ok(this.#replace(request, parseObject(request.body)))
      case 'PATCH':
        return this.#patch(request)
      case 'DELETE':
        return this.#delete(request)
      default:
        throw new ApiError(
          405,
          'MethodNotAllowed',
          'the server does not allow this method on the requested resource',
        )
    }
  }

  #ok(object: KubeObject, code = 200): Answer {
    return {code, body: this.#world.store.json(object)}
  }

  #existing({kind, namespace, name}: ApiRequest): KubeObject {
    const found = this.#world.store.get(kind.resource, namespace, name)
    if (found === undefined) throw notFound(kind, name)
    return found
  }

  #selected({kind, namespace, query}: ApiRequest): KubeObject[] {
    const selected = selection(query.get('labelSelector'), query.get('fieldSelector'))
    return this.#world.store.list(kind.resource, namespace).filter(selected)
  }

  #list(request: ApiRequest): Answer {
    const {kind} = request
    const {store} = this.#world
    const items = this.#selected(request).map((object) => store.json(object))
    const head = {
      kind: `${kind.kind}List`,
      apiVersion: apiVersionOf(kind),
      metadata: {resourceVersion: String(store.version)},
    }
    return {code: 200, body: `${JSON.stringify(head).slice(0, -1)},"items":[${items.join(',')}]}`}
  }

  #create(request: ApiRequest, object: KubeObject): KubeObject {
    const {kind, namespace, query} = request
    const {store, namespaces} = this.#world
    const name = object.metadata.name
    this.#admit(request, object)
    if (store.get(kind.resource, namespace, name) !== undefined) throw alreadyExists(kind, name)
    const metadata: Metadata = {
      ...object.metadata,
      ...(kind.namespaced && {namespace}),
      ...generation(object),
    }
    if (query.getAll('dryRun').includes('All')) {
      const made = {...object, metadata: {...metadata, uid: 'dry-run', creationTimestamp: timestamp()}}
      return kind.resource === 'pods' ? {...made, spec: this.#world.mutate((object as Pod).spec)} : made
    }
    if (kind.resource === 'namespaces') {
      const {labels = {}, annotations} = metadata
      return namespaces.create({name, labels}, annotations)
    }
    return store.create(kind.resource, {
      ...object,
      metadata,
      ...(kind.resource === 'pods' && {status: {phase: 'Pending'}}),
    })
  }

  /** What admission says before anything is stored. */
  #admit({kind, namespace}: ApiRequest, object: KubeObject): void {
    const {name} = object.metadata
    if (name === '')
      throw invalid(kind, '', 'metadata.name: Required value: name or generateName is required')
    if (kind.namespaced) {
      const home = this.#world.store.get('namespaces', '', namespace)
      if (home === undefined) {
        throw new ApiError(404, 'NotFound', `namespaces "${namespace}" not found`, {
          name: namespace,
          kind: 'namespaces',
        })
      }
      if (home.metadata.deletionTimestamp !== undefined) throw namespaceTerminating(kind, name, namespace)
    }
    if (kind.resource === 'pods') {
      const refusal = this.#world.admission(namespace, name, (object as Pod).spec)
      if (refusal !== undefined) throw new ApiError(403, 'Forbidden', refusal, {name, kind: 'pods'})
    }
    if (kind.resource === 'daemonsets') {
      const {selector, template} = (object as DaemonSet).spec
      const labels = template.metadata?.labels ?? {}
      if (!Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value)) {
        throw invalid(
          kind,
          name,
          'spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`',
        )
      }
    }
  }

  #replace({kind, namespace, name}: ApiRequest, object: KubeObject): KubeObject {
    const found = this.#world.store.get(kind.resource, namespace, name)
    if (found === undefined) throw notFound(kind, name)
    const {resourceVersion} = object.metadata
    if (resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion)
      throw conflict(kind, name)
    return this.#write(kind.resource, found, object)
  }

  /** Stores new content under an object's identity. An object that did not change keeps its resourceVersion. */
  #write(resource: string, found: KubeObject, object: KubeObject): KubeObject {
    const {uid, creationTimestamp, deletionTimestamp, resourceVersion, namespace, finalizers} = found.metadata
    const specChanged = canonicalJson(found['spec']) !== canonicalJson(object['spec'])
    const next: KubeObject = {
      ...object,
      ...('status' in found && {status: found['status']}),
      apiVersion: found.apiVersion ?? '',
      kind: found.kind ?? '',
      metadata: {
        ...object.metadata,
        ...defined({uid, creationTimestamp, deletionTimestamp, resourceVersion, namespace, finalizers}),
        ...(found.metadata.generation !== undefined && {
          generation: found.metadata.generation + (specChanged ? 1 : 0),
        }),
      },
    }
    return canonicalJson(next) === canonicalJson(found) ? found : this.#world.store.update(resource, next)
  }

  #patch(request: ApiRequest): Answer {
    const {kind, namespace, name, contentType, body} = request
    const {store} = this.#world
    const found = store.get(kind.resource, namespace, name)
    if (contentType.startsWith('application/apply-patch')) {
      const object = parseObject(body)
      const manager = request.query.get('fieldManager') ?? ''
      if (found === undefined) {
        const created = this.#create(request, object)
        if (!this.#dry(request)) this.#managers.set(created.metadata.uid ?? '', manager)
        return this.#ok(created, 201)
      }
      const other = this.#managers.get(found.metadata.uid ?? '') ?? 'kubectl-create'
      const {spec} = object
      const differs = spec !== undefined && canonicalJson(found['spec']) !== canonicalJson(spec)
      const isForced = request.query.get('force') === 'true'
      if (differs && other !== manager && !isForced) throw managed(kind, name, other, '.spec')
      const applied = this.#withPatched(kind, found, object, isForced)
      return this.#ok(
        this.#dry(request) ? {...found, ...applied} : this.#write(kind.resource, found, applied),
      )
    }
    if (found === undefined) throw notFound(kind, name)
    const patched = contentType.startsWith('application/json-patch')
      ? (jsonPatch(found, JSON.parse(body) as PatchStep[]) as KubeObject | undefined)
      : (mergePatch(found, JSON.parse(body)) as KubeObject)
    if (patched === undefined)
      throw new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request')
    if (!this.#dry(request)) this.#notePatched(found, patched)
    return this.#ok(this.#dry(request) ? patched : this.#write(kind.resource, found, patched))
  }

  /** Whoever patches an annotation owns it from then on. */
  #notePatched(before: KubeObject, {metadata: {uid = '', annotations = {}}}: KubeObject): void {
    const owned = [...(this.#patched.get(uid) ?? []), ...Object.keys(annotations)].filter(
      (key) =>
        key in annotations &&
        (this.#patched.get(uid)?.has(key) === true ||
          annotations[key] !== before.metadata.annotations?.[key]),
    )
    this.#patched.set(uid, new Set(owned))
  }

  /** What is applied, beside the annotations that others have patched; a conflict where they are the same. */
  #withPatched(kind: Kind, found: KubeObject, object: KubeObject, isForced: boolean): KubeObject {
    const [there, wanted] = [found.metadata.annotations ?? {}, object.metadata.annotations ?? {}]
    const patched = [...(this.#patched.get(found.metadata.uid ?? '') ?? [])]
    const taken = patched.find((key) => key in wanted && wanted[key] !== there[key])
    if (taken !== undefined && !isForced)
      throw managed(kind, object.metadata.name, 'kubectl-patch', `.metadata.annotations.${taken}`)
    const kept = Object.fromEntries(patched.map((key) => [key, there[key] ?? '']))
    const annotations = {...kept, ...wanted}
    if (Object.keys(annotations).length === 0) return object
    return {...object, metadata: {...object.metadata, annotations}}
  }

  #dry({query}: ApiRequest): boolean {
    return query.getAll('dryRun').includes('All')
  }

  #delete(request: ApiRequest): Answer {
    const policy = propagation(request)
    if (request.name === '') {
      if (!request.kind.namespaced)
        throw forbidden(request.kind, '', 'deletecollection is not supported here')
      const selected = this.#selected(request)
      for (const object of selected) this.#remove(request, object, policy)
      return {code: 200, body: JSON.stringify(success({kind: qualifiedResource(request.kind)}))}
    }
    const found = this.#existing(request)
    const answer = this.#dry(request) ? found : this.#remove(request, found, policy)
    return {code: 200, body: JSON.stringify(answer)}
  }

  #remove({kind}: ApiRequest, object: KubeObject, policy: string): KubeObject | Status {
    const {store, pods, namespaces} = this.#world
    const {name, uid} = object.metadata
    if (kind.resource === 'namespaces') return namespaces.terminate(object)
    if (kind.resource === 'pods') {
      pods.terminate(object as Pod)
      return store.get('pods', object.metadata.namespace ?? '', name) ?? object
    }
    if (policy === 'Foreground' && kind.resource === 'daemonsets') {
      const metadata = {...object.metadata, deletionTimestamp: timestamp(), finalizers: [FOREGROUND]}
      return store.update(kind.resource, {...object, metadata})
    }
    if (policy === 'Orphan') {
      store.update(kind.resource, {...object, metadata: {...object.metadata, finalizers: ['orphan']}})
    }
    store.remove(kind.resource, object)
    return success({name, group: kind.group, kind: kind.resource, uid})
  }
}

function generation({spec}: KubeObject): Partial<Metadata> {
  return spec === undefined ? {} : {generation: 1}
}

function propagation({body, query}: ApiRequest): string {
  const options = body === '' ? {} : (JSON.parse(body) as {propagationPolicy?: string})
  return options.propagationPolicy ?? query.get('propagationPolicy') ?? 'Background'
}

/** Leaves out what is undefined, so that spreading it overwrites nothing. */
function defined<T extends object>(values: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as {[K in keyof T]?: Exclude<T[K], undefined>}
}

function parseObject(body: string): KubeObject {
  let parsed: Partial<KubeObject>
  try {
    parsed = JSON.parse(body) as Partial<KubeObject>
  } catch {
    throw badRequest('the object provided is unrecognized: only JSON is understood here')
  }
  const {generateName} = parsed.metadata ?? {}
  const name =
    parsed.metadata?.name ?? (generateName === undefined ? '' : `${generateName}${Date.now().toString(36)}`)
  return {...parsed, metadata: {...parsed.metadata, name}}
}
