import {isIP} from 'node:net'
import ipaddr from 'ipaddr.js'
import type {CidrMapping} from '../model/config.ts'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** An address and how many of its leading bits name the range. */
export interface Cidr {
  readonly address: Address
  readonly prefix: number
}

/* ipaddr.js also reads 10.1, 0x0a000001 and 010.0.0.1, each of which tools read differently; node does not. */
function parseAddress(text: string): Address | undefined {
  return isIP(text) === 0 || text.includes('%') ? undefined : ipaddr.parse(text)
}

/** RFC 5952, section 5: an IPv4 address within an IPv6 address keeps its dots. */
function textOf(address: Address): string {
  if (address.kind() === 'ipv4') return address.toString()
  const six = address as ipaddr.IPv6
  return six.isIPv4MappedAddress() ? `::ffff:${six.toIPv4Address().toString()}` : six.toRFC5952String()
}

/** The one way to write this address (RFC 5952); undefined for a text that is no IPv4 or IPv6 address. */
export function canonicalAddress(text: string): string | undefined {
  const address = parseAddress(text)
  return address && textOf(address)
}

/** `10.244.0.0/16`, `2001:db8::/48`. Undefined for anything else, such as a zone or a prefix that is too long. */
export function parseCidr(text: string): Cidr | undefined {
  const [, base = '', length = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? []
  const address = parseAddress(base)
  const prefix = Number(length)
  return address === undefined || prefix > bitsOf(address) ? undefined : {address, prefix}
}

/** The text of a range, in canonical form. */
export function formatCidr({address, prefix}: Cidr): string {
  return `${textOf(address)}/${prefix}`
}

/** The range whose bits after the prefix are all zero. */
export function networkOf({address, prefix}: Cidr): Cidr {
  return {address: combine(address, prefix, address.toByteArray().fill(0)), prefix}
}

/** Whether the address lies in the range; one of another family, or no address at all, does not. */
export function contains(cidr: Cidr, address: string): boolean {
  const parsed = parseAddress(address)
  return parsed !== undefined && holds(cidr, parsed)
}

/** Whether any address lies in both ranges. */
export function overlap(a: Cidr, b: Cidr): boolean {
  return a.prefix <= b.prefix ? holds(a, b.address) : holds(b, a.address)
}

/**
 * The address as other clusters see it: moved from the first range that holds it to the range beside it, its host bits
 * kept. An address in none of them stays, and so does what is no address, such as a host name.
 */
export function translate(address: string, mappings: readonly CidrMapping[]): string {
  const parsed = parseAddress(address)
  if (parsed === undefined) return address
  for (const {from, to} of mappings) {
    const [source, target] = [parseCidr(from), parseCidr(to)]
    if (source === undefined || target === undefined) throw new RangeError(`No mapping: ${from} to ${to}`)
    if (holds(source, parsed)) return textOf(combine(target.address, target.prefix, parsed.toByteArray()))
  }
  return textOf(parsed)
}

function bitsOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128
}

function holds({address, prefix}: Cidr, other: Address): boolean {
  return address.kind() === other.kind() && other.match(address, prefix)
}

/** The first `prefix` bits of the network, and the rest of the host. */
function combine(network: Address, prefix: number, host: readonly number[]): Address {
  const bytes = network.toByteArray().map((byte, index) => {
    const mask = (0xff << (8 - Math.min(8, Math.max(0, prefix - index * 8)))) & 0xff
    return (byte & mask) | ((host[index] ?? 0) & ~mask & 0xff)
  })
  return ipaddr.fromByteArray(bytes)
}
