import type {Diagnosis, Finding} from '../model/finding.ts'
import {count} from '../text/wording.ts'
import {wrapped} from '../text/lines.ts'
import type {ReportOptions} from './format.ts'
import {MOST_FINDINGS} from './groups.ts'
import {bold, dim} from './paint.ts'

/** Each finding with how much it explains and what makes it likely, for a terminal. */
export function* findingLines({findings}: Diagnosis, options: ReportOptions): Generator<string> {
  const shown = findings.slice(0, MOST_FINDINGS)
  const indent = String(shown.length).length + 2
  for (const [index, finding] of shown.entries()) {
    const number = `${index + 1}.`.padEnd(indent)
    const sentence = hanging(`${finding.sentence} (${weight(finding)})`, number, options.width)
    yield `${bold(sentence, options.color)}\n`
    for (const one of finding.evidence)
      yield `${dim(hanging(one, `${' '.repeat(indent)}- `, options.width), options.color)}\n`
  }
  const left = findings.length - shown.length
  if (left > 0) yield `${count(left, 'more finding')}: -o json has all of them.\n`
  if (findings.length > 0) yield '\n'
}

/** How many probes are for it, and how many against it. */
export function weight({explains, against}: Finding): string {
  const doubt =
    against > 0 ? `; ${against.toLocaleString('en')} ${against === 1 ? 'speaks' : 'speak'} against it` : ''
  return `${count(explains, 'probe')}${doubt}`
}

/** A text behind its bullet, whose further lines stand under the first word. */
function hanging(text: string, bullet: string, width: number | undefined): string {
  if (width === undefined) return bullet + text
  const lines = wrapped(text, Math.max(20, width - bullet.length))
  return bullet + lines.join(`\n${' '.repeat(bullet.length)}`)
}
