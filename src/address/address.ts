import {isIP, isIPv6} from 'node:net'
import type {IpFamily} from '../model/plan.ts'

/** `192.0.2.1:80`, `[2001:db8::1]:80`, `www.example.com:80`. */
export function hostAndPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`
}

/** An address as Kubernetes has it: with a zone behind it, it may be longer than any. */
export function isAddress(text: string): boolean {
  return text.length <= 45 && isIP(text) > 0
}

/** The family of a valid address. */
export function familyOf(address: string): IpFamily {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

/** An address, or a host name as RFC 1123 has it. */
export function isHost(text: string): boolean {
  return isIP(text) > 0 || (text.length <= 253 && HOST_NAME.test(text) && !/^[\d.]+$/.test(text))
}

const HOST_NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*\.?$/i
