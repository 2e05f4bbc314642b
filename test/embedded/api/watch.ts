import type {ServerResponse} from 'node:http'
import {expired} from './status.ts'
import type {ApiRequest} from './request.ts'
import {apiVersionOf, type Kind} from '../objects/kinds.ts'
import {selection, type Selection} from '../objects/selectors.ts'
import type {Change, Store} from '../objects/store.ts'

/** Streams changes until the client goes, or its `timeoutSeconds` are over. */
export function watch(
  store: Store,
  {query, kind, namespace, name}: ApiRequest,
  response: ServerResponse,
): void {
  const selected = selection(query.get('labelSelector'), query.get('fieldSelector'))
  const holds: Selection = (object) =>
    (namespace === '' || object.metadata.namespace === namespace) &&
    (name === '' || object.metadata.name === name) &&
    selected(object)
  response.writeHead(200, {'Content-Type': 'application/json'})
  response.flushHeaders()
  const send = (type: string, json: string) => response.write(`{"type":"${type}","object":${json}}\n`)
  const announce = ({type, object, before}: Change) => {
    const now = type !== 'DELETED' && holds(object)
    const was = before !== undefined && holds(before)
    if (now) send(was ? 'MODIFIED' : 'ADDED', store.json(object))
    else if (was) send('DELETED', store.json(object))
  }
  const from = Number(query.get('resourceVersion') ?? 0)
  const streamList = query.get('sendInitialEvents') === 'true'
  if (from === 0 || streamList) {
    for (const object of store.list(kind.resource, namespace))
      if (holds(object)) send('ADDED', store.json(object))
    if (streamList) send('BOOKMARK', initialEventsEnd(kind, store.version))
  } else {
    const missed = store.since(kind.resource, from)
    if (missed === undefined) {
      send('ERROR', JSON.stringify(expired().status))
      response.end()
      return
    }
    missed.forEach(announce)
  }
  const unsubscribe = store.subscribe(kind.resource, announce)
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  const timer = seconds > 0 ? setTimeout(() => response.end(), seconds * 1000) : undefined
  response.once('close', () => {
    clearTimeout(timer)
    unsubscribe()
  })
}

/** Newer clients list by watching; this tells them that what was there is complete. */
function initialEventsEnd(kind: Kind, version: number): string {
  const annotations = {'k8s.io/initial-events-end': 'true'}
  const metadata = {resourceVersion: String(version), creationTimestamp: null, annotations}
  return JSON.stringify({kind: kind.kind, apiVersion: apiVersionOf(kind), metadata})
}
