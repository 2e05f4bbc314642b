import {PassThrough} from 'node:stream'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {noRows, plainRows} from '../../src/progress/plain.ts'

// Time passes only where a test says so.
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const one = [{cluster: 'src', stages: ['Connect']}]
const two = [...one, {cluster: 'dst', stages: ['Connect']}]

function rowsOf(branches: typeof two, make = plainRows) {
  const stream = new PassThrough()
  return {
    rows: make(stream, branches),
    lines: () =>
      String(stream.read() ?? '')
        .split('\n')
        .slice(0, -1),
  }
}

/** A stage that ends when it is told to. */
function stage() {
  let [tell, end, fail]: [(text: string) => void, () => void, (error: Error) => void] = [
    () => undefined,
    () => undefined,
    () => undefined,
  ]
  const work = async (say: (text: string) => void) => {
    tell = say
    await new Promise<void>((resolve, reject) => ([end, fail] = [resolve, reject]))
  }
  return {work, tell: (text: string) => tell(text), end: () => end(), fail: (error: Error) => fail(error)}
}

test('a stage is one line when it has ended, with what was told last', async () => {
  const {rows, lines} = rowsOf(one)
  await rows.during('src', 'Connect', (tell) => {
    tell('asking')
    tell('v1.35')
    return Promise.resolve()
  })
  await rows.during('src', 'Deploy', () => Promise.resolve())
  expect(lines()).toEqual(['Connect: v1.35', 'Deploy'])
})

test('a long stage says every ten seconds how far it is, and no more once it has ended', async () => {
  const {rows, lines} = rowsOf(one)
  const {work, tell, end} = stage()
  const ended = rows.during('src', 'Probe', work)
  tell('1/9')
  await vi.advanceTimersByTimeAsync(9999)
  expect(lines()).toEqual([])
  tell('4/9')
  await vi.advanceTimersByTimeAsync(10_001)
  expect(lines()).toEqual(['Probe: 4/9', 'Probe: 4/9'])
  tell('9/9')
  end()
  await ended
  await vi.advanceTimersByTimeAsync(60_000)
  expect(lines()).toEqual(['Probe: 9/9'])
})

test('two clusters are named, and one that fails leaves the other alone', async () => {
  const {rows, lines} = rowsOf(two)
  const [src, dst] = [stage(), stage()]
  const ended = rows.during('src', 'Probe', src.work)
  const failed = rows.during('dst', 'Probe', dst.work)
  dst.fail(new Error('boom'))
  await expect(failed).rejects.toThrow('boom')
  src.tell('1/2')
  await vi.advanceTimersByTimeAsync(10_000)
  src.tell('2/2')
  src.end()
  await ended
  expect(lines()).toEqual(['dst: Probe: failed, see below', 'src: Probe: 1/2', 'src: Probe: 2/2'])
})

test('with -q only what must be said is said', async () => {
  const {rows, lines} = rowsOf(two, noRows)
  const {work, tell, end} = stage()
  const ended = rows.during('src', 'Probe', work)
  tell('1/2')
  await vi.advanceTimersByTimeAsync(60_000)
  rows.say('Warning: something')
  end()
  await ended
  await rows.close()
  expect(lines()).toEqual(['Warning: something'])
})
