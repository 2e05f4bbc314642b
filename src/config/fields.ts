import * as z from 'zod'

/** One field of config.json and its flag. */
export interface Field {
  readonly schema: z.ZodType
  /** What may stand there; completes "must be ...". */
  readonly allowed: string
  /** Name of the flag, without the dashes. */
  readonly flag: string
  readonly alias?: string
  readonly describe: string
}

function whole(min: number, max: number) {
  return {
    schema: z.number().int().min(min).max(max),
    allowed: `a whole number from ${min} to ${max}`,
  }
}

function text(pattern: RegExp, allowed: string) {
  return {schema: z.string().regex(pattern), allowed}
}

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'dns'] as const

/* Registry and path of an image reference. github.com/distribution/reference: domain, port, path components. */
const REPOSITORY = /^[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/
const repository = text(REPOSITORY, 'a registry and path, such as "registry.example.com/network"')
const path = text(/^[^\p{Cc}]+$/u, 'the path of a kubeconfig file')
const context = text(/^[^\p{Cc}]+$/u, 'the name of a kubectl context')

/** Every field, in the order in which `init` writes them. Times are in seconds. */
export const FIELDS = {
  namespace: {
    ...text(
      /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      'a namespace name (up to 63 lower-case letters, digits and "-")',
    ),
    flag: 'namespace',
    alias: 'n',
    describe: 'namespace of the floaters, created if missing',
  },
  version: {
    ...text(/^\w[\w.-]{0,127}$/, 'an image tag, such as "v0.2.0"'),
    flag: 'image-tag',
    describe: 'tag of the floater image',
  },
  protocol: {
    schema: z.union([z.enum(PROTOCOLS), z.array(z.enum(PROTOCOLS)).min(1)]),
    allowed: `${PROTOCOLS.map((name) => `"${name}"`).join(', ')}, or a list of them`,
    flag: 'protocol',
    describe: 'protocol to probe with',
  },
  podWaitTime: {
    ...whole(1, 86_400),
    flag: 'pod-wait-time',
    describe: 'seconds that the floaters may take to be ready',
  },
  port: {
    schema: z
      .union([z.string().regex(/^\d{1,5}$/), z.number().int()])
      .refine((port) => Number(port) >= 1 && Number(port) <= 65_535),
    allowed: 'a port from 1 to 65535',
    flag: 'port',
    describe: 'port that the floaters listen on',
  },
  maxNum: {...whole(1, 1000), flag: 'max-num', describe: 'nodes that probe at the same time'},
  cmdTimeout: {...whole(1, 3600), flag: 'cmd-timeout', describe: 'seconds that one probe may take'},
  srcKubeConfig: {...path, flag: 'kubeconfig', describe: 'kubeconfig file of the cluster'},
  srcContext: {...context, flag: 'context', describe: 'kubectl context of the cluster'},
  srcImageRepository: {
    ...repository,
    flag: 'src-image-repository',
    describe: 'registry and path of the floater image',
  },
  dstKubeConfig: {...path, flag: 'dst-kubeconfig', describe: 'kubeconfig file of the second cluster'},
  dstContext: {...context, flag: 'dst-context', describe: 'kubectl context of the second cluster'},
  dstImageRepository: {
    ...repository,
    flag: 'dst-image-repository',
    describe: 'registry and path of the floater image, second cluster',
  },
  parallel: {...whole(1, 1000), flag: 'parallel', describe: 'probes at the same time in one floater (64)'},
  retries: {...whole(0, 10), flag: 'retries', describe: 'how often what failed is probed again (1)'},
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof FIELDS
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[]

/** The fields as the user gave them, each checked against its schema; nothing is filled in. */
export type ConfigFields = {readonly [Name in FieldName]?: z.infer<(typeof FIELDS)[Name]['schema']>}

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

/** What is not run yet, a sentence each; everything else that the schema lets pass is. */
export function notYetRun({protocol = 'tcp', dstKubeConfig, dstContext}: ConfigFields): string[] {
  const others = [protocol].flat().filter((name) => name !== 'tcp')
  const second =
    dstKubeConfig === undefined ? (dstContext === undefined ? undefined : 'dstContext') : 'dstKubeConfig'
  return [
    ...(others.length > 0 ? [`protocol ${others.join(', ')}: this version probes with tcp only`] : []),
    ...(second === undefined
      ? []
      : [`${second}: this version checks one cluster only; leave the dst fields out`]),
  ]
}
