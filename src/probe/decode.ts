import type {Answer} from '../protocols/protocol.ts'
import type {Section} from './script.ts'

/** What one exec of the script has said so far. */
export interface Heard {
  /** Takes one line of the script's output; anything that is not ours, whole and for this exec is passed over. */
  readonly line: (text: string) => void
  /** How many probes have a usable answer, or the word that there can be none. */
  readonly answered: () => number
  /** The answer to one job; undefined where there is none, or where two answers contradict each other. */
  readonly answer: (section: number, job: number) => Answer | undefined
  /** What this job's section needs and the image lacks. */
  readonly missing: (section: number) => readonly string[]
  /** Why what the image has cannot make this probe. */
  readonly unable: (section: number, job: number) => string | undefined
  /** The end marker has arrived with the right number of jobs: nothing more will come. */
  readonly ended: () => boolean
}

/** Reads what the script prints (frame.sh has the format). `nonce` is that of the exec. */
export function listen(nonce: string, sections: readonly Section[]): Heard {
  const jobs = sections.reduce((sum, {targets}) => sum + targets.length, 0)
  const answers = sections.map(({targets}) => new Array<Line | undefined>(targets.length))
  const contradicted = new Set<string>()
  const traces = new Map<string, string>()
  const missing = sections.map(() => new Set<string>())
  let answered = 0
  let ended = false

  function take(line: Line): void {
    const id = line.about
    const [section, job] = id.split('.').map(Number) as [number, number]
    const known = answers[section]
    if (known === undefined || job >= known.length || contradicted.has(id)) return
    const before = known[job]
    if (before === undefined) {
      known[job] = line
      answered++
    } else if (before.kind !== line.kind || before.payload !== line.payload) {
      known[job] = undefined
      answered--
      contradicted.add(id)
    }
  }

  return {
    line(text) {
      const parsed = parse(nonce, text)
      if (parsed === undefined) return
      const {kind, about, payload} = parsed
      if ((kind === 'A' || kind === 'U') && /^\d{1,4}\.\d{1,7}$/.test(about)) take(parsed)
      else if (kind === 'T') traces.set(about, payload)
      else if (kind === 'M' && /^\d{1,4}$/.test(about)) missing[Number(about)]?.add(payload)
      else if (kind === 'E') ended = about === String(jobs)
    },
    answered: () => answered,
    answer(section, job) {
      const line = answers[section]?.[job]
      const target = sections[section]?.targets[job]
      if (line?.kind !== 'A' || target === undefined) return undefined
      return {fields: line.payload.split('\t'), trace: traces.get(target)}
    },
    missing: (section) => [...(missing[section] ?? [])],
    unable(section, job) {
      const line = answers[section]?.[job]
      return line?.kind === 'U' ? line.payload : undefined
    },
    ended: () => ended,
  }
}

interface Line {
  readonly kind: string
  readonly about: string
  readonly payload: string
}

/** Takes a line apart, or says that it is not one of ours in full. */
function parse(nonce: string, text: string): Line | undefined {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text
  if (!line.startsWith(`${nonce} `)) return undefined
  const first = line.indexOf('\t')
  const last = line.lastIndexOf('\t')
  const kind = line.slice(nonce.length + 1, nonce.length + 2)
  const about = line.slice(nonce.length + 3, first)
  // Of a line without a tab that is all of it, and closes nothing.
  const close = line.slice(last + 1)
  if (close !== (kind === 'E' ? nonce : `${nonce} ${about}`)) return undefined
  const payload = line.slice(first + 1, last)
  // No peer knows the nonce: a piece of another line has come in between.
  return payload.includes(`${nonce} `) ? undefined : {kind, about, payload}
}
