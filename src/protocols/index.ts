import type {ProtocolName} from '../model/plan.ts'
import type {Protocol} from './protocol.ts'
import {dns} from './dns.ts'
import {icmp} from './icmp.ts'
import {tcp} from './tcp.ts'
import {udp} from './udp.ts'

/** Every protocol that a plan may name: a new one is one file, and one line here. */
export const protocols: Readonly<Record<ProtocolName, Protocol>> = {tcp, udp, icmp, dns}
