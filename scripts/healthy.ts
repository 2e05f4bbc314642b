// Checks a healthy cluster of three real nodes again and again, and counts what is not SUCCEEDED: none must be.
// `npm run healthy -- --checks 100`. Exit code 1 where there was one.
import {parseArgs} from 'node:util'
import {createCluster} from '../test/e2e/cluster/create.ts'
import {EVERYTHING} from '../test/e2e/faults/ground.ts'
import {probesOf, wordsOf} from '../test/e2e/faults/seen.ts'
import {deskFor} from '../test/e2e/program.ts'

const {values} = parseArgs({options: {checks: {type: 'string', default: '100'}}})
const say = (text: string) => process.stdout.write(`${text}\n`)
const sum = {probes: 0, alarms: 0, unstable: 0, ms: 0}

const cluster = await createCluster({dualStack: true})
const desk = await deskFor(cluster)
try {
  await desk.configure({...EVERYTHING, retries: 1})
  for (let check = 1; check <= Number(values.checks); check++) {
    const {exitCode, stderr, ms} = await desk.run('check', '-q')
    const probes = probesOf(await desk.report())
    const alarms = probes.filter(({status}) => status !== 'SUCCEEDED')
    sum.probes += probes.length
    sum.alarms += alarms.length
    sum.unstable += probes.filter(({isUnstable}) => isUnstable).length
    sum.ms += ms
    for (const probe of alarms) say(`check ${check}: ${wordsOf(probe)}: ${probe.status} ${probe.reason}`)
    if ((exitCode === 0) !== (alarms.length === 0)) throw new Error(`exit code ${exitCode}: ${stderr}`)
    if (check % 10 === 0) say(`${check} checks, ${sum.probes} probes, ${sum.alarms} false alarms`)
  }
} finally {
  await cluster.down()
  await desk.remove()
}
const seconds = (sum.ms / 1000 / Number(values.checks)).toFixed(1)
say(
  `${values.checks} checks of ${seconds} s, ${sum.probes} probes, ${sum.alarms} false alarms, ${sum.unstable} unstable`,
)
process.exitCode = sum.alarms > 0 ? 1 : 0
