import {listOf, oneOf, orEmpty, someOf, text, trueOrFalse, whole} from '../value.ts'
import {host, hostName, port} from '../words.ts'
import type {Field} from './field.ts'

const group = 'What to probe:'

/* Names, or a label selector as kubectl has it: `a`, `!a`, `a=b`, `a!=b`, `a>1`, `a in (b, c)`; one space between words. */
const KEY = '[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?'
const VALUE = '(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?'
const TERM = `(?:! ?${KEY}|${KEY}(?: ?(?:==?|!=|[<>]) ?${VALUE}| (?:in|notin) ?\\(${VALUE}(?:, ?${VALUE})*\\))?)`
const nodes = text(
  new RegExp(`^${TERM}(?:, ?${TERM})*$`),
  'names of nodes, separated by commas, or a label selector, such as "zone=a,!spot"',
)

/** What is probed, from where, and over what. */
export const targetFields = {
  mode: {
    ...orEmpty(someOf(['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver'])),
    flag: 'mode',
    group,
    describe: 'what probes what (pod)',
  },
  protocol: {
    ...someOf(['tcp', 'udp', 'icmp', 'dns']),
    flag: 'protocol',
    group,
    describe: 'protocol to probe with (tcp)',
  },
  ipFamily: {
    ...oneOf(['auto', 'ipv4', 'ipv6']),
    flag: 'ip-family',
    group,
    describe: 'IP family; auto is every one that the floaters have',
  },
  from: {...nodes, flag: 'from', group, describe: 'probe from these nodes only'},
  to: {...nodes, flag: 'to', group, describe: 'probe these nodes only'},
  bothWays: {...trueOrFalse, flag: 'both-ways', group, describe: 'with from and to: the way back as well'},
  sample: {...whole(1, 10_000), flag: 'sample', group, describe: 'no more than this many targets a node'},
  sameNode: {
    ...trueOrFalse,
    flag: 'same-node',
    group,
    describe: 'a second floater a node, to probe within it',
  },
  mtu: {...trueOrFalse, flag: 'mtu', group, describe: 'find packets that are too big for the network'},
  customizedTargetIPList: {
    ...listOf(host, 'a list of up to 1000 addresses and host names', {max: 1000}),
    flag: 'customized-target-ip-list',
    group,
    describe: 'addresses and host names to probe from every node',
  },
  customizedTargetPortList: {
    ...listOf(port, 'a list of up to 1000 ports', {max: 1000}),
    flag: 'customized-target-port-list',
    group,
    describe: 'ports to probe there',
  },
  targetDNSServer: {
    ...orEmpty(host),
    flag: 'target-dns-server',
    group,
    describe: 'DNS server to ask, instead of the pod’s own',
  },
  targetHostToLookup: {
    ...orEmpty(hostName),
    flag: 'target-host-to-lookup',
    group,
    describe: 'host name to ask DNS for (kubernetes.default.svc)',
  },
} as const satisfies Record<string, Field>
