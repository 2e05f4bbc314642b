// Makes the mistakes of test/sabotage/ one after another in a copy of the checkout, and sees whether the tests that
// docs/reliability.md names notice each: `npm run sabotage -- --part unit --only clean --no-baseline`. Exit code 1 where one
// did not.
import {constants} from 'node:os'
import {parseArgs} from 'node:util'
import {removeCrashed} from '../test/e2e/cluster/take-down.ts'
import {MISTAKES} from '../test/sabotage/mistakes.ts'
import {PARTS, partOf, type Mistake, type Notice} from '../test/sabotage/mistake.ts'
import {copyOfCheckout, type Scratch} from './sabotage/scratch.ts'
import {sabotage, trialsOf, tryOut, type Tried} from './sabotage/trial.ts'

const {values} = parseArgs({
  options: {
    only: {type: 'string', default: ''},
    part: {type: 'string', multiple: true, default: [...PARTS]},
    baseline: {type: 'boolean', default: true},
  },
  allowNegative: true,
})
const say = (text: string) => process.stdout.write(`${text}\n`)
const strange = values.part.find((one) => !PARTS.some((part) => part === one))
if (strange !== undefined) {
  process.stderr.write(`There is no part "${strange}": ${PARTS.join(', ')}\n`)
  process.exit(2)
}

/** Ctrl-C and the like, once. */
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(signal))
}
// `| head`: who reads no more needs no more.
process.stdout.on('error', () => interruption.abort('SIGPIPE'))

const isMeant = (notice: Notice) =>
  values.part.includes(partOf(notice)) && `${notice.test}: ${notice.title}`.includes(values.only)
const meant = MISTAKES.map((mistake): Mistake => ({...mistake, noticedBy: mistake.noticedBy.filter(isMeant)}))
/** A row of the table in the end. */
interface Row {
  readonly test: string
  readonly title: string
  /** None where the test noticed the mistake. */
  readonly why: string | undefined
}
const rows: Row[] = []

const scratch = await copyOfCheckout()
try {
  if (values.baseline) await baseline(scratch)
  await all(scratch)
  summary()
} catch (error) {
  if (!interruption.signal.aborted) throw error
  process.exitCode = 128 + constants.signals[interruption.signal.reason as NodeJS.Signals]
  if (values.part.includes('e2e')) await removeCrashed()
}

/** Says of each test that it passes as long as nothing is broken: one that fails anyway notices nothing. */
async function baseline(on: Scratch): Promise<void> {
  const notices = meant.flatMap(({noticedBy}) => noticedBy).filter((one) => partOf(one) !== 'e2e')
  for (const trial of trialsOf(notices)) {
    const tried = await tryOut(trial, on, interruption.signal)
    const wrong = tried.filter(([, {came}]) => came !== 'passed')
    say(`unbroken: ${trial.test}: ${tried.length - wrong.length} of ${tried.length} pass`)
    for (const [{test, title}, outcome] of wrong) {
      rows.push({test, title, why: `without a mistake: ${wordsOf(outcome)}`})
    }
  }
}

async function all(on: Scratch): Promise<void> {
  for (const mistake of meant) {
    for (const trial of trialsOf(mistake.noticedBy)) {
      const began = Date.now()
      const tried = await sabotage(mistake, trial, on, interruption.signal)
      const seconds = ((Date.now() - began) / 1000).toFixed(1)
      say(`${mistake.file}: ${mistake.what} (${seconds} s)`)
      for (const [{test, title}, outcome] of tried) {
        say(`  ${test}: ${title}: ${wordsOf(outcome)}`)
        const why = outcome.came === 'failed' ? undefined : `${mistake.what}: ${wordsOf(outcome)}`
        rows.push({test, title, why})
      }
    }
  }
}

function wordsOf({came, why}: Tried[1]): string {
  return why === '' ? came : `${came}: ${why}`
}

/** Each test and whether it noticed its mistake, those that did not last. */
function summary(): void {
  const [noticed, not] = [
    rows.filter(({why}) => why === undefined),
    rows.filter(({why}) => why !== undefined),
  ]
  say('')
  const width = Math.max(0, ...rows.map(({test}) => test.length))
  for (const {test, title, why} of [...noticed, ...not]) {
    say(`${why === undefined ? 'noticed    ' : 'NOT NOTICED'}  ${test.padEnd(width)}  ${title}`)
    if (why !== undefined) say(`             ${why}`)
  }
  say(`\n${noticed.length} noticed, ${not.length} not noticed`)
  process.exitCode = not.length > 0 || noticed.length === 0 ? 1 : 0
}
