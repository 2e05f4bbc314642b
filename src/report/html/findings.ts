import type {Diagnosis, Finding, Subject} from '../../model/finding.ts'
import type {Run} from '../../model/run.ts'
import {statusAt} from '../../results/store.ts'
import {count, listed} from '../../text/wording.ts'
import {nodeName} from '../names.ts'
import {html, type Markup} from './markup.ts'

/** More than these are told by their sentences alone. */
const WITH_EVIDENCE = 50
const MOST_SUBJECTS = 12

/** What is broken, a sentence each, with what makes it likely; and how much of the run none of them explains. */
export function findingsSection(run: Run, diagnosis: Diagnosis): Markup {
  const {findings, unexplained} = diagnosis
  const colours = coloursOf(run, diagnosis)
  if (findings.length === 0 && unexplained === 0) return html``
  return html`<section aria-labelledby="findings">
    <h2 id="findings">${findings.length === 0 ? 'No finding' : count(findings.length, 'finding')}</h2>
    <ol class="findings">
      ${findings.slice(0, WITH_EVIDENCE).map((one, index) => whole(run, one, colours[index]))}
    </ol>
    ${findings.length > WITH_EVIDENCE ? brief(findings.slice(WITH_EVIDENCE)) : []}
    ${unexplained > 0 ? html`<p class="unexplained">Explained by no finding: ${count(unexplained, 'probe')}.</p>` : []}
  </section>`
}

function whole(run: Run, finding: Finding, colour = 'FAILED'): Markup {
  const {sentence, evidence, subjects, direction, layer, explains, against} = finding
  const words = [
    layer,
    ...(direction === undefined ? [] : [direction === 'both' ? 'both directions' : direction]),
  ]
  return html`<li class="${colour}">
    <h3>${sentence}</h3>
    <p class="about">
      ${words.join(', ')}. Explains
      ${count(explains, 'probe')}${
        against > 0 ? `; ${count(against, 'probe speaks', 'probes speak')} against it` : ''
      }.
    </p>
    ${
      evidence.length === 0
        ? []
        : html`<ul>
            ${evidence.map((one) => html`<li>${one}</li>`)}
          </ul>`
    }
    <p class="about">
      About
      ${listed(
        subjects.map((one) => subjectName(run, one)),
        MOST_SUBJECTS,
      )}
    </p>
  </li>`
}

/** A class for each finding: the worst that came of what it explains. */
function coloursOf({results}: Run, {findings, findingOf}: Diagnosis): string[] {
  const worst = new Uint8Array(findings.length)
  findingOf.forEach((finding, probe) => {
    if (finding === 0) return
    const severity = COLOURS.indexOf(statusAt(results, probe))
    if (severity > (worst[finding - 1] ?? 0)) worst[finding - 1] = severity
  })
  return Array.from(worst, (severity) => COLOURS[severity] ?? 'FAILED')
}

/** From the mildest on; what SUCCEEDED with a reservation is noted. */
const COLOURS: readonly string[] = ['noted', 'EXCEPTION', 'FAILED']

function brief(findings: readonly Finding[]): Markup {
  return html`<details>
    <summary>${count(findings.length, 'more finding')}</summary>
    <ol start="${String(WITH_EVIDENCE + 1)}">
      ${findings.map(({sentence}) => html`<li>${sentence}</li>`)}
    </ol>
  </details>`
}

function subjectName(run: Run, subject: Subject): string {
  const name = (index: number) => nodeName(run, index)
  switch (subject.kind) {
    case 'node':
      return `node ${name(subject.node)}`
    case 'pair':
      return `${name(subject.source)} > ${name(subject.destination)}`
    case 'group':
      return `${subject.trait} ${subject.value} (${listed(subject.nodes.map(name))})`
    case 'cluster':
      return `cluster ${subject.cluster}`
    case 'target':
      return subject.target
  }
}
