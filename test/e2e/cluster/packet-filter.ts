import type {FaultSteps} from './fault-steps.ts'
import type {NodeLayout} from './layout.ts'

export const DROP = ['-j', 'DROP'] as const
/** Without it the replies of the other direction were caught as well, and that direction broken with it. */
export const NEW = ['-m', 'conntrack', '--ctstate', 'NEW'] as const
/** Not "fragmentation needed" and the like: TCP depends on those. */
export const PING = ['-p', 'icmp', '--icmp-type', 'echo-request'] as const
/** The rest of ICMPv6 is how neighbours find each other. */
export const PING6 = ['-p', 'icmpv6', '--icmpv6-type', 'echo-request'] as const

export const reject = (how: string) => ['-j', 'REJECT', '--reject-with', how] as const

/** A rule ahead of all others; deleting it names it in full, so it finds this very rule. */
export function rule(
  node: NodeLayout,
  chain: string,
  match: readonly string[],
  {table = 'filter', tool = 'iptables'}: {table?: string; tool?: 'iptables' | 'ip6tables'} = {},
): FaultSteps {
  const command = (action: string) => [tool, '-w', '-t', table, action, chain, ...match]
  return onNode(node, {apply: command('-I'), undo: command('-D')})
}

/** The same for IPv6. */
export function rule6(node: NodeLayout, chain: string, match: readonly string[]): FaultSteps {
  return rule(node, chain, match, {tool: 'ip6tables'})
}

export function onNode({name: node}: NodeLayout, commands: {apply: string[]; undo: string[]}): FaultSteps {
  return {
    apply: [{do: 'run', node, command: commands.apply}],
    undo: [{do: 'run', node, command: commands.undo}],
  }
}
