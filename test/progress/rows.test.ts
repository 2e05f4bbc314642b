import {Writable} from 'node:stream'
import {stripVTControlCharacters} from 'node:util'
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {liveRows, type Branch} from '../../src/progress/rows.ts'

/** A terminal of 80 columns, that remembers what was written to it. */
class Terminal extends Writable {
  readonly isTTY = true
  readonly columns = 80
  readonly rows = 40
  written = ''

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.written += chunk.toString()
    done()
  }

  /** What stands there: the last picture, which begins where the one before it was wiped out. */
  screen(): string[] {
    const last = this.written.split('\u001b[G').at(-1) ?? ''
    return stripVTControlCharacters(last).split('\n').filter(Boolean)
  }
}

const STAGES = ['Connect', 'Deploy', 'Probe']
const one: Branch[] = [{cluster: 'src', stages: STAGES}]
const two: Branch[] = [...one, {cluster: 'dst', stages: STAGES}]

function rowsOn(branches: readonly Branch[]) {
  const terminal = new Terminal()
  return {terminal, rows: liveRows(terminal as unknown as NodeJS.WriteStream, branches, false)}
}

/** A stage that says something and goes well. */
const saying = (text: string) => (tell: (text: string) => void) => {
  tell(text)
  return Promise.resolve(text)
}
const failing = () => Promise.reject(new Error('boom'))

/** Results go there, and somebody may read them: no row must. */
let stdout: string[]
beforeEach(() => {
  stdout = []
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    stdout.push(String(chunk))
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  expect(stdout).toEqual([])
})

test('one cluster has a row a stage, with what was told last', async () => {
  const {rows, terminal} = rowsOn(one)
  expect(await rows.during('src', 'Connect', saying('v1.35'))).toBe('v1.35')
  await rows.during('src', 'Deploy', (tell) => {
    for (const text of ['one', 'two', 'image']) tell(text)
    return Promise.resolve()
  })
  await rows.during('src', 'Probe', saying('9/9'))
  await rows.close()
  expect(terminal.screen()).toEqual(['✔ Connect: v1.35', '✔ Deploy: image', '✔ Probe: 9/9'])
})

describe('two clusters', () => {
  test('have their rows under their names, and go on side by side', async () => {
    const {rows, terminal} = rowsOn(two)
    for (const stage of STAGES) {
      await Promise.all(two.map(({cluster}) => rows.during(cluster, stage, saying(`${cluster} done`))))
    }
    await rows.close()
    const branch = (cluster: string) => [
      `✔ ${cluster}`,
      ...STAGES.map((stage) => `  ✔ ${stage}: ${cluster} done`),
    ]
    expect(terminal.screen()).toEqual([...branch('src'), ...branch('dst')])
  })

  test('of which one fails leave the rows of the other alone', async () => {
    const {rows, terminal} = rowsOn(two)
    await Promise.all([
      rows.during('src', 'Connect', saying('v1.35')),
      expect(rows.during('dst', 'Connect', failing)).rejects.toThrow('boom'),
    ])
    await rows.during('src', 'Deploy', saying('image'))
    await rows.during('src', 'Probe', saying('9/9'))
    await rows.close()
    expect(terminal.screen()).toEqual([
      '✔ src',
      '  ✔ Connect: v1.35',
      '  ✔ Deploy: image',
      '  ✔ Probe: 9/9',
      expect.stringMatching(/^. dst$/),
      '  ✖ Connect',
      expect.stringMatching(/^ {2}[^✔] Deploy$/),
      expect.stringMatching(/^ {2}[^✔] Probe$/),
    ])
  })
})

test('a failure is thrown to whoever runs the stage, and nothing of it is shown twice', async () => {
  const {rows, terminal} = rowsOn(one)
  await expect(rows.during('src', 'Connect', failing)).rejects.toThrow('boom')
  await rows.close()
  expect(terminal.written).not.toContain('boom')
  expect(terminal.screen()[0]).toBe('✖ Connect')
})

describe('a line for people', () => {
  test('before the first row and after the last is a line like any other', async () => {
    const {rows, terminal} = rowsOn(one)
    rows.say('before')
    expect(terminal.written).toBe('before\n')
    await rows.during('src', 'Connect', saying('v1.35'))
    await rows.close()
    rows.say('after')
    expect(terminal.written.endsWith('after\n')).toBe(true)
  })

  test('between the rows stays with them', async () => {
    const {rows, terminal} = rowsOn(one)
    await rows.during('src', 'Connect', async (tell) => {
      tell('asking')
      // The row is on the screen.
      await vi.waitFor(() => expect(terminal.screen().join()).toContain('Connect: asking'))
      rows.say('Warning: something')
    })
    await rows.close()
    expect(terminal.screen().join('\n')).toContain('Warning: something')
  })
})

test('rows that are not reached end with the run, and the cursor comes back', async () => {
  const {rows, terminal} = rowsOn(two)
  await rows.during('src', 'Connect', saying('v1.35'))
  await rows.close()
  expect(terminal.written.endsWith('\u001b[?25h')).toBe(true)
  expect(terminal.screen().some((line) => line.includes('✖'))).toBe(false)
})

test('nothing is shown of a run that never began', async () => {
  const {rows, terminal} = rowsOn(two)
  await rows.close()
  expect(terminal.written).toBe('')
})

test.each([
  ['src', 'Dance'],
  ['edge', 'Probe'],
])('there is no row for %s, %s', async (cluster, stage) => {
  const {rows} = rowsOn(two)
  await expect(rows.during(cluster, stage, saying(''))).rejects.toThrow(
    `There is no row "${stage}" for ${cluster}`,
  )
})
