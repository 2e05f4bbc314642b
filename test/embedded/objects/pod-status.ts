import {timestamp} from './object.ts'
import type {Container, PodStatus} from './workload.ts'

interface Place {
  podIP: string
  hostIP: string
}

/** The statuses that a real kubelet and scheduler write, in their own words. */
export function startingStatus(containers: Container[], hostIP: string): PodStatus {
  return {
    phase: 'Pending',
    qosClass: 'Burstable',
    hostIP,
    startTime: timestamp(),
    conditions: conditions('ContainersNotReady', containers),
    containerStatuses: containers.map((container) => waiting(container, {reason: 'ContainerCreating'})),
  }
}

export function runningStatus(containers: Container[], {podIP, hostIP}: Place): PodStatus {
  const startedAt = timestamp()
  return {
    phase: 'Running',
    qosClass: 'Burstable',
    hostIP,
    hostIPs: [{ip: hostIP}],
    podIP,
    podIPs: [{ip: podIP}],
    startTime: startedAt,
    conditions: conditions(undefined, containers),
    containerStatuses: containers.map(({name, image}) => ({
      name,
      image,
      imageID: `${image}@sha256:${'0'.repeat(64)}`,
      containerID: `containerd://${'0'.repeat(64)}`,
      ready: true,
      started: true,
      restartCount: 0,
      lastState: {},
      state: {running: {startedAt}},
    })),
  }
}

/** The message of containerd when a registry does not have an image. */
export function pullError(image: string): string {
  const absent = `failed to resolve reference "${image}": ${image}: not found`
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": ${absent}`
}

export function pullErrorStatus(
  containers: Container[],
  {podIP, hostIP}: Place,
  backOff: boolean,
): PodStatus {
  return {
    ...startingStatus(containers, hostIP),
    podIP,
    podIPs: [{ip: podIP}],
    containerStatuses: containers.map((container) => {
      const error = pullError(container.image)
      return waiting(
        container,
        backOff
          ? {
              reason: 'ImagePullBackOff',
              message: `Back-off pulling image "${container.image}": ErrImagePull: ${error}`,
            }
          : {reason: 'ErrImagePull', message: error},
      )
    }),
  }
}

export function crashLoopStatus(containers: Container[], place: Place, podName: string): PodStatus {
  const finishedAt = timestamp()
  return {
    ...runningStatus(containers, place),
    conditions: conditions('ContainersNotReady', containers),
    containerStatuses: containers.map((container) => ({
      ...waiting(container, {
        reason: 'CrashLoopBackOff',
        message: `back-off 40s restarting failed container=${container.name} pod=${podName}`,
      }),
      restartCount: 3,
      lastState: {terminated: {exitCode: 1, reason: 'Error', startedAt: finishedAt, finishedAt}},
    })),
  }
}

export function unschedulableMessage(nodes: number): string {
  const others = nodes > 1 ? `, ${nodes - 1} node(s) didn't satisfy plugin(s) [NodeAffinity]` : ''
  return (
    `0/${nodes} nodes are available: 1 Insufficient memory${others}. preemption: 0/${nodes} nodes are available: ` +
    `${nodes} Preemption is not helpful for scheduling.`
  )
}

export function unschedulableStatus(nodes: number): PodStatus {
  return {
    phase: 'Pending',
    qosClass: 'Burstable',
    conditions: [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: unschedulableMessage(nodes),
        lastTransitionTime: timestamp(),
      },
    ],
  }
}

/** Bound to a node whose kubelet does nothing. */
export function boundStatus(): PodStatus {
  return {
    phase: 'Pending',
    qosClass: 'Burstable',
    conditions: [{type: 'PodScheduled', status: 'True', lastTransitionTime: timestamp()}],
  }
}

/** What the node lifecycle controller does to a pod whose node is lost. */
export function withoutReady(status: PodStatus): PodStatus {
  return {
    ...status,
    conditions: (status.conditions ?? []).map((condition) =>
      condition.type === 'Ready'
        ? {...condition, status: 'False', lastTransitionTime: timestamp()}
        : condition,
    ),
  }
}

export function isReady({conditions = []}: PodStatus): boolean {
  return conditions.some(({type, status}) => type === 'Ready' && status === 'True')
}

function conditions(notReady: string | undefined, containers: Container[]) {
  const lastTransitionTime = timestamp()
  const names = containers.map(({name}) => name).join(' ')
  const readiness =
    notReady === undefined
      ? {status: 'True', lastTransitionTime}
      : {
          status: 'False',
          reason: notReady,
          message: `containers with unready status: [${names}]`,
          lastTransitionTime,
        }
  return [
    {type: 'Initialized', status: 'True', lastTransitionTime},
    {type: 'Ready', ...readiness},
    {type: 'ContainersReady', ...readiness},
    {type: 'PodScheduled', status: 'True', lastTransitionTime},
  ]
}

function waiting({name, image}: Container, reason: {reason: string; message?: string}) {
  return {
    name,
    image,
    imageID: '',
    ready: false,
    started: false,
    restartCount: 0,
    lastState: {},
    state: {waiting: reason},
  }
}
