// How often the diagnosis is right about made-up clusters: `node --import tsx scripts/simulate.ts [SEED] [CASES] [LARGEST]`.
import {simulate} from '../test/diagnosis/simulate.ts'

const [seed = 1, cases = 1000, largest = 60] = process.argv.slice(2).map(Number)
const {right, fair, unexplained, misses} = simulate(seed, cases, largest)
for (const miss of misses) console.log(miss)
console.log(
  `seed ${seed}, ${cases} cases: the first finding names a true fault in ${right.toFixed(1)} %, no healthy node is named in ${fair.toFixed(1)} %; ${unexplained} with something unexplained`,
)
