import {onOne, type Fault} from './fault.ts'
import type {FaultSteps} from './fault-steps.ts'
import {roleOf, type NodeDaemon} from './node.ts'

/** By the container's name, whatever DaemonSet it is of; the kubelet starts it again. */
const KILL_FLOATERS = `killed=0
for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==floater'); do
  ctr -n k8s.io tasks kill -s SIGKILL "$id" && killed=$((killed + 1))
done
[ "$killed" -gt 0 ] || { echo 'no container named floater runs here' >&2; exit 1; }
`

export const PROCESS_FAULTS = {
  'stop-kubelet': stopDaemon(
    'kubelet',
    'the kubelet of NODE is gone: no exec, NotReady after 12 s; its pods run on',
  ),
  'stop-runtime': stopDaemon('containerd', 'the container runtime of NODE is gone; its pods run on'),
  'stop-kube-proxy': stopDaemon('kube-proxy', 'NODE learns nothing of new services'),
  'stop-apiserver': {
    args: [],
    describe: 'the API server is gone',
    steps: () => stopped('apiserver', 'kube-apiserver'),
  },
  'kill-floater': onOne(
    'the containers named floater on NODE are killed; they come back by themselves',
    ({name}) => ({
      apply: [{do: 'run', node: name, command: ['sh', '-c', KILL_FLOATERS]}],
      undo: [],
    }),
  ),
} as const satisfies Readonly<Record<string, Fault>>

function stopDaemon(daemon: NodeDaemon, describe: string): Fault {
  return onOne(describe, (node) => stopped(roleOf(node, daemon), daemon))
}

function stopped(role: string, program: string): FaultSteps {
  return {apply: [{do: 'stop', role, program}], undo: [{do: 'start', role}]}
}
