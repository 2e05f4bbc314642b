import type {Layout, NodeLayout} from './layout.ts'

/** A command in a network namespace. */
export interface FaultCommand {
  netns: string
  command: readonly string[]
}

/** One break of the network: what makes it, and what takes exactly that back. */
export interface FaultSteps {
  apply: readonly FaultCommand[]
  undo: readonly FaultCommand[]
}

interface Fault {
  args: readonly string[]
  describe: string
  steps(layout: Layout, args: readonly string[]): FaultSteps
}

/** The pods of one node reach those of another no more; the way back is open, replies included. */
const newFromTo = (from: NodeLayout, to: NodeLayout) =>
  ['-s', from.podCidr, '-d', to.podCidr, '-m', 'conntrack', '--ctstate', 'NEW'] as const

export const FAULTS = {
  drop: {
    args: ['FROM', 'TO'],
    describe: 'new connections from the pods of FROM to those of TO vanish',
    steps: between((from, to) => rule(from, 'FORWARD', [...newFromTo(from, to), '-j', 'DROP'])),
  },
  reset: {
    args: ['FROM', 'TO'],
    describe: 'new TCP connections from the pods of FROM to those of TO are refused',
    steps: between((from, to) =>
      rule(from, 'FORWARD', [
        '-p',
        'tcp',
        ...newFromTo(from, to),
        '-j',
        'REJECT',
        '--reject-with',
        'tcp-reset',
      ]),
    ),
  },
  'no-route': {
    args: ['FROM', 'TO'],
    describe: 'the pods of FROM are told that those of TO cannot be reached',
    steps: between((from, to) =>
      rule(from, 'FORWARD', [
        ...newFromTo(from, to),
        '-j',
        'REJECT',
        '--reject-with',
        'icmp-host-unreachable',
      ]),
    ),
  },
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof FAULTS

/** What a fault does, or a sentence about what is wrong with the request. */
export function faultSteps(layout: Layout, name: string, args: readonly string[]): FaultSteps {
  const fault = (FAULTS as Readonly<Record<string, Fault>>)[name]
  if (fault === undefined)
    throw new Error(`there is no fault "${name}", but ${Object.keys(FAULTS).join(', ')}`)
  if (args.length !== fault.args.length) throw new Error(`usage: fault ${[name, ...fault.args].join(' ')}`)
  return fault.steps(layout, args)
}

function between(steps: (from: NodeLayout, to: NodeLayout) => FaultSteps): Fault['steps'] {
  return (layout, [from = '', to = '']) => steps(nodeNamed(layout, from), nodeNamed(layout, to))
}

function nodeNamed({nodes}: Layout, name: string): NodeLayout {
  const node = nodes.find((candidate) => candidate.name === name)
  if (node === undefined)
    throw new Error(`there is no node "${name}", but ${nodes.map((n) => n.name).join(', ')}`)
  return node
}

/** An iptables rule ahead of all others; deleting it names it in full, so it finds this very rule. */
function rule({netns}: NodeLayout, chain: string, match: readonly string[], table = 'filter'): FaultSteps {
  const iptables = (action: string) => ['iptables', '-w', '-t', table, action, chain, ...match]
  return {apply: [{netns, command: iptables('-I')}], undo: [{netns, command: iptables('-D')}]}
}
