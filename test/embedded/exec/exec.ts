import type {IncomingMessage} from 'node:http'
import type {Duplex} from 'node:stream'
import {ApiError, badRequest, faultStatus, notFound} from '../api/status.ts'
import type {ApiRequest} from '../api/request.ts'
import type {Faults} from '../faults.ts'
import {containerEnv} from '../floaters/answer.ts'
import type {Store} from '../objects/store.ts'
import type {Pod} from '../objects/workload.ts'
import type {EmbeddedOptions} from '../options.ts'
import type {Processes} from './processes.ts'
import {runExec} from './run.ts'
import {acceptSpdy} from './spdy.ts'
import {acceptWebSocket} from './websocket.ts'

export interface ExecWorld {
  store: Store
  faults: Faults
  processes: Processes
  options: Pick<EmbeddedOptions, 'execAnswer' | 'execEnv'>
}

/** Checks an exec, upgrades its connection, and runs it. Throws an ApiError before the upgrade. */
export async function handleExec(
  world: ExecWorld,
  api: Pick<ApiRequest, 'kind' | 'namespace' | 'name' | 'query'>,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const {query, namespace, name} = api
  const pod = world.store.get('pods', namespace, name) as Pod | undefined
  if (pod === undefined) throw notFound(api.kind, name)
  const fault = world.faults.forExec(pod.spec.nodeName ?? '')
  if (fault?.kind === 'status') throw faultStatus(fault.code, fault.retryAfter)
  if (fault?.kind === 'container-not-found') throw containerNotFound(query.get('container') ?? '')
  checkRunning(pod, query.get('container'))
  const flag = (stream: string) => ['true', '1'].includes(query.get(stream) ?? '')
  const wanted = {stdin: flag('stdin'), stdout: flag('stdout'), stderr: flag('stderr')}
  const spdy = request.headers.upgrade?.toLowerCase() === 'spdy/3.1'
  const connection = spdy
    ? await acceptSpdy(socket, head, wanted)
    : await acceptWebSocket(request, socket, head)
  if (!wanted.stdin) connection.stdin.push(null)
  const order = {
    argv: query.getAll('command'),
    env: {HOSTNAME: name, ...containerEnv(pod), ...world.options.execEnv},
    pod: {namespace, name, node: pod.spec.nodeName ?? '', ip: pod.status.podIP ?? ''},
    fault,
    answer: world.options.execAnswer,
  }
  await runExec(connection, order, world.processes)
}

function checkRunning({metadata, spec, status}: Pod, container: string | null): void {
  if (spec.nodeName === undefined) throw badRequest(`pod ${metadata.name} does not have a host assigned`)
  if (container !== null && !spec.containers.some(({name}) => name === container)) {
    throw badRequest(`container ${container} is not valid for pod ${metadata.name}`)
  }
  if (status.phase !== 'Running') throw containerNotFound(container ?? spec.containers[0]?.name ?? '')
}

/** The kubelet says it as plain text; kubectl puts "unable to upgrade connection" in front. */
export class PlainTextError extends ApiError {}

function containerNotFound(container: string): PlainTextError {
  return new PlainTextError(404, 'NotFound', `container not found ("${container}")`)
}
