import type {Io} from '../../src/cli/io.ts'

/** A terminal, or a pipe, that keeps what it is given. */
export function terminal(changes: Partial<Io> = {}): {io: Io; said: string[]; stdout: () => string} {
  const printed: string[] = []
  const said: string[] = []
  const io: Io = {
    out: (text) => Promise.resolve(void printed.push(text)),
    say: (line) => said.push(line),
    rows: () => Promise.reject(new Error('there are no rows')),
    signal: new AbortController().signal,
    env: {},
    home: '/home/ann',
    cores: 2,
    width: undefined,
    color: false,
    version: '0.1.0',
    nodeVersion: '20.19.0',
    ...changes,
  }
  return {io, said, stdout: () => printed.join('')}
}
