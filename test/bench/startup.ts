/** How long the built program takes to say its version, beside the least that Node can do. */
import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {join} from 'node:path'

const RUNS = 20
/** The most that the program may take, as a multiple of bare Node. */
const LIMIT = 2.5

const program = join(import.meta.dirname, '../../dist/main.js')
if (!existsSync(program)) throw new Error('there is no dist/: npm run build makes it')

const contenders = {
  'node -e 0': ['-e', '0'],
  'kubectl-netdoctor --version': [program, '--version'],
}

const times = Object.entries(contenders).map(([name, args]) => ({name, args, ms: [] as number[]}))
// In turns, so that a moment when the machine is busy slows both; the first round warms the disk.
for (let round = 0; round <= RUNS; round++) {
  for (const {args, ms} of times) {
    const taken = timed(args)
    if (round > 0) ms.push(taken)
  }
}

const medians = times.map(({ms}) => median(ms))
times.forEach(({name}, index) => {
  console.log(`${name.padEnd(30)}${(medians[index] ?? NaN).toFixed(1).padStart(7)} ms`)
})
const [bare = NaN, ours = NaN] = medians
console.log(`median of ${RUNS} runs each: ${(ours / bare).toFixed(2)}x, at most ${LIMIT}x is wanted`)

function timed(args: readonly string[]): number {
  const start = performance.now()
  const {status} = spawnSync(process.execPath, args, {stdio: 'ignore'})
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status ?? 'a signal'}`)
  return performance.now() - start
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2
}
