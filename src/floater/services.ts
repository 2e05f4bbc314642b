import {isIPv6} from 'node:net'
import * as z from 'zod'
import {isAddress} from '../address/address.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {parseJson} from '../kubectl/parse.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {hasEndpointSlices} from '../kubectl/version.ts'
import type {Floater} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import {applyObjects, type KubernetesObject} from './deploy.ts'
import {MANAGED_BY, RUN_ANNOTATION, SERVICE_NAME_LABEL} from './labels.ts'

/** A service to be made, with the one floater behind it. */
export interface ServiceWish {
  readonly name: string
  readonly type: 'ClusterIP' | 'NodePort'
  readonly behind: Floater
}

/** A service as the server made it. */
export interface MadeService {
  readonly name: string
  readonly addresses: readonly string[]
  readonly nodePort: number | undefined
}

const portNumber = z.int().min(1).max(65_535)

const serviceSchema = z.object({
  kind: z.literal('Service'),
  metadata: z.object({name: z.string()}),
  spec: z.object({
    clusterIP: z.string().default(''),
    clusterIPs: z.array(z.string()).default([]),
    ports: z.array(z.object({port: portNumber, nodePort: portNumber.optional()})).default([]),
  }),
})
const listSchema = z.object({items: z.array(z.unknown())})

/**
 * Makes services without a selector, whose endpoints name one floater each: which answers is known beforehand. `version` is
 * the server's. Throws a UserError where it refuses.
 */
export async function makeServices(
  kubectl: Kubectl,
  wishes: readonly ServiceWish[],
  config: Config,
  runId: string,
  version: string,
): Promise<readonly MadeService[]> {
  const objects = wishes.flatMap((wish): KubernetesObject[] =>
    hasEndpointSlices(version)
      ? [serviceOf(wish, config, runId, 'PreferDualStack'), ...slicesOf(wish, config, runId)]
      : [serviceOf(wish, config, runId, undefined), endpointsOf(wish, config, runId)],
  )
  const stdout = await applyObjects(kubectl, objects)
  const {items} = parseJson(listSchema, {stdout}, 'kubectl apply')
  return items.flatMap((item) => {
    const {data} = serviceSchema.safeParse(item)
    return data === undefined ? [] : [made(data)]
  })
}

function made({metadata: {name}, spec}: z.infer<typeof serviceSchema>): MadeService {
  const {clusterIP, clusterIPs, ports} = spec
  return {
    name,
    addresses: [...new Set([clusterIP, ...clusterIPs])].filter(isAddress),
    nodePort: ports[0]?.nodePort,
  }
}

function metadata(name: string, {namespace}: Config, runId: string, labels: Record<string, string> = {}) {
  return {
    name,
    namespace,
    labels: {[MANAGED_BY.key]: MANAGED_BY.value, ...labels},
    annotations: {[RUN_ANNOTATION]: runId},
  }
}

const PROTOCOLS = ['TCP', 'UDP'] as const

/** With an address of every family that the cluster has, whichever are asked; older servers do not know the field. */
function serviceOf(
  {name, type}: ServiceWish,
  config: Config,
  runId: string,
  ipFamilyPolicy: 'PreferDualStack' | undefined,
) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(name, config, runId),
    spec: {
      type,
      ...(ipFamilyPolicy === undefined ? {} : {ipFamilyPolicy}),
      ports: PROTOCOLS.map((protocol) => ({
        name: protocol.toLowerCase(),
        protocol,
        port: config.port,
        targetPort: config.port,
      })),
    },
  }
}

/** One a family: a slice is of one address type. */
function slicesOf({name, behind}: ServiceWish, config: Config, runId: string) {
  return behind.addresses.map((address) => {
    const addressType = isIPv6(address) ? 'IPv6' : 'IPv4'
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: metadata(`${name}-${addressType.toLowerCase()}`, config, runId, {
        [SERVICE_NAME_LABEL]: name,
      }),
      addressType,
      endpoints: [{addresses: [address], nodeName: behind.node, conditions: {ready: true}}],
      ports: portsOf(behind),
    }
  })
}

/** For servers before 1.21. */
function endpointsOf({name, behind}: ServiceWish, config: Config, runId: string) {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadata(name, config, runId),
    subsets: [
      {
        addresses: behind.addresses.map((ip) => ({ip, nodeName: behind.node})),
        ports: portsOf(behind),
      },
    ],
  }
}

function portsOf({port}: Floater) {
  return PROTOCOLS.map((protocol) => ({name: protocol.toLowerCase(), protocol, port}))
}

/** Where kubernetes.default is, or why that is not known. */
export async function apiServerOf(
  kubectl: Kubectl,
): Promise<{readonly addresses: readonly string[]; readonly port: number} | {readonly cause: string}> {
  const {ok, stdout, stderr} = await kubectl.run([
    'get',
    'service',
    'kubernetes',
    '--namespace=default',
    '-o',
    'json',
  ])
  if (!ok) return {cause: reasonIn(stderr)}
  const {data} = serviceSchema.safeParse(jsonOf(stdout))
  const addresses = data === undefined ? [] : made(data).addresses
  if (addresses.length === 0) return {cause: 'kubernetes.default has no address'}
  return {addresses, port: data?.spec.ports[0]?.port ?? 443}
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
