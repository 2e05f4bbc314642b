import fc from 'fast-check'
import {expect, test} from 'vitest'
import {listen} from '../../src/probe/decode.ts'
import type {Kubectl} from '../../src/kubectl/kubectl.ts'
import {protocols} from '../../src/protocols/index.ts'
import {checkNetwork} from '../../src/run/check.ts'
import {exitCodeOf} from '../../src/run/outcome.ts'
import {checkScope} from '../../src/run/scope.ts'
import {worldOf, type ClusterParts} from '../run/world.ts'
import {assertShown, CAMPAIGN, edited, edits, evilText, messageOf, type Edits} from './hostile.ts'

/** What is done to one answer of kubectl. */
interface Lie {
  /** Which one; counted from the first. */
  readonly call: number
  readonly changes: Edits
  /** Put in place of a line, or of the whole where there are no lines. */
  readonly text: string | undefined
  readonly stderr: string | undefined
}

const lies = fc.array(
  fc.record({
    call: fc.nat(14),
    changes: edits,
    text: fc.option(evilText, {nil: undefined}),
    stderr: fc.option(evilText, {nil: undefined}),
  }),
  {minLength: 1, maxLength: 3},
)

function lied(output: string, {changes, text}: Lie): string {
  if (text !== undefined && changes.length % 2 === 0) return text
  const documents = output.split(/(?<=^\})\n/m)
  try {
    return documents
      .filter((one) => one.trim() !== '')
      .map((one) => JSON.stringify(edited(JSON.parse(one), changes)))
      .join('\n')
  } catch {
    const at = (changes[0]?.at ?? 0) % (output.length + 1)
    return output.slice(0, at) + (text ?? '') + output.slice(at + changes.length)
  }
}

/** The kubectl, some of whose answers are lies. */
function lying(kubectl: Kubectl, told: readonly Lie[], counter: {calls: number}): Kubectl {
  const lieOf = () => {
    const call = counter.calls++
    return told.find((lie) => lie.call === call)
  }
  return {
    async run(args, options) {
      const lie = lieOf()
      const result = await kubectl.run(args, options)
      if (lie === undefined) return result
      if (lie.stderr !== undefined) return {...result, ok: false, exitCode: 1, stderr: lie.stderr}
      return {...result, stdout: lied(result.stdout, lie)}
    },
    async stream(args, options) {
      const lie = lieOf()
      const onLine = (line: string) => {
        for (const one of (lie === undefined ? line : lied(line, lie)).split('\n')) options.onLine(one)
      }
      const result = await kubectl.stream(args, {...options, onLine})
      return lie?.stderr === undefined ? result : {...result, stderr: lie.stderr}
    },
  }
}

const EVENTS = {
  items: [
    {
      involvedObject: {kind: 'Pod', name: 'floater-n2'},
      reason: 'FailedCreatePodSandBox',
      message: 'no network',
      lastTimestamp: '2030-01-02T03:04:05Z',
    },
  ],
}
const behave: ClusterParts['behave'] = (step) =>
  step === 'events' ? {stdout: JSON.stringify(EVENTS)} : undefined

test('a check: a run that every form shows, or a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(lies, fc.boolean(), async (told, missing) => {
      const {config, effects} = worldOf(
        {src: {nodes: ['n1', 'n2'], namespaceExists: true, without: missing ? ['n2'] : [], behave}},
        // Long enough for one look.
        {podWaitTime: 0.01, retries: 0},
      )
      const counter = {calls: 0}
      const kubectlFor: typeof effects.kubectlFor = (connection) =>
        lying(effects.kubectlFor(connection), told, counter)
      const run = await checkNetwork(config, {...effects, kubectlFor}, (sites) => checkScope(config, sites), {
        deploying: () => undefined,
        stuck: () => undefined,
      }).catch(messageOf)
      if (typeof run === 'string') return
      assertShown(run)
      if (![0, 1, 3].includes(exitCodeOf(run))) expect.fail(`exit code ${exitCodeOf(run)}`)
    }),
    CAMPAIGN,
  )
})

const NONCE = '0123456789abcdef'
const GUESS = '0123456789abcdee'
const IDENTITY = 'n1/uid'
const JOBS = ['0.0', '0.1'] as const

/** A line of output, and the job whose floater has really said who it is. */
interface Line {
  readonly text: string
  readonly proves?: string
}

const frame = (start: string, about: string, fields: readonly string[], end: string, closes = about) =>
  `${start} A ${about}\t${fields.join('\t')}\t${end} ${closes}`
const RIGHT = ['0', '200', '0.000400', '0.000900', '', IDENTITY]

const proof = fc
  .constantFrom(...JOBS)
  .map((job): Line => ({text: frame(NONCE, job, RIGHT, NONCE), proves: job}))

/** What the script says of a peer that is another, or none. */
const honest = fc
  .tuple(
    fc.constantFrom(...JOBS),
    fc.constantFrom('0', '0', '0', '7', '23', '28', '52', 'x', ''),
    fc.constantFrom('200', '200', '404', '000', ''),
    fc.oneof(
      evilText,
      fc.constantFrom('', 'OK', 'n2/uid', frame(GUESS, '0.1', RIGHT, GUESS), `x${IDENTITY}`),
    ),
  )
  .map(([job, exit, http, body]): Line => {
    const fields = [exit, http, '0.000400', '0.000900', '', body]
    return {text: frame(NONCE, job, fields, NONCE)}
  })

/** Its own answer with a wrong code, or with marks that are no nonce or do not belong together. */
const forged = fc.oneof(
  fc
    .constantFrom(['7', '200'], ['0', '404'], ['52', '200'])
    .map((codes): Line => ({text: frame(NONCE, '0.0', [...codes, ...RIGHT.slice(2)], NONCE)})),
  fc
    .tuple(fc.constantFrom(NONCE, GUESS, ''), fc.constantFrom(NONCE, GUESS, ''), fc.constantFrom(...JOBS))
    .map(([start, end, closes]) => ({start, end, closes}))
    .filter(({start, end, closes}) => start !== NONCE || end !== NONCE || closes !== '0.0')
    .map(({start, end, closes}): Line => ({text: frame(start, '0.0', RIGHT, end, closes)})),
)

const evil = fc
  .oneof(
    evilText,
    fc
      .tuple(
        fc.constantFrom('A', 'T', 'U', 'M', 'E', 'X'),
        fc.constantFrom('0.0', '0.1', '0.9', '1.0', '-1.0', '0', '2', 'x'),
        fc.array(evilText, {maxLength: 6}),
      )
      .map(
        ([kind, about, fields]) =>
          `${NONCE} ${kind} ${about}\t${fields.join('\t')}\t${kind === 'E' ? NONCE : `${NONCE} ${about}`}`,
      ),
  )
  .map((text): Line => ({text}))

const torn = fc.tuple(fc.oneof(proof, honest), fc.nat(), fc.boolean()).map(([{text}, at, isStart]): Line => {
  const cut = 1 + (at % (text.length - 1))
  return {text: isStart ? text.slice(0, cut) : text.slice(cut)}
})

/** A piece of one line in the middle of another, whose own words are all there. */
const woven = fc
  .tuple(fc.oneof(proof, honest), fc.oneof(proof, honest), fc.nat(), fc.nat())
  .map(([one, other, at, until]): Line => {
    const cut = at % one.text.length
    return {
      ...one,
      text: one.text.slice(0, cut) + other.text.slice(0, until % other.text.length) + one.text.slice(cut),
    }
  })

test('lines of a probe: a verdict each, or none', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(proof, honest, forged, evil, torn, woven), {maxLength: 8}), (lines) => {
      const said = lines.map(({text}) => text)
      const isPlain = said.every((text) => JOBS.some((job) => text === frame(NONCE, job, RIGHT, NONCE)))
      for (const protocol of Object.values(protocols)) {
        const sections = [{protocol, check: 'reply' as const, targets: ['10.0.0.1:80', '10.0.0.2:80']}]
        const heard = listen(NONCE, sections)
        said.forEach(heard.line)
        if (heard.answered() > 2) expect.fail('more answers than jobs')
        for (const [number, job] of JOBS.entries()) {
          const answer = heard.answer(0, number)
          const endpoint = {node: 0, address: '10.0.0.1', port: 80}
          const verdict = answer && protocol.judge(answer, {endpoint, check: 'reply', expected: IDENTITY})
          if (protocol.name !== 'tcp') continue
          const isProved = lines.some(({proves}) => proves === job)
          // What nobody can have said who is not the floater.
          if (verdict?.status === 'SUCCEEDED' && !isProved)
            expect.fail(`taken for an answer: ${said.join('\n')}`)
          if (isProved && isPlain) expect(verdict?.status).toBe('SUCCEEDED')
        }
      }
    }),
    CAMPAIGN,
  )
})
