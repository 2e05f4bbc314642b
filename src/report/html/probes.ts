import type {Diagnosis} from '../../model/finding.ts'
import type {Probe} from '../../model/plan.ts'
import type {Run} from '../../model/run.ts'
import {pathName} from '../../plan/modes.ts'
import {probesOf} from '../../plan/plan.ts'
import {isPlain, statusAt, verdictAt} from '../../results/store.ts'
import {count} from '../../text/wording.ts'
import {destinationName, nodeName} from '../names.ts'
import {happened} from './happened.ts'
import {html, type Markup} from './markup.ts'

/** Rows that stand in the page itself, for who runs no script, and for paper. */
const MOST_ROWS = 100

/** What is not plainly SUCCEEDED, with what was answered; FAILED first. */
export function probesSection(run: Run, diagnosis: Diagnosis): Markup {
  const ranks: readonly [Probe[], Probe[], Probe[]] = [[], [], []]
  let all = 0
  for (const probe of probesOf(run.plan)) {
    if (isPlain(run.results, probe)) continue
    all++
    const rank = ranks[{FAILED: 0, EXCEPTION: 1, SUCCEEDED: 2}[statusAt(run.results, probe.id)] as 0 | 1 | 2]
    if (rank.length < MOST_ROWS) rank.push(probe)
  }
  const shown = ranks.flat().slice(0, MOST_ROWS)
  if (run.plan.size === 0) return html``
  return html`<section aria-labelledby="probes">
    <h2 id="probes">Probes</h2>
    <div id="list">
      ${shown.length === 0 ? html`<p>Every probe plainly SUCCEEDED.</p>` : rows(run, diagnosis, shown)}
      ${all > shown.length ? html`<p>${count(all - shown.length, 'more probe')} like these: the page's script shows all.</p>` : []}
    </div>
  </section>`
}

function rows(run: Run, diagnosis: Diagnosis, probes: readonly Probe[]): Markup {
  return html`<div class="wide" role="region" aria-label="Table of probes" tabindex="0">
    <table>
      <thead>
        <tr>
          <th>From</th>
          <th>To</th>
          <th>Path</th>
          <th>Target</th>
          <th>Result</th>
          <th>What happened</th>
        </tr>
      </thead>
      <tbody>
        ${probes.map((probe) => row(run, diagnosis, probe))}
      </tbody>
    </table>
  </div>`
}

function row(run: Run, {findingOf}: Diagnosis, probe: Probe): Markup {
  const {status, unstable} = verdictAt(run.results, probe.id, probe.endpoint.address)
  return html`<tr>
    <td>${nodeName(run, probe.source)}</td>
    <td>${destinationName(run, probe)}</td>
    <td>${pathName(probe.block)}</td>
    <td>${probe.endpoint.address ?? '-'}</td>
    <td>
      <span class="${status === 'SUCCEEDED' ? 'noted' : status}"
        >${unstable ? `${status} (unstable)` : status}</span
      >
    </td>
    ${happened(run, probe, findingOf[probe.id] ?? 0)}
  </tr>`
}
