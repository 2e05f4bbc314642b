/** `1 probe`, `2 probes`, `9,801 probes`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`
}

/** `a, b, c and 4 more`: the first `limit` of a list. */
export function listed(items: readonly string[], limit = 5): string {
  const shown = items.slice(0, limit).join(', ')
  return items.length > limit ? `${shown} and ${(items.length - limit).toLocaleString('en')} more` : shown
}

/** `line:column`, both from 1, of a place in a text. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}

/** A length of time for people: `340 ms`, `4.2 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** A time that may be far below a millisecond, from microseconds: `0.04 ms`, `12.3 ms`, `3.0 s`; `-` where nothing was timed. */
export function latency(us: number): string {
  if (us === 0) return '-'
  const ms = us / 1000
  if (ms < 0.1) return `${ms.toPrecision(1)} ms`
  return ms < 99.95 ? `${ms.toFixed(1)} ms` : duration(ms)
}

/** A word as it could be pasted into a POSIX shell. */
export function inShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
