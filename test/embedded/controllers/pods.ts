import {floaterAnswer, wantedPort} from '../floaters/answer.ts'
import type {Addresses} from '../floaters/addresses.ts'
import type {Floaters} from '../floaters/floaters.ts'
import {
  boundStatus,
  crashLoopStatus,
  isReady,
  pullError,
  pullErrorStatus,
  runningStatus,
  startingStatus,
  unschedulableMessage,
  unschedulableStatus,
  withoutReady,
} from '../objects/pod-status.ts'
import type {Store} from '../objects/store.ts'
import type {Pod, PodSpec, PodStatus} from '../objects/workload.ts'
import type {Delays, PodFate} from '../options.ts'
import {recordWarning} from './events.ts'
import type {Nodes} from './nodes.ts'
import type {Timers} from './timers.ts'

export interface PodWorld {
  store: Store
  nodes: Nodes
  floaters: Floaters
  addresses: Addresses
  delays: Delays
  timers: Timers
  /** What admission webhooks make of a pod that is to be on a node. */
  mutate: (spec: PodSpec, node: string) => PodSpec
}

/** What scheduler and kubelet do with one pod, from Pending to gone. */
export class Pods {
  readonly #world: PodWorld
  readonly #ips = new Map<string, string>()

  constructor(world: PodWorld) {
    this.#world = world
  }

  /** The status that a pod is created with; `live` takes it from there. */
  firstStatus(pod: Pick<Pod, 'spec'>, node: string): PodStatus {
    switch (this.#fate(node)) {
      case 'pending-unschedulable':
        return unschedulableStatus(this.#world.nodes.all().length)
      case 'pending':
        return boundStatus()
      case 'ready':
      case 'image-pull-error':
      case 'crash-loop':
      case 'never-created':
        return startingStatus(pod.spec.containers, this.#world.nodes.addressOf(node))
    }
  }

  /** Lets a pod that was just created, or whose node has changed, become what its node makes of it. */
  live(pod: Pod, node: string, delayMs: number): void {
    this.#world.timers.after(delayMs, () => void this.#settle(pod, node))
  }

  /** The node behaves differently from now on, and so do its pods. */
  nodeChanged(node: string): void {
    for (const pod of this.#world.store.list('pods') as Pod[]) {
      if (nodeOf(pod) === node) this.live(pod, node, 0)
    }
  }

  /** Marks a pod as being deleted; it is gone a little later. */
  terminate(pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return
    const {store, timers, delays, floaters} = this.#world
    const metadata = {
      ...pod.metadata,
      deletionTimestamp: new Date(Date.now() + delays.podDeleteMs).toISOString().replace(/\.\d+/, ''),
      deletionGracePeriodSeconds: 1,
    }
    store.update('pods', {...pod, metadata})
    timers.after(delays.podDeleteMs, () => {
      const uid = pod.metadata.uid ?? ''
      void floaters.close(uid)
      this.#ips.delete(uid)
      store.remove('pods', pod)
    })
  }

  async #settle(pod: Pod, node: string): Promise<void> {
    const fate = this.#fate(node)
    const hostIP = this.#world.nodes.addressOf(node)
    const place = {podIP: pod.spec.hostNetwork === true ? hostIP : this.#ipOf(pod), hostIP}
    const {containers} = pod.spec
    if (fate === 'ready') {
      await this.#start(pod, node, runningStatus(containers, place))
      return
    }
    await this.#world.floaters.close(pod.metadata.uid ?? '')
    switch (fate) {
      case 'image-pull-error':
        this.#write(pod, pullErrorStatus(containers, place, false))
        this.#pullEvents(pod)
        this.#world.timers.after(this.#world.delays.podStartMs, () => {
          if (this.#fate(node) === fate) this.#write(pod, pullErrorStatus(containers, place, true))
        })
        break
      case 'crash-loop':
        this.#write(pod, crashLoopStatus(containers, place, pod.metadata.name))
        this.#warn(pod, 'BackOff', `Back-off restarting failed container ${containers[0]?.name ?? ''}`)
        break
      case 'pending-unschedulable':
        this.#warn(
          pod,
          'FailedScheduling',
          unschedulableMessage(this.#world.nodes.all().length),
          'default-scheduler',
        )
        break
      case 'pending':
      case 'never-created':
        this.#lose(pod)
        break
    }
  }

  async #start(pod: Pod, node: string, status: PodStatus): Promise<void> {
    // A pod that found no place before is bound to its node now.
    const running = {...pod, spec: {...pod.spec, nodeName: node}, status}
    const listens = this.#world.nodes.get(node)?.listens ?? 'answers'
    const endpoint = {ip: status.podIP ?? '', port: wantedPort(pod)}
    try {
      await this.#world.floaters.open(pod.metadata.uid ?? '', endpoint, listens, floaterAnswer(running))
    } catch (error) {
      this.#write(
        pod,
        crashLoopStatus(pod.spec.containers, {podIP: endpoint.ip, hostIP: ''}, pod.metadata.name),
      )
      this.#warn(pod, 'Failed', error instanceof Error ? error.message : String(error))
      return
    }
    if (!this.#write(running, status)) await this.#world.floaters.close(pod.metadata.uid ?? '')
  }

  /** The node is lost: what runs goes on running, but counts as not ready. */
  #lose(pod: Pod): void {
    const current = this.#current(pod)
    if (current !== undefined && isReady(current.status)) this.#write(pod, withoutReady(current.status))
  }

  #write(pod: Pod, status: PodStatus): boolean {
    const current = this.#current(pod)
    if (current === undefined) return false
    this.#world.store.update('pods', {...current, spec: pod.spec, status})
    return true
  }

  /** The pod as stored, unless it is gone, replaced by another of its name, or going. */
  #current({metadata}: Pod): Pod | undefined {
    const found = this.#world.store.get('pods', metadata.namespace ?? '', metadata.name) as Pod | undefined
    return found?.metadata.uid === metadata.uid && found?.metadata.deletionTimestamp === undefined
      ? found
      : undefined
  }

  #fate(node: string): PodFate {
    const known = this.#world.nodes.get(node)
    return known?.pod ?? (known?.ready === false ? 'pending' : 'ready')
  }

  #ipOf({metadata}: Pod): string {
    const uid = metadata.uid ?? ''
    const ip = this.#ips.get(uid) ?? this.#world.addresses.nextIp()
    this.#ips.set(uid, ip)
    return ip
  }

  #pullEvents(pod: Pod): void {
    const image = pod.spec.containers[0]?.image ?? ''
    this.#warn(pod, 'Failed', `Failed to pull image "${image}": ${pullError(image)}`)
    this.#warn(pod, 'Failed', 'Error: ErrImagePull')
    this.#warn(pod, 'BackOff', `Back-off pulling image "${image}"`)
  }

  #warn(pod: Pod, reason: string, message: string, component = 'kubelet'): void {
    if (this.#current(pod) === undefined) return
    recordWarning(this.#world.store, {resource: 'pods', object: pod}, reason, message, component)
  }
}

/** Pods that could not be scheduled have no nodeName; the affinity of a DaemonSet's pod says where it belongs. */
export function nodeOf({spec}: Pod): string {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0] ?? ''
}
