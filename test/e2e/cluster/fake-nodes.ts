import {join} from 'node:path'
import type {Layout} from './layout.ts'
import type {FakeNodes} from './record.ts'

/** Pods get loopback addresses: one listener on all addresses answers for every one of them. */
export const FAKE_POD_RANGE = '127.64.0.0/12'
/** Only the API server of this machine talks to the fake kubelets, which ask nobody who they are. */
export const FAKE_NODE_IP = '127.0.0.1'

/** kwok plays the kubelets of all nodes: its options, what becomes of nodes and pods, and where exec leads to. */
export function kwokConfig({directory}: Layout, {kubeletPort}: FakeNodes): string {
  const options = {
    manageAllNodes: true,
    cidr: FAKE_POD_RANGE,
    nodeIP: FAKE_NODE_IP,
    nodePort: kubeletPort,
    serverAddress: `${FAKE_NODE_IP}:${kubeletPort}`,
    tlsCertFile: join(directory, 'pki', 'kwok.crt'),
    tlsPrivateKeyFile: join(directory, 'pki', 'kwok.key'),
    enableDebuggingHandlers: true,
    nodeLeaseDurationSeconds: 40,
    podPlayStageParallelism: 16,
    nodePlayStageParallelism: 16,
    nodeLeaseParallelism: 16,
    podsOnNodeSyncParallelism: 16,
  }
  const documents = [
    {apiVersion: 'config.kwok.x-k8s.io/v1alpha1', kind: 'KwokConfiguration', options},
    stage('node-ready', 'Node', [{key: READY, operator: 'NotIn', values: ['True']}], {
      statusTemplate: NODE_STATUS,
    }),
    stage('pod-ready', 'Pod', [{key: DELETED, operator: 'DoesNotExist'}, PENDING], {
      statusTemplate: POD_STATUS,
    }),
    stage('pod-delete', 'Pod', [{key: DELETED, operator: 'Exists'}], {delete: true}),
    // A command that is meant for a pod runs on this machine.
    {...kwok('ClusterExec', 'exec'), spec: {execs: [{local: {}}]}},
  ]
  return documents.map((document) => JSON.stringify(document)).join('\n---\n')
}

/**
 * The objects to begin with: everything else about a node comes from kwok. Each node has a range for its pods: kwok
 * begins a range twice where the first two pods of it come at the same time, and gives both the same address.
 */
export function nodeObjects(names: readonly string[]): string {
  const labels = (name: string) => ({'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux'})
  const items = names.map((name, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {name, labels: labels(name)},
    spec: {podCIDR: podRange(index), podCIDRs: [podRange(index)]},
  }))
  return JSON.stringify({apiVersion: 'v1', kind: 'List', items})
}

/** 256 addresses of FAKE_POD_RANGE, which has room for 4,096 such ranges. */
function podRange(node: number): string {
  return `127.${64 + (node >> 8)}.${node & 255}.0/24`
}

const READY = '.status.conditions.[] | select( .type == "Ready" ) | .status'
const DELETED = '.metadata.deletionTimestamp'
const PENDING = {key: '.status.phase', operator: 'In', values: ['Pending']}

const NODE_STATUS = `{{ $now := Now | Quote }}
phase: Running
conditions:
- {type: Ready, status: "True", reason: KubeletReady, message: "", lastHeartbeatTime: {{ $now }}, lastTransitionTime: {{ $now }}}
addresses:
- {type: InternalIP, address: {{ NodeIP | Quote }}}
- {type: Hostname, address: {{ .metadata.name | Quote }}}
daemonEndpoints: {kubeletEndpoint: {Port: {{ NodePort }}}}
allocatable: {cpu: "64", memory: 256Gi, pods: "1000"}
capacity: {cpu: "64", memory: 256Gi, pods: "1000"}
nodeInfo:
  architecture: amd64
  operatingSystem: linux
  osImage: kwok
  kernelVersion: kwok
  containerRuntimeVersion: kwok
  kubeletVersion: kwok
  kubeProxyVersion: kwok
  machineID: kwok
  systemUUID: kwok
  bootID: kwok
`

const POD_STATUS = `{{ $now := Now | Quote }}
phase: Running
startTime: {{ $now }}
hostIP: {{ NodeIP | Quote }}
hostIPs: [{ip: {{ NodeIP | Quote }}}]
{{ $ips := PodIPsWith .spec.nodeName (or .spec.hostNetwork false) .metadata.uid .metadata.name .metadata.namespace }}
podIP: {{ index $ips 0 | Quote }}
podIPs: [{ip: {{ index $ips 0 | Quote }}}]
conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" }}
- {type: {{ $type }}, status: "True", lastTransitionTime: {{ $now }}}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: "", ready: true, started: true, restartCount: 0, state: {running: {startedAt: {{ $now }}}}}
{{ end }}
`

function kwok(kind: string, name: string) {
  return {apiVersion: 'kwok.x-k8s.io/v1alpha1', kind, metadata: {name}}
}

function stage(name: string, kind: string, matchExpressions: readonly object[], next: object) {
  return {
    ...kwok('Stage', name),
    spec: {resourceRef: {apiGroup: 'v1', kind}, selector: {matchExpressions}, next},
  }
}
