import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {listen} from '../../src/probe/decode.ts'
import type {Section} from '../../src/probe/script.ts'
import {tcp} from '../../src/protocols/tcp.ts'

const NONCE = '5f0c1d2e3b4a5968'
const sections: Section[] = [
  {protocol: tcp, check: 'reply', targets: ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80']},
]

const succeeded = (id: string) => `${NONCE} A ${id}\t0\t200\t0.000400\t0.000900\t\tOK\t${NONCE} ${id}`
const unreached = (id: string) =>
  `${NONCE} A ${id}\t7\t000\t0.000000\t0.001000\tCouldn't connect to server\t\t${NONCE} ${id}`
const trace = (target: string, text: string) => `${NONCE} T ${target}\t${text}\t${NONCE} ${target}`
const lacking = (section: string) => `${NONCE} M ${section}\tcurl\t${NONCE} ${section}`
const end = (jobs: number) => `${NONCE} E ${jobs}\t${NONCE}`

const OUTPUT = [
  succeeded('0.0'),
  succeeded('0.1'),
  unreached('0.2'),
  trace('10.0.0.3:80', 'Connection refused'),
  end(3),
]

function heardFrom(lines: readonly string[]) {
  const heard = listen(NONCE, sections)
  lines.forEach(heard.line)
  return {
    fields: [0, 1, 2].map((job) => heard.answer(0, job)?.fields),
    trace: heard.answer(0, 2)?.trace,
    answered: heard.answered(),
    ended: heard.ended(),
    unable: [0, 1, 2].map((job) => heard.unable(0, job)),
    missing: heard.missing(0),
  }
}

const OK = ['0', '200', '0.000400', '0.000900', '', 'OK']
const NOTHING_THERE = ['7', '000', '0.000000', '0.001000', "Couldn't connect to server", '']
const WHOLE = {
  fields: [OK, OK, NOTHING_THERE],
  trace: 'Connection refused',
  answered: 3,
  ended: true,
  unable: [undefined, undefined, undefined],
  missing: [],
}

test('a whole output gives every answer', () => {
  expect(heardFrom(OUTPUT)).toEqual(WHOLE)
})

describe('the same is heard', () => {
  test.each([
    ['with carriage returns', OUTPUT.map((line) => `${line}\r`)],
    ['in any order', [...OUTPUT].reverse()],
    ['with every line twice', OUTPUT.flatMap((line) => [line, line])],
    [
      'with noise between the lines',
      OUTPUT.flatMap((line) => [
        line,
        '',
        'Unable to use a TTY',
        NONCE,
        `${NONCE} `,
        `x ${succeeded('0.0')}`,
      ]),
    ],
    ['with lines of another exec', [...OUTPUT, succeeded('0.0').replaceAll(NONCE, 'ffffffffffffffff')]],
    [
      'with answers that nobody asked for',
      [...OUTPUT, succeeded('0.3'), succeeded('1.0'), succeeded('0.99999999')],
    ],
    ['with an unknown kind of line', [...OUTPUT, `${NONCE} Z 1\t${NONCE}`]],
    ['with an unknown kind of line about a job', [...OUTPUT, unreached('0.0').replace(' A ', ' Z ')]],
    [
      'with answers to what is no job',
      [...OUTPUT, ...['00000.0', '0.00000000', '0.0.0', '0.0x', 'x0.0', '0.-0', '.'].map(unreached)],
    ],
    ['with answers under a foreign mark', [...OUTPUT, unreached('0.0').replace(NONCE, 'f'.repeat(16))]],
    ['with tools that no section lacks', [...OUTPUT, ...['00000', '0x', '1', ''].map(lacking)]],
  ])('%s', (_, lines) => {
    expect(heardFrom(lines)).toEqual(WHOLE)
  })
})

test('nothing that is cut off anywhere gives an answer that was not whole', () => {
  const output = OUTPUT.join('\n') + '\n'
  for (let length = 0; length < output.length; length++) {
    const heard = heardFrom(output.slice(0, length).split('\n'))
    heard.fields.forEach((fields, job) => expect([undefined, WHOLE.fields[job]]).toContainEqual(fields))
    expect([undefined, 'Connection refused']).toContain(heard.trace)
    // Only the last line end may be missing.
    expect(heard.ended).toBe(length >= output.length - 1)
  }
})

test('nor does what is cut off in front', () => {
  const output = OUTPUT.join('\n') + '\n'
  for (let start = 0; start < output.length; start++) {
    const {fields} = heardFrom(output.slice(start).split('\n'))
    fields.forEach((one, job) => expect([undefined, WHOLE.fields[job]]).toContainEqual(one))
  }
})

test('two lines glued together, bytes between them missing, give no answer that was not whole', () => {
  const [first, second] = [succeeded('0.0'), unreached('0.1')]
  for (let kept = 0; kept < first.length; kept++) {
    for (let from = 0; from < second.length; from++) {
      const {fields} = heardFrom([first.slice(0, kept) + second.slice(from)])
      expect([undefined, OK]).toContainEqual(fields[0])
      expect([undefined, NOTHING_THERE]).toContainEqual(fields[1])
    }
  }
})

test('answers that contradict each other are none, whatever comes later', () => {
  const heard = heardFrom([succeeded('0.0'), unreached('0.0'), succeeded('0.0'), succeeded('0.1')])
  expect(heard.fields).toEqual([undefined, OK, undefined])
  expect(heard.answered).toBe(1)
})

test.each([
  ['of fewer jobs', end(2), false],
  ['of more jobs', end(4), false],
  ['of no number', `${NONCE} E \t${NONCE}`, false],
  ['cut short', end(3).slice(0, -1), false],
  ['of another exec', end(3).replaceAll(NONCE, 'ffffffffffffffff'), false],
  ['of all jobs', end(3), true],
])('an end marker %s: ended is %s', (_, line, ended) => {
  expect(heardFrom([line]).ended).toBe(ended)
})

test('sections are told apart, and nothing is known of one that there is not', () => {
  const twelve = sections.flatMap((section) => new Array<Section>(12).fill(section))
  const heard = listen(NONCE, twelve)
  for (const line of [succeeded('10.1'), lacking('11')]) heard.line(line)
  expect([heard.answer(1, 1), heard.answer(10, 1)?.fields]).toEqual([undefined, OK])
  expect([heard.missing(1), heard.missing(11)]).toEqual([[], ['curl']])
  expect([heard.answer(12, 0), heard.unable(12, 0), heard.missing(12)]).toEqual([undefined, undefined, []])
})

test('a missing tool is named once, and belongs to its section', () => {
  const line = `${NONCE} M 0\tcurl\t${NONCE} 0`
  const other = `${NONCE} M 1\tping\t${NONCE} 1`
  expect(heardFrom([line, line, other, end(3)])).toMatchObject({missing: ['curl'], answered: 0, ended: true})
})

describe('that a probe cannot be made', () => {
  const unable = (id: string, text: string) => `${NONCE} U ${id}\t${text}\t${NONCE} ${id}`

  test('is no answer, but ends the waiting for one', () => {
    const heard = heardFrom([unable('0.1', 'the image has no such thing')])
    expect(heard.unable).toEqual([undefined, 'the image has no such thing', undefined])
    expect(heard.fields).toEqual([undefined, undefined, undefined])
    expect(heard.answered).toBe(1)
  })

  test.each([
    ['an answer before', [succeeded('0.1'), unable('0.1', 'no')]],
    ['an answer after', [unable('0.1', 'no'), succeeded('0.1')]],
    ['another cause', [unable('0.1', 'no'), unable('0.1', 'not')]],
    ['an answer of the same words', [unable('0.1', 'no'), `${NONCE} A 0.1\tno\t${NONCE} 0.1`]],
  ])('is contradicted by %s', (_, lines) => {
    expect(heardFrom(lines)).toMatchObject({
      unable: [undefined, undefined, undefined],
      fields: [undefined, undefined, undefined],
      answered: 0,
    })
  })

  test('counts only as a whole line about a job that there is', () => {
    const whole = unable('0.1', 'the image has no such thing')
    const lines = Array.from({length: whole.length}, (_, length) => whole.slice(0, length))
    lines.push(unable('0.3', 'no'), unable('1.0', 'no'), unable('0', 'no'), unable('', 'no'), `x${whole}`)
    lines.push(whole.replace(`${NONCE} 0.1`, `${NONCE} 0.2`), whole.replaceAll(NONCE, 'ffffffffffffffff'))
    expect(heardFrom(lines)).toMatchObject({unable: [undefined, undefined, undefined], answered: 0})
  })
})

test('a body with tabs stays apart from the other fields', () => {
  const line = `${NONCE} A 0.0\t0\t200\t0.1\t0.2\t\ta\tb\tE 3\tc\t${NONCE} 0.0`
  expect(heardFrom([line]).fields[0]).toEqual(['0', '200', '0.1', '0.2', '', 'a', 'b', 'E 3', 'c'])
})

test('pieces of two lines are no line, wherever they are cut', () => {
  const [one, other] = [succeeded('0.0'), succeeded('0.1')]
  for (let cut = 1; cut < one.length; cut++) {
    for (let taken = 1; taken < other.length; taken++) {
      const [first, last] = [one.slice(0, cut) + other.slice(0, taken) + one.slice(cut), other.slice(taken)]
      // Without its whole mark, it may have come from a peer.
      if (taken <= NONCE.length) continue
      expect(heardFrom([first, last]).answered, first).toBe(0)
    }
  }
})

test('no foreign text is taken for ours', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => {
      expect(heardFrom(lines)).toMatchObject({answered: 0, ended: false, missing: []})
    }),
  )
})

test('two traces glued together, bytes between them missing, say nothing of the wrong target', () => {
  const [first, second] = [
    trace('10.0.0.3:80', 'Connection refused'),
    trace('10.0.0.2:80', 'No route to host'),
  ]
  for (let kept = 0; kept < first.length; kept++) {
    for (let from = 0; from < second.length; from++) {
      const heard = heardFrom([unreached('0.2'), first.slice(0, kept) + second.slice(from)])
      expect([undefined, 'Connection refused']).toContain(heard.trace)
    }
  }
})
