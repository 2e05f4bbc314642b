import type {NodeFacts} from '../../src/model/cluster.ts'

/** A node as preflight has it: of Linux, without labels and taints. */
export function nodeFacts(name: string, ready = true, changes: Partial<NodeFacts> = {}): NodeFacts {
  return {
    name,
    uid: `uid-${name}`,
    ready,
    os: 'linux',
    addresses: [],
    labels: {},
    traits: {},
    taints: [],
    ...changes,
  }
}

export interface PodParts {
  readonly name?: string
  readonly uid?: string
  readonly node?: string
  readonly labels?: Record<string, string>
  readonly deletionTimestamp?: string
  readonly spec?: object
  readonly status?: object
}

/** A floater's pod as the API server has it: ready, of the template "current", unless told otherwise. */
export function podJson({node = 'n1', name = `floater-${node}`, ...parts}: PodParts): object {
  const {uid = `uid-${name}`, labels = {'kubectl-netdoctor/template': 'current'}, deletionTimestamp} = parts
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: 'netdoctor-floater-',
      namespace: 'kosmos-system',
      uid,
      resourceVersion: '4711',
      labels,
      ownerReferences: [{kind: 'DaemonSet', name: 'netdoctor-floater'}],
      ...(deletionTimestamp === undefined ? {} : {deletionTimestamp}),
    },
    spec: {
      nodeName: node,
      tolerations: [{operator: 'Exists'}],
      containers: [
        {
          name: 'floater',
          image: 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0',
          ports: [{name: 'floater', containerPort: 8889, protocol: 'TCP'}],
        },
      ],
      ...parts.spec,
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ip: '10.0.0.1'}],
      conditions: [
        {type: 'PodScheduled', status: 'True'},
        {type: 'Ready', status: 'True'},
      ],
      containerStatuses: [{name: 'floater', ready: true, state: {running: {}}, lastState: {}}],
      ...parts.status,
    },
  }
}
