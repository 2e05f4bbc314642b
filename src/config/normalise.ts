import {canonicalAddress, formatCidr, parseCidr} from '../address/cidr.ts'
import type {CidrMapping, ClusterConfig, Config, Connection, CustomTarget} from '../model/config.ts'
import {DEFAULTS, type ConfigFields} from './fields.ts'
import {RUN_MODES, RUN_PROTOCOLS} from './not-yet-run.ts'

/** What is not a field of config.json: kubectl's flags about who asks, and the user's home folder. */
export interface Surroundings {
  readonly home: string
  readonly identity: Pick<Connection, 'as' | 'asGroups' | 'requestTimeout'>
}

/** The one form that the rest of the tool sees, of fields that were checked. What is not set has its default. */
export function normalise(fields: ConfigFields, surroundings: Surroundings): Config {
  const all = {...DEFAULTS, ...fields}
  const targets = customTargets(fields)
  const modes = [fields.mode ?? (targets.length > 0 ? [] : DEFAULTS.mode)].flat()
  const protocols = [all.protocol].flat()
  return {
    namespace: all.namespace,
    version: all.version,
    port: Number(all.port),
    podWaitTime: all.podWaitTime,
    cmdTimeout: all.cmdTimeout,
    ...(all.maxNum === undefined ? {} : {maxNum: all.maxNum}),
    parallel: all.parallel,
    retries: all.retries,
    clusters: clusters(fields, surroundings),
    intra: all.intra,
    modes: RUN_MODES.filter((mode) => modes.includes(mode)),
    protocols: RUN_PROTOCOLS.filter((protocol) => protocols.includes(protocol)),
    ipFamily: all.ipFamily,
    customTargets: targets,
    subset: {
      ...(all.from === undefined ? {} : {from: all.from}),
      ...(all.to === undefined ? {} : {to: all.to}),
      bothWays: all.bothWays,
      ...(all.sample === undefined ? {} : {sample: all.sample}),
    },
    autoClean: all.autoClean,
  }
}

/** A cluster as the user names it. */
interface NamedCluster {
  readonly name: string
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly imageRepository?: string | undefined
  readonly cidrMap?: Readonly<Record<string, string>> | undefined
}

function clusters(fields: ConfigFields, {home, identity}: Surroundings): ClusterConfig[] {
  const named: readonly NamedCluster[] = fields.clusters ?? srcAndDst(fields)
  return named.map(({name, kubeconfig, context, imageRepository, cidrMap}): ClusterConfig => ({
    name,
    connection: {
      ...(kubeconfig === undefined ? {} : {kubeconfig: kubeconfig.replace(/^~(?=\/|$)/, () => home)}),
      ...(context === undefined ? {} : {context}),
      ...identity,
    },
    imageRepository: imageRepository ?? DEFAULTS.srcImageRepository,
    cidrMap: mappings(cidrMap ?? fields.cidrMap),
  }))
}

/** The one or two clusters of the seed's fields. What the second does not name, it has from the first, but the context. */
function srcAndDst(fields: ConfigFields): NamedCluster[] {
  const {srcKubeConfig, srcContext, srcImageRepository} = fields
  const src = {
    name: 'src',
    kubeconfig: srcKubeConfig,
    context: srcContext,
    imageRepository: srcImageRepository,
  }
  const {dstKubeConfig, dstContext, dstImageRepository} = fields
  if (dstKubeConfig === undefined && dstContext === undefined) return [src]
  const dst = {
    name: 'dst',
    kubeconfig: dstKubeConfig ?? srcKubeConfig,
    context: dstContext,
    imageRepository: dstImageRepository ?? srcImageRepository,
  }
  return [src, dst]
}

function mappings(cidrMap: Readonly<Record<string, string>> = {}): CidrMapping[] {
  return Object.entries(cidrMap).map(([from, to]) => ({from: canonicalCidr(from), to: canonicalCidr(to)}))
}

function canonicalCidr(text: string): string {
  const cidr = parseCidr(text)
  return cidr === undefined ? text : formatCidr(cidr)
}

/** Every port of every host, each once however often and in whatever form it was written. */
function customTargets(fields: ConfigFields): CustomTarget[] {
  const hosts = fields.customizedTargetIPList?.map((host) => canonicalAddress(host) ?? host.toLowerCase())
  const ports = new Set(fields.customizedTargetPortList?.map(Number))
  return [...new Set(hosts)].flatMap((host) => [...ports].map((port) => ({host, port})))
}
