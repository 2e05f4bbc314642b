import type {PodRef} from './options.ts'

/** For process.test.ts: answers once the script says exit. */
export function execAnswer(stdin: string, {node}: PodRef): string | undefined {
  return stdin.endsWith('exit\n') ? `${node} was asked ${stdin.length} bytes\n` : undefined
}
