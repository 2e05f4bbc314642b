import type {Answer} from '../protocols/protocol.ts'
import type {Section} from './script.ts'

/** What one exec of the script has said so far. */
export interface Heard {
  /** Takes one line of the script's output; anything that is not ours, whole and for this exec is passed over. */
  readonly line: (text: string) => void
  /** How many probes have a usable answer. */
  readonly answered: () => number
  /** The answer to one job; undefined where there is none, or where two answers contradict each other. */
  readonly answer: (section: number, job: number) => Answer | undefined
  /** Programs that the image lacks. */
  readonly missingTools: () => readonly string[]
  /** The end marker has arrived with the right number of jobs: nothing more will come. */
  readonly ended: () => boolean
}

/** Reads what the script prints (frame.sh has the format). `nonce` is that of the exec. */
export function listen(nonce: string, sections: readonly Section[]): Heard {
  const jobs = sections.reduce((sum, {targets}) => sum + targets.length, 0)
  const answers = sections.map(({targets}) => new Array<string | undefined>(targets.length))
  const contradicted = new Set<string>()
  const traces = new Map<string, string>()
  const missing = new Set<string>()
  let answered = 0
  let ended = false

  function take(id: string, payload: string): void {
    const [section, job] = id.split('.').map(Number) as [number, number]
    const known = answers[section]
    if (known === undefined || job >= known.length || contradicted.has(id)) return
    if (known[job] === undefined) {
      known[job] = payload
      answered++
    } else if (known[job] !== payload) {
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
      if (kind === 'A' && /^\d{1,4}\.\d{1,7}$/.test(about)) take(about, payload)
      else if (kind === 'T') traces.set(about, payload)
      else if (kind === 'M') missing.add(about)
      else if (kind === 'E') ended = about === String(jobs)
    },
    answered: () => answered,
    answer(section, job) {
      const payload = answers[section]?.[job]
      const target = sections[section]?.targets[job]
      if (payload === undefined || target === undefined) return undefined
      return {fields: payload.split('\t'), trace: traces.get(target)}
    },
    missingTools: () => [...missing],
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
  if (first < 0) return undefined
  const kind = line.slice(nonce.length + 1, nonce.length + 2)
  const about = line.slice(nonce.length + 3, first)
  const close = line.slice(last + 1)
  if (close !== (kind === 'A' || kind === 'T' ? `${nonce} ${about}` : nonce)) return undefined
  return {kind, about, payload: first === last ? '' : line.slice(first + 1, last)}
}
