import type {EmbeddedNode} from '../options.ts'
import {type KubeObject, timestamp} from './object.ts'
import {nodeLabels, nodeTaints} from './scheduling.ts'

/** The Node object of an embedded node. */
export function nodeObject(node: EmbeddedNode, address: string, version: string): KubeObject {
  const os = node.os ?? 'linux'
  const taints = nodeTaints(node)
  const resources = {cpu: '4', memory: '8Gi', pods: '110'}
  return {
    metadata: {name: node.name, labels: nodeLabels(node)},
    spec: {
      ...(taints.length > 0 && {taints}),
      ...(node.unschedulable === true && {unschedulable: true}),
    },
    status: {
      addresses: [
        {type: 'InternalIP', address},
        {type: 'Hostname', address: node.name},
      ],
      capacity: resources,
      allocatable: resources,
      conditions: [readyCondition(node.ready !== false)],
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://1.7.27',
        kernelVersion: '6.1.0',
        kubeletVersion: version,
        kubeProxyVersion: version,
        operatingSystem: os,
        osImage: os === 'linux' ? 'Embedded Linux' : 'Embedded Windows',
      },
    },
  }
}

function readyCondition(ready: boolean) {
  const now = timestamp()
  const times = {lastHeartbeatTime: now, lastTransitionTime: now}
  return ready
    ? {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
        ...times,
      }
    : {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        ...times,
      }
}
