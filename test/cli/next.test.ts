import {expect, test} from 'vitest'
import {nextSteps, run, type Found} from '../../src/cli/next.ts'
import {terminal} from './terminal.ts'

const EMPTY: Found = {config: false, resume: undefined, report: false}

test.each<[string, Partial<Found>, string[], RegExp]>([
  ['nothing', {}, ['check', 'init'], /current context/],
  ['a config', {config: true}, ['check'], /as config.json says/],
  ['a report', {report: true}, ['report', 'check'], /again/],
  ['a config and a report', {config: true, report: true}, ['report', 'check'], /again/],
  [
    'one left',
    {resume: 1},
    ['resume', 'check'],
    /the 1 probe that did not succeed, with the flags of that check$/,
  ],
  [
    'many left',
    {config: true, resume: 1200, report: true},
    ['resume', 'report', 'check'],
    /the 1,200 probes that did not succeed, and nothing else$/,
  ],
  ['nothing left', {resume: 0}, ['check'], /everything: nothing is left/],
  ['nothing left, and a report', {resume: 0, report: true}, ['check', 'report'], /nothing is left/],
  ['damage', {resume: {problem: 'resume.json is empty'}}, ['check'], /everything: resume.json is empty/],
])('%s', (_, found, commands, why) => {
  const steps = nextSteps({...EMPTY, ...found})
  expect(steps.map(([command]) => command)).toEqual(commands)
  expect(steps[0]?.[1]).toMatch(why)
})

test('on a narrow terminal the reasons have a column of their own', async () => {
  const {io, stdout} = terminal({width: 60})
  await run(io)
  expect(stdout()).toMatch(/^ {2}kubectl netdoctor check {2}check the network of the current$/m)
  expect(stdout()).toMatch(/^ {27}context: every node from every$/m)
})
