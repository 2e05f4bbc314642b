// Makes the mistakes of test/sabotage/ one after another in a copy of the checkout, and sees whether the tests that
// docs/reliability.md names notice each: `npm run sabotage -- --part unit --only clean --no-baseline`. Exit code 1 where one
// did not.
import {constants} from 'node:os'
import {parseArgs} from 'node:util'
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
const lines: {readonly isNoticed: boolean; readonly text: string}[] = []

const scratch = await copyOfCheckout()
try {
  if (values.baseline) await baseline(scratch)
  await all(scratch)
  summary()
} catch (error) {
  if (!interruption.signal.aborted) throw error
  process.exitCode = 128 + constants.signals[interruption.signal.reason as NodeJS.Signals]
}

/** Says of each test that it passes as long as nothing is broken: one that fails anyway notices nothing. */
async function baseline(on: Scratch): Promise<void> {
  const notices = meant.flatMap(({noticedBy}) => noticedBy).filter((one) => partOf(one) !== 'e2e')
  for (const trial of trialsOf(notices)) {
    const tried = await tryOut(trial, on, interruption.signal)
    const wrong = tried.filter(([, outcome]) => outcome !== 'passed')
    say(`unbroken: ${trial.test}: ${tried.length - wrong.length} of ${tried.length} pass`)
    for (const [{title}, outcome] of wrong) {
      lines.push({isNoticed: false, text: `${trial.test}: ${title}: unbroken, and ${wordsOf(outcome)}`})
    }
  }
}

async function all(on: Scratch): Promise<void> {
  for (const mistake of meant) {
    for (const trial of trialsOf(mistake.noticedBy)) {
      const began = Date.now()
      const tried = await sabotage(mistake, trial, on, interruption.signal)
      const seconds = ((Date.now() - began) / 1000).toFixed(1)
      for (const [{test, title}, outcome] of tried) {
        const isNoticed = outcome === 'failed'
        const result = isNoticed ? 'noticed' : `NOT NOTICED (${wordsOf(outcome)})`
        lines.push({isNoticed, text: `${test}: ${title}: ${mistake.file}: ${mistake.what}: ${result}`})
      }
      const noticed = tried.filter(([, outcome]) => outcome === 'failed').length
      say(
        `${mistake.file}: ${mistake.what}: ${noticed} of ${tried.length} in ${trial.test} notice, ${seconds} s`,
      )
    }
  }
}

function wordsOf(outcome: Tried[1]): string {
  return typeof outcome === 'string' ? outcome : outcome.unknown
}

/** Each test and what it noticed, those that noticed nothing last. */
function summary(): void {
  const [noticed, not] = [lines.filter((one) => one.isNoticed), lines.filter((one) => !one.isNoticed)]
  say('')
  for (const {text} of [...noticed, ...not]) say(text)
  say(`\n${noticed.length} noticed, ${not.length} not noticed`)
  process.exitCode = not.length > 0 || noticed.length === 0 ? 1 : 0
}
