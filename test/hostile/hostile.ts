import {randomInt} from 'node:crypto'
import fc from 'fast-check'
import {expect} from 'vitest'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import {UserError} from '../../src/model/error.ts'
import type {Run} from '../../src/model/run.ts'
import {FORMAT_NAMES} from '../../src/report/format.ts'
import {FORMATS} from '../../src/report/index.ts'
import {parseReport, reportJson} from '../../src/saved/report.ts'
import {parseResume, resumeJson} from '../../src/saved/resume.ts'
import {RUNS} from '../report/samples.ts'

/** How many cases each property gets, and from which seed: `npm run hostile` sets them. */
const CASES = Number(process.env['NETDOCTOR_CASES'] ?? 300)
const seed = Number(process.env['NETDOCTOR_SEED'] ?? randomInt(2 ** 31))
export const CAMPAIGN = {numRuns: CASES, seed}
if (process.env['NETDOCTOR_CASES'] !== undefined) console.info(`${CASES} cases, NETDOCTOR_SEED=${seed}`)

/** Words that mean something to a shell, a terminal, a reader of bidirectional text, HTML, XML, JSON or JavaScript. */
const EVIL = [
  ...[
    '$(touch canary)',
    '`touch canary`',
    ';touch canary;',
    '|touch canary',
    '&&touch canary',
    "'",
    '"',
    '\\',
  ],
  ...[
    '\n',
    '\r',
    '\t',
    ' ',
    '\u0000',
    '\u001b[2J',
    '\u001b]0;x\u0007',
    '\u009b1m',
    '\u007f',
    '\u202e',
    '\u2066',
  ],
  ...[
    '\u2028',
    '\ufffe',
    '\ud800',
    '-n',
    '--help',
    '-oProxyCommand=x',
    '../../etc/passwd',
    '~',
    '*',
    '$IFS',
    '%s%n',
  ],
  ...[
    '<script>alert(1)</script>',
    ']]>',
    '<!--',
    '&lt;',
    '</failure>',
    '{address}',
    '{brace}',
    '__proto__',
    'FUNCTIONS.',
  ],
  ...['JOBS.0', '10.0.0.1', '::1', '0', '-1', '999999999999', 'x'.repeat(300), 'NaN', 'true', '|', '\u001e'],
]

export const evilText = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...EVIL), fc.string({maxLength: 5, unit: 'binary'})), {maxLength: 6})
    .map((parts) => parts.join('')),
  fc.constantFrom(...EVIL),
)

/** What stands in a document where something else should. */
export const evilValue = fc.oneof(
  evilText,
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    65_536,
    1e21,
    4_294_967_296,
    [],
    {},
    [null],
    [[]],
    [{}],
    '',
  ),
  fc.jsonValue({maxDepth: 2}),
)

/** Changes of a document: which place, what is put there, and under which name; `undefined` leaves the place out, or its name. */
export type Edits = readonly {readonly at: number; readonly put: unknown; readonly as: string | undefined}[]
export const edits: fc.Arbitrary<Edits> = fc.array(
  fc.record({
    at: fc.nat(100_000),
    put: fc.oneof(evilValue, fc.constant(undefined)),
    as: fc.oneof({weight: 5, arbitrary: fc.constant(undefined)}, evilText),
  }),
  {minLength: 1, maxLength: 4},
)

/** The document with the edits; kinds of places are counted through all of it. */
export function edited(document: unknown, changes: Edits): unknown {
  return changes.reduce((now, {at, put, as}) => {
    const copy: unknown = structuredClone(now)
    const place = placeAt(at, placesIn(copy))
    if (place === undefined) return put
    const renamed = Array.isArray(place.inside) ? undefined : as
    if (renamed !== undefined) Reflect.deleteProperty(place.inside, place.key)
    // As a file would have it: an own key, whatever it is called.
    Object.defineProperty(place.inside, renamed ?? place.key, {
      value: put,
      configurable: true,
      enumerable: true,
      writable: true,
    })
    return copy
  }, document)
}

interface Place {
  readonly inside: object
  readonly key: string
  /** The way to it, the same for all items of a list. */
  readonly kind: string
}

function placesIn(value: unknown, way = ''): Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const kind = `${way}.${Array.isArray(value) ? '*' : key}`
    return [{inside: value, key, kind}, ...placesIn(inner, kind)]
  })
}

/** Each kind of place as often as any other: a document has far more numbers in its lists than names. */
function placeAt(at: number, places: readonly Place[]): Place | undefined {
  const kinds = [...new Set(places.map(({kind}) => kind))]
  const kind = kinds[at % kinds.length]
  const alike = places.filter((place) => place.kind === kind)
  return alike[Math.floor(at / kinds.length) % alike.length]
}

/** The value, or the message of the UserError; anything else that is thrown is a crash. */
export function outcomeOf<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    return messageOf(error)
  }
}

export function messageOf(error: unknown): string {
  if (!(error instanceof UserError)) throw error
  if (error.message === '' || /\n +at /.test(error.message)) expect.fail(`no sentence: ${error.message}`)
  return error.message
}

/* What moves a cursor, starts a line, or reorders what one reads. */
const UNPRINTABLE = /[^\n\P{Cc}]|[\p{Cf}\p{Cs}\u2028\u2029]/u
const MARKUP = /<script|<!--|]]>/g

/** How often each kind of markup is in a run's form, its own script among them. */
const markupOf = (text: string) => (text.match(MARKUP) ?? []).sort().join(' ')
const form = (name: (typeof FORMAT_NAMES)[number], run: Run) =>
  [...FORMATS[name](run, diagnose(run), {color: false, width: 100})].join('')
const OWN_MARKUP = {junit: '', html: markupOf(form('html', RUNS['all well']))}

/** Whatever a run holds, it can be saved, read back and shown in every form, and nothing in it acts. */
export function assertShown(run: Run): void {
  const back = parseReport([...reportJson(run)].join(''), 'report.json')
  if (back.results.size !== run.plan.size) expect.fail('a report of another size')
  if (!Array.isArray(parseResume([...resumeJson(run)].join(''), 'resume.json'))) expect.fail('no entries')
  for (const name of FORMAT_NAMES) {
    const text = form(name, run)
    const odd = UNPRINTABLE.exec(text)
    if (odd !== null) expect.fail(`${name} shows ${JSON.stringify(odd[0])}`)
    if ((name === 'junit' || name === 'html') && markupOf(text) !== OWN_MARKUP[name])
      expect.fail(`${name} holds markup`)
  }
}
