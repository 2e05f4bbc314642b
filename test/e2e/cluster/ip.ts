import {run} from './run.ts'

/** Whose work it is: `markOf` makes it. */
export type Environment = Record<string, string>

/** Runs ip(8) on many commands at once, in a network namespace where one is named. */
export async function ip(
  env: Environment,
  netns: string | undefined,
  commands: readonly string[],
): Promise<void> {
  const where = netns === undefined ? [] : ['-n', netns]
  await run(['ip', ...where, '-batch', '-'], {env, input: lines(commands)})
}

/** The same for bridge(8). */
export async function bridge(env: Environment, netns: string, commands: readonly string[]): Promise<void> {
  await run(['bridge', '-n', netns, '-batch', '-'], {env, input: lines(commands)})
}

/** Runs any command in a network namespace. */
export async function inNetns(env: Environment, netns: string, command: readonly string[]): Promise<void> {
  await run(['nsenter', `--net=/run/netns/${netns}`, ...command], {env})
}

function lines(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('')
}
