/** How long the built program takes to say its version, beside the least that Node can do. */
import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {medianTimes} from '../../scripts/median-times.ts'

const RUNS = 21
/** The most that the program may take, as a multiple of bare Node. */
const LIMIT = 2.5

const program = join(import.meta.dirname, '../../dist/main.cjs')
if (!existsSync(program)) throw new Error('there is no dist/: npm run build makes it')

const contenders = {
  'node -e 0': [process.execPath, '-e', '0'],
  'kubectl-netdoctor --version': [process.execPath, program, '--version'],
}

const medians = medianTimes(Object.values(contenders), RUNS)
Object.keys(contenders).forEach((name, index) => {
  console.log(`${name.padEnd(30)}${(medians[index] ?? NaN).toFixed(1).padStart(7)} ms`)
})
const [bare = NaN, ours = NaN] = medians
console.log(`median of ${RUNS} runs each: ${(ours / bare).toFixed(2)}x, at most ${LIMIT}x is wanted`)
