import {isIPv6} from 'node:net'

/** `192.0.2.1:80`, `[2001:db8::1]:80`. */
export function hostAndPort(address: string, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
}
