import {readFile, rm} from 'node:fs/promises'
import path from 'node:path'
import {partOf, patternOf, type Mistake, type Notice} from '../../test/sabotage/mistake.ts'
import {outcomeOf, unknown, type Outcome, type Report} from './outcome.ts'
import {runNode} from './process.ts'
import type {Scratch} from './scratch.ts'

/** Tests of one file that are run together. */
export interface Trial {
  readonly test: string
  readonly notices: readonly Notice[]
}

/** A test and what became of it. */
export type Tried = readonly [notice: Notice, outcome: Outcome]

/** The files of these tests, each once. */
export function trialsOf(notices: readonly Notice[]): Trial[] {
  return [...new Set(notices.map(({test}) => test))].map((test) => ({
    test,
    notices: notices.filter((notice) => notice.test === test),
  }))
}

/** Cases and moments are drawn from it: the same in every campaign, so that what is noticed once is noticed again. */
const NETDOCTOR_SEED = process.env['NETDOCTOR_SEED'] ?? '1'
/** Where something is wrong a property ends at the first case that shows it: more of them cost nothing then. */
const MORE_CASES = {NETDOCTOR_CASES: '2000'}

/** Runs these tests of one file, and no others, on the scratch copy as it is. */
export async function tryOut(
  {test, notices}: Trial,
  scratch: Scratch,
  signal: AbortSignal,
  env: Readonly<Record<string, string>> = {},
): Promise<Tried[]> {
  const [first] = notices
  const {folder, temporary} = scratch
  const report = path.join(folder, 'sabotage-report.json')
  await rm(report, {force: true})
  if (first !== undefined && partOf(first) !== 'unit') {
    const {code, output} = await runNode(['scripts/build.js'], {cwd: folder, signal})
    if (code !== 0) return notices.map((one) => [one, unknown(`it does not build: ${output.trim()}`)])
  }
  const {output} = await runNode(
    [
      ...['node_modules/vitest/vitest.mjs', 'run', '--project', partOf({test}), `test/${test}.test.ts`],
      ...['-t', notices.map(patternOf).join('|')],
      ...['--reporter=json', `--outputFile.json=${report}`],
      // One case that fails is enough, but not where others have to.
      ...(notices.length === 1 ? ['--bail=1'] : []),
    ],
    {cwd: folder, env: {NETDOCTOR_SEED, TMPDIR: temporary, ...env}, signal},
  )
  const text = await readFile(report, 'utf8').catch(() => undefined)
  if (text === undefined) return notices.map((one) => [one, unknown(`vitest ended early: ${output.trim()}`)])
  return notices.map((one) => [one, outcomeOf(JSON.parse(text) as Report, patternOf(one))])
}

/** Makes the mistake, runs the tests that must notice it, and takes it back. */
export async function sabotage(
  {file, from, to}: Mistake,
  trial: Trial,
  scratch: Scratch,
  signal: AbortSignal,
): Promise<Tried[]> {
  const undo = await scratch.change(file, from, to)
  try {
    return await tryOut(trial, scratch, signal, MORE_CASES)
  } finally {
    await undo()
  }
}
