import type {ClusterConfig, Config, Connection} from '../model/config.ts'
import {INITIAL, type ConfigFields} from './fields.ts'

/** What is not a field of config.json: kubectl's flags about who asks, and the user's home folder. */
export interface Surroundings {
  readonly home: string
  readonly identity: Pick<Connection, 'as' | 'asGroups' | 'requestTimeout'>
}

/** Probes at once in one floater, unless set. */
const PARALLEL = 64
/** Passes over what failed, unless set. */
const RETRIES = 1

/** The one form that the rest of the tool sees. Flags beat the file; what neither sets has the seed's default. */
export function normalise(file: ConfigFields, flags: ConfigFields, {home, identity}: Surroundings): Config {
  // The seed's kubeconfig path and concurrency are what `init` writes, not what holds where nothing is written.
  const {srcKubeConfig: _, maxNum: __, ...defaults} = INITIAL
  const all = {...defaults, ...file, ...flags}
  const connection = (kubeconfig: string | undefined, context: string | undefined): Connection => ({
    ...(kubeconfig === undefined ? {} : {kubeconfig: kubeconfig.replace(/^~(?=\/|$)/, () => home)}),
    ...(context === undefined ? {} : {context}),
    ...identity,
  })
  const imageRepository = all.srcImageRepository
  const src: ClusterConfig = {
    name: 'src',
    connection: connection(all.srcKubeConfig, all.srcContext),
    imageRepository,
    cidrMap: [],
  }
  const dst: ClusterConfig = {
    name: 'dst',
    connection: connection(all.dstKubeConfig ?? all.srcKubeConfig, all.dstContext),
    imageRepository: all.dstImageRepository ?? imageRepository,
    cidrMap: [],
  }
  const isPair = all.dstKubeConfig !== undefined || all.dstContext !== undefined
  return {
    namespace: all.namespace,
    version: all.version,
    port: Number(all.port),
    podWaitTime: all.podWaitTime,
    cmdTimeout: all.cmdTimeout,
    ...(all.maxNum === undefined ? {} : {maxNum: all.maxNum}),
    parallel: all.parallel ?? PARALLEL,
    retries: all.retries ?? RETRIES,
    intra: false,
    modes: ['pod'],
    protocols: ['tcp'],
    ipFamily: 'auto',
    customTargets: [],
    subset: {bothWays: false},
    autoClean: false,
    clusters: isPair ? [src, dst] : [src],
  }
}
