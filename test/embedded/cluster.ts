import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {Objects} from './api/objects.ts'
import {restrictedViolation} from './api/pod-security.ts'
import {Control} from './control.ts'
import {type Admission, DaemonSets} from './controllers/daemonsets.ts'
import {Namespaces} from './controllers/namespaces.ts'
import {Nodes} from './controllers/nodes.ts'
import {Pods} from './controllers/pods.ts'
import {Timers} from './controllers/timers.ts'
import {Processes} from './exec/processes.ts'
import {type Fault, Faults} from './faults.ts'
import {chooseAddresses} from './floaters/addresses.ts'
import {Floaters} from './floaters/floaters.ts'
import {kubeconfigText} from './kubeconfig.ts'
import {kindOf, KINDS} from './objects/kinds.ts'
import type {KubeObject} from './objects/object.ts'
import {Store} from './objects/store.ts'
import type {PodSpec} from './objects/workload.ts'
import {DEFAULT_DELAYS, type EmbeddedNode, type EmbeddedOptions} from './options.ts'
import {RequestLog, type RequestLogEntry} from './request-log.ts'
import {ApiServer} from './server.ts'

export type {ExecFault, Fault} from './faults.ts'
export type {EmbeddedNode, EmbeddedOptions} from './options.ts'
export type {RequestLogEntry} from './request-log.ts'

export interface EmbeddedCluster {
  url: string
  /** Path of a kubeconfig whose one context is `embedded`. */
  kubeconfig: string
  /** The latest requests, oldest first. */
  requests: readonly RequestLogEntry[]
  /** How many requests came to each "IP:PORT" of a floater that answers as it should. */
  arrivals: ReadonlyMap<string, number>
  /** All objects, to compare what was before with what is after. */
  objects(): KubeObject[]
  /** As somebody else's kubectl would. */
  addObject(object: KubeObject): void
  removeObject(object: KubeObject): void
  setFault(fault: Fault): void
  /** Ends all faults that setFault began; those of the nodes stay. */
  clearFaults(): void
  /** Adds a node, or changes how one behaves: what is left out stays as it was. */
  setNode(node: EmbeddedNode): void
  removeNode(name: string): void
  /** Closes everything, ends what exec has started, removes the kubeconfig. */
  stop(): Promise<void>
}

/** A cluster in this process that a real kubectl can talk to: API server, controllers, floaters, exec. */
export async function startEmbeddedCluster(options: EmbeddedOptions): Promise<EmbeddedCluster> {
  const delays = {...DEFAULT_DELAYS, ...options.delays}
  const version = options.version ?? 'v1.35.4'
  const store = new Store()
  const timers = new Timers()
  const faults = new Faults()
  const addresses = await chooseAddresses(options.addresses)
  const floaters = new Floaters(delays.slowMs)
  const nodes = new Nodes(store, addresses, version)
  const mutate = webhook(options.injects)
  const world = {store, nodes, floaters, addresses, delays, timers, mutate}
  const pods = new Pods(world)
  const namespaces = new Namespaces(store, pods, timers, delays)
  const admission = podSecurity(store, options.podSecurity)
  const daemonSets = new DaemonSets(world, pods, admission)
  const processes = new Processes(delays.orphanMs)
  const log = new RequestLog(options.requestLogLimit ?? 10_000)
  const home = await mkdtemp(join(tmpdir(), 'embedded-cluster-'))

  const setNode = (change: EmbeddedNode) => {
    const known = nodes.get(change.name)
    const node = {...known, ...change}
    nodes.set(node)
    if ('exec' in change) faults.setNodeExec(node.name, node.exec)
    if (known !== undefined) pods.nodeChanged(node.name)
    daemonSets.nodesChanged()
  }
  for (const namespace of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    namespaces.create({name: namespace})
  }
  for (const namespace of options.namespaces ?? []) namespaces.create(namespace, namespace.annotations)
  for (const node of nodeList(options.nodes)) setNode(node)
  for (const object of options.objects ?? []) store.create(resourceOf(object), object)

  const server = new ApiServer({
    store,
    faults,
    processes,
    log,
    version,
    options,
    apiMs: delays.apiMs,
    allowed: options.allowed ?? (() => true),
    objects: new Objects({store, pods, namespaces, admission, mutate}),
    control: new Control(() => cluster),
  })
  const url = await server.listen()
  const kubeconfig = join(home, 'kubeconfig')
  await writeFile(kubeconfig, kubeconfigText(url), {mode: 0o600})

  const cluster: EmbeddedCluster = {
    url,
    kubeconfig,
    requests: log.entries,
    arrivals: floaters.arrivals,
    objects: () => store.all(),
    addObject: (object) => void store.create(resourceOf(object), object),
    removeObject: (object) => store.remove(resourceOf(object), object),
    setFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    setNode,
    removeNode: (name) => {
      nodes.remove(name)
      daemonSets.nodesChanged()
    },
    stop: async () => {
      timers.stop()
      await Promise.all([server.stop(), floaters.stop(), processes.stop()])
      await rm(home, {recursive: true, force: true})
    },
  }
  return cluster
}

function nodeList(nodes: EmbeddedNode[] | number): EmbeddedNode[] {
  return typeof nodes === 'number'
    ? Array.from({length: nodes}, (_, index) => ({name: `n${index + 1}`}))
    : nodes
}

function resourceOf({kind}: KubeObject): string {
  const found = KINDS.find((entry) => entry.kind === kind)
  return found?.resource ?? kindOf(String(kind)).resource
}

/** Puts a container beside the others, where it is asked for; before it is known which node it is for, in any case. */
function webhook(injects: EmbeddedOptions['injects']): (spec: PodSpec, node?: string) => PodSpec {
  return (spec, node) => {
    if (injects === undefined) return spec
    const {container: name, nodes} = injects
    if (node !== undefined && nodes?.includes(node) === false) return spec
    return {...spec, containers: [...spec.containers, {name, image: `registry.example/${name}:1`}]}
  }
}

/** PodSecurity admission: what the namespace's label enforces, or the level that all are held to. */
function podSecurity(store: Store, level: 'restricted' | undefined): Admission {
  return (namespace, name, spec) => {
    const labels = store.get('namespaces', '', namespace)?.metadata.labels
    const enforced = labels?.['pod-security.kubernetes.io/enforce'] ?? level
    return enforced === 'restricted' ? restrictedViolation(name, spec) : undefined
  }
}
