import type {Branch, Rows} from './rows.ts'

/** While a stage goes on, its counter is said this often; milliseconds. */
const EVERY = 10_000

/** Lines that stay, for logs: what each stage came to, and every ten seconds how far a long one is. */
export function plainRows(stream: NodeJS.WritableStream, branches: readonly Branch[]): Rows {
  const say = (line: string) => void stream.write(`${line}\n`)
  return {
    async during(cluster, stage, work) {
      const title = branches.length > 1 ? `${cluster}: ${stage}` : stage
      let latest = ''
      const line = () => say(latest === '' ? title : `${title}: ${latest}`)
      const ticker = setInterval(line, EVERY)
      try {
        const value = await work((text) => (latest = text))
        line()
        return value
      } catch (error) {
        say(`${title}: failed, see below`)
        throw error
      } finally {
        clearInterval(ticker)
      }
    },
    say,
    close: () => Promise.resolve(),
  }
}

/** For -q: shows nothing but what must be said. */
export function noRows(stream: NodeJS.WritableStream): Rows {
  return {
    during: (_, __, work) => work(() => undefined),
    say: (line) => void stream.write(`${line}\n`),
    close: () => Promise.resolve(),
  }
}
