import type * as z from 'zod'
import {clusterFields} from './fields/clusters.ts'
import type {Field} from './fields/field.ts'
import {floaterFields} from './fields/floaters.ts'
import {mannerFields} from './fields/manner.ts'
import {targetFields} from './fields/targets.ts'

/** Every field, in the order in which `--help` lists their flags. Times are in seconds. */
export const FIELDS = {...targetFields, ...clusterFields, ...floaterFields, ...mannerFields} satisfies Record<
  string,
  Field
>

export type {Field}

export type FieldName = keyof typeof FIELDS
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[]

/** The fields as the user gave them, each checked against its schema; nothing is filled in. */
export type ConfigFields = {readonly [Name in FieldName]?: z.infer<(typeof FIELDS)[Name]['schema']>}

export function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name)
}

/** What `init` writes on a machine that has nothing special: the seed's file, field for field. */
export const INITIAL = {
  namespace: 'kosmos-system',
  version: 'v0.2.0',
  protocol: 'tcp',
  podWaitTime: 30,
  port: '8889',
  maxNum: 3,
  cmdTimeout: 10,
  srcKubeConfig: '~/.kube/config',
  srcImageRepository: 'ghcr.io/kosmos-io',
} as const satisfies ConfigFields

// The seed's kubeconfig path and concurrency are what `init` writes, not what holds where nothing is written.
const {srcKubeConfig: _, maxNum: __, ...seed} = INITIAL

/** What holds where nothing is set. */
export const DEFAULTS = {
  ...seed,
  mode: 'pod',
  ipFamily: 'auto',
  bothWays: false,
  sameNode: false,
  mtu: false,
  intra: false,
  floater: 'clusterlink-floater',
  parallel: 64,
  retries: 1,
  autoClean: false,
} as const satisfies ConfigFields
