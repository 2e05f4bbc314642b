import fc from 'fast-check'
import {expect, test} from 'vitest'
import {normalise} from '../../src/config/normalise.ts'
import {validate} from '../../src/config/validate.ts'
import {readLine} from '../../src/cli/words.ts'
import {parse} from '../../src/cli/parse.ts'
import {PAGES} from '../../src/cli/pages.ts'
import {parseReport, reportJson} from '../../src/saved/report.ts'
import {parseResume, resumeJson} from '../../src/saved/resume.ts'
import {RUNS} from '../report/samples.ts'
import {assertShown, CAMPAIGN, edited, edits, evilText, evilValue, messageOf, outcomeOf} from './hostile.ts'

const CONFIG = {
  namespace: 'netcheck',
  protocol: ['tcp', 'dns'],
  mode: 'pod',
  port: '8889',
  maxNum: 3,
  cmdTimeout: 10,
  podWaitTime: 30,
  srcKubeConfig: '~/east',
  srcContext: 'a',
  dstKubeConfig: '~/west',
  srcImageRepository: 'example.com/a',
  customizedTargetIPList: ['192.0.2.1', 'db.example.com'],
  customizedTargetPortList: [80],
  targetDNSServer: '192.0.2.53',
  targetHostToLookup: 'kubernetes.default',
  cidrMap: {'10.0.0.0/8': '11.0.0.0/8'},
  nodeSelector: {zone: 'a'},
  tolerations: [{key: 'a', operator: 'Exists'}],
  clusters: [{name: 'east', kubeconfig: '~/e'}],
  floater: 'agnhost',
}

/** What cannot be JSON, such as undefined, becomes null. */
const jsonOf = (value: unknown) => JSON.stringify([value]).slice(1, -1)

test('config.json: fields, or sentences', () => {
  fc.assert(
    fc.property(edits, fc.boolean(), evilText, (changes, torn, tail) => {
      const text = jsonOf(edited(CONFIG, changes))
      const {fields, problems} = validate({
        file: {name: 'config.json', text: torn ? text.slice(0, -3) + tail : text},
      })
      if (problems === undefined) normalise(fields, {home: '/home/ann', identity: {}})
      else if (problems.length === 0 || problems.some((one) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(one)))
        expect.fail(`not sentences: ${JSON.stringify(problems)}`)
    }),
    CAMPAIGN,
  )
})

const resumes = [
  RUNS['failures, nodes without floaters, untested'],
  RUNS['every mode, protocol and kind of floater'],
]
  .map((run) => JSON.parse([...resumeJson(run)].join('')) as unknown[])
  .map((entries) => entries.slice(0, 4))

test('resume.json: entries, or a sentence', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...resumes),
      edits,
      fc.boolean(),
      evilText,
      (entries, changes, torn, tail) => {
        const text = jsonOf(edited(entries, changes))
        outcomeOf(() => parseResume(torn ? text.slice(0, -5) + tail : text, 'resume.json'))
      },
    ),
    CAMPAIGN,
  )
})

const reports = Object.values(RUNS).map((run) => JSON.parse([...reportJson(run)].join('')) as object)

test('report.json: a run that every form shows, or a sentence', () => {
  fc.assert(
    fc.property(fc.constantFrom(...reports), edits, fc.boolean(), evilText, (report, changes, torn, tail) => {
      const text = jsonOf(edited(report, changes))
      const run = outcomeOf(() => parseReport(torn ? text.slice(0, -5) + tail : text, 'report.json'))
      if (typeof run !== 'string') assertShown(run)
    }),
    CAMPAIGN,
  )
})

const flags = PAGES.flatMap((page) => page.flags.map(({name}) => `--${name}`))
const word = fc.oneof(
  evilText,
  fc.constantFrom(...flags, ...PAGES.map(({name}) => name), '-n', '-o', '-v', '-q', '--', '-', 'json'),
  fc.tuple(fc.constantFrom(...flags), evilText).map(([flag, value]) => `${flag}=${value}`),
)

test('flags: arguments that the config takes, or sentences', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PAGES), fc.array(word, {maxLength: 6}), async (page, words) => {
      outcomeOf(() => readLine([page.name, ...words]))
      await parse(words, page).catch(messageOf)
    }),
    CAMPAIGN,
  )
})

test('values of flags: fields, or sentences', () => {
  const typed = fc.dictionary(
    fc.constantFrom(...Object.keys(CONFIG)),
    fc.array(
      fc.oneof(
        evilText,
        fc.boolean(),
        evilValue.map((value) => jsonOf(value)),
      ),
      {minLength: 1, maxLength: 2},
    ),
  )
  fc.assert(
    fc.property(typed, (given) => {
      const {fields, problems} = validate({flags: given})
      if (problems === undefined) normalise(fields, {home: '/home/ann', identity: {}})
    }),
    CAMPAIGN,
  )
})
