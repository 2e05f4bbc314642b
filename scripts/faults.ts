// Breaks a real cluster in two ways at once, over and over, and holds each report against what must be in it:
// `npm run faults -- --seed 7 --pairs 20`. The same seed gives the same pairs. Exit code 1 where a report was wrong.
import {parseArgs} from 'node:util'
import {createCluster} from '../test/e2e/cluster/create.ts'
import {pairsOf} from '../test/e2e/faults/campaign.ts'
import {differences, expected} from '../test/e2e/faults/expectation.ts'
import {breakAll, EVERYTHING, nodeOfDns, probesInTheEnd} from '../test/e2e/faults/ground.ts'
import {deskFor} from '../test/e2e/program.ts'

const {values} = parseArgs({
  options: {seed: {type: 'string', default: '1'}, pairs: {type: 'string', default: '20'}},
})
const say = (text: string) => process.stdout.write(`${text}\n`)
const sum = {probes: 0, FAILED: 0, wrong: 0}

const cluster = await createCluster({dualStack: true})
const desk = await deskFor(cluster)
try {
  await desk.configure(EVERYTHING)
  const dnsOn = await nodeOfDns(cluster)
  for (const [index, faults] of pairsOf(Number(values.seed), Number(values.pairs)).entries()) {
    await breakAll(cluster, faults)
    const {ms, exitCode, stderr} = await desk.run('check', '-q')
    if (exitCode !== 0 && exitCode !== 1) throw new Error(`exit code ${exitCode}: ${stderr}`)
    const probes = await probesInTheEnd(desk)
    await cluster.undoFaults()
    const wrong = differences(probes, (probe) => expected(probe, faults, dnsOn))
    const failed = probes.filter(({status}) => status === 'FAILED').length
    sum.probes += probes.length
    sum.FAILED += failed
    sum.wrong += wrong.length
    const words = faults.map((one) => one.join(' ')).join(' and ')
    say(
      `${index + 1}. ${words}: ${failed} of ${probes.length} FAILED, ${wrong.length} wrong, ${(ms / 1000).toFixed(1)} s`,
    )
    for (const line of wrong) say(`   ${line}`)
  }
} finally {
  await cluster.down()
  await desk.remove()
}
say(
  `seed ${values.seed}: ${values.pairs} pairs, ${sum.probes} probes, ${sum.FAILED} FAILED, ${sum.wrong} wrong`,
)
process.exitCode = sum.wrong > 0 ? 1 : 0
