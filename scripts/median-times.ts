import {spawnSync} from 'node:child_process'

/** How long each command takes in the middle of an odd number of runs, in milliseconds. Throws where one fails. */
export function medianTimes(commands: readonly (readonly string[])[], runs: number): number[] {
  const times = commands.map((): number[] => [])
  // In turns, so that a moment when the machine is busy slows all; the first round warms the disk.
  for (let round = 0; round <= runs; round++) {
    for (const [index, command] of commands.entries()) {
      const taken = timed(command)
      if (round > 0) times[index]?.push(taken)
    }
  }
  return times.map((ms) => ms.sort((a, b) => a - b)[(runs - 1) / 2] ?? NaN)
}

function timed([program = '', ...args]: readonly string[]): number {
  const start = performance.now()
  const {status} = spawnSync(program, args, {stdio: 'ignore'})
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status ?? 'a signal'}`)
  return performance.now() - start
}
