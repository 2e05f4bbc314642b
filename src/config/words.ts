import {isIPv4, isIPv6} from 'node:net'
import * as z from 'zod'
import {parseCidr} from '../address/cidr.ts'
import {text, type Value} from './value.ts'

/* The kinds of text that several fields have in common. Kubernetes' own: k8s.io/apimachinery/pkg/util/validation. */

const LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?'
/* RFC 1123, 2.1. A last part that is a number would be read as an IPv4 address: 10.1, 0x7f000001. */
const HOST_NAME = new RegExp(
  `^(?=.{1,253}\\.?$)(?:${LABEL}\\.)*(?!(?:\\d+|0[xX][0-9a-fA-F]*)\\.?$)${LABEL}\\.?$`,
)
const SUBDOMAIN = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*'
const QUALIFIED = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'

export const hostName = text(HOST_NAME, 'a host name, such as "db.example.com"')

export const host = {
  // The schemas' formats are for editors: what an address is, node says.
  schema: z.union([
    z.string().refine(isIPv4).meta({format: 'ipv4'}),
    z
      .string()
      .refine((typed) => isIPv6(typed) && !typed.includes('%'))
      .meta({format: 'ipv6'}),
    hostName.schema,
  ]),
  allowed: 'an IPv4 or IPv6 address, or a host name',
  typed: 'text',
} as const satisfies Value

export const port = {
  schema: z.union([
    // The same limits twice: a JSON Schema knows patterns, and no refinements.
    z.string().regex(/^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/),
    z.number().int().min(1).max(65_535),
  ]),
  allowed: 'a port from 1 to 65535',
  typed: 'text',
} as const satisfies Value

export const cidr = {
  schema: z
    .string()
    .regex(/^[0-9a-fA-F:.]+\/\d{1,3}$/)
    .refine((typed) => parseCidr(typed) !== undefined),
  allowed: 'a range of addresses, such as "10.244.0.0/16"',
  typed: 'text',
} as const satisfies Value

/** Of an object that Kubernetes keeps: a secret, a priority class. */
export const objectName = text(
  new RegExp(`^(?=.{1,253}$)${SUBDOMAIN}$`),
  'a name (lower-case letters, digits, "-" and ".")',
)
export const labelKey = text(
  new RegExp(`^(?:(?=[^/]{1,253}/)${SUBDOMAIN}/)?${QUALIFIED}$`),
  'the key of a label, such as "kubernetes.io/os"',
)
export const labelValue = text(
  new RegExp(`^(?:${QUALIFIED})?$`),
  'the value of a label (up to 63 letters, digits, "-", "_" and ".")',
)

/* Registry and path of an image reference. github.com/distribution/reference: domain, port, path components. */
const DOMAIN = '[a-zA-Z0-9]([-a-zA-Z0-9.]*[a-zA-Z0-9])?(:\\d{1,5})?'
const COMPONENT = '[a-z0-9]+([._-]+[a-z0-9]+)*'
const TAG = '\\w[\\w.-]{0,127}'
const DIGEST = 'sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}'

export const repository = text(
  new RegExp(`^${DOMAIN}(/${COMPONENT})*$`),
  'a registry and path, such as "registry.example.com/network"',
)
export const imageTag = text(new RegExp(`^${TAG}$`), 'an image tag, such as "v0.2.0"')
export const imageReference = text(
  new RegExp(`^(${DOMAIN}/)?${COMPONENT}(/${COMPONENT})*(:${TAG})?(@(${DIGEST}))?$`),
  'an image, such as "registry.example.com/network/floater:v1"',
)

export const kubeconfig = text(/^[^\p{Cc}]+$/u, 'the path of a kubeconfig file')
export const context = text(/^[^\p{Cc}]+$/u, 'the name of a kubectl context')
