import {randomBytes} from 'node:crypto'
import {apiVersionOf, kindOf} from '../objects/kinds.ts'
import {type KubeObject, timestamp} from '../objects/object.ts'
import type {Store} from '../objects/store.ts'

/** Records a Warning about an object, as controllers, scheduler and kubelet do. */
export function recordWarning(
  store: Store,
  about: {resource: string; object: KubeObject},
  reason: string,
  message: string,
  component: string,
): void {
  const {metadata} = about.object
  const kind = kindOf(about.resource)
  const now = timestamp()
  const namespace = metadata.namespace ?? 'default'
  store.create('events', {
    metadata: {name: `${metadata.name}.${randomBytes(8).toString('hex')}`, namespace},
    involvedObject: {
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
    },
    type: 'Warning',
    reason,
    message,
    source: {component},
    reportingComponent: component,
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  })
}
