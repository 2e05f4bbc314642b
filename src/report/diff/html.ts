import {outcomeAt, type Outcome} from '../../diff/change.ts'
import type {Diff} from '../../model/diff.ts'
import type {Probe} from '../../model/plan.ts'
import type {Status} from '../../model/result.ts'
import {pathName} from '../../plan/modes.ts'
import {count} from '../../text/wording.ts'
import {findingsSection} from '../html/findings.ts'
import {happened} from '../html/happened.ts'
import {head, STYLE_SOURCE} from '../html/head.ts'
import {html, type Markup} from '../html/markup.ts'
import {destinationName, nodeName} from '../names.ts'
import {changedIn, HEADINGS, outcomeBefore, outcomeText, type Changed} from './changes.ts'
import {asDiagnosis} from './findings.ts'
import {summaryOf} from './summary.ts'
import {diffVerdict} from './verdict.ts'

/** Rows of each change; -o json has all of them. */
const MOST_ROWS = 200

/** Nothing may be loaded or sent, and no script may run: there is none. */
const POLICY = `default-src 'none'; style-src ${STYLE_SOURCE}; base-uri 'none'; form-action 'none'`

/** One page that needs nothing else: verdict, findings for what broke, a table a change, what was compared. */
export function* htmlDiff(diff: Diff): Generator<string> {
  const verdict = diffVerdict(diff)
  yield html`<!doctype html>
    <html lang="en">
      ${head(`kubectl netdoctor diff: ${verdict.text}`, POLICY)}
      <body>
        <header>
          <p class="program">kubectl netdoctor diff</p>
          <h1 class="${verdict.status}">${verdict.text}</h1>
        </header>
        <main>
          ${totals(diff)} ${findingsSection(diff.now, asDiagnosis(diff))}
          ${changedIn(diff, MOST_ROWS).map((changed) => section(diff, changed))}
          <section aria-labelledby="compared">
            <h2 id="compared">What was compared</h2>
            <ul>
              ${[...summaryOf(diff)].map((line) => html`<li>${line}</li>`)}
            </ul>
          </section>
        </main>
      </body>
    </html> `.markup
}

function totals({counts, compared, onlyOld, onlyNew}: Diff): Markup {
  const tiles: readonly (readonly [name: string, amount: number, look: Status | 'noted' | 'none'])[] = [
    ['in both', compared, 'none'],
    ['broken', counts.broken, 'FAILED'],
    ['FAILED, not measured before', counts.failing, 'FAILED'],
    ['not measured any more', counts.unmeasured, 'EXCEPTION'],
    ['unstable now', counts.unstable, 'noted'],
    ['healed', counts.healed, 'SUCCEEDED'],
    ['FAILED as before', counts.failed, 'EXCEPTION'],
    ['in one alone', onlyOld.probes + onlyNew.probes, 'none'],
  ]
  return html`<section aria-label="Totals">
    <dl class="totals">
      ${tiles.map(
        ([name, amount, look]) =>
          html`<div class="${amount > 0 ? look : 'none'}">
            <dt>${name}</dt>
            <dd>${amount}</dd>
          </div>`,
      )}
    </dl>
  </section>`
}

function section(diff: Diff, {change, probes, count: all}: Changed): Markup {
  return html`<section aria-labelledby="${change}">
    <h2 id="${change}">${HEADINGS[change]} (${all})</h2>
    <div class="wide" role="region" aria-label="${HEADINGS[change]}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th>From</th>
            <th>To</th>
            <th>Path</th>
            <th>Before</th>
            <th>Now</th>
            <th>What happens</th>
          </tr>
        </thead>
        <tbody>
          ${probes.map((probe) => row(diff, probe))}
        </tbody>
      </table>
    </div>
    ${all > probes.length ? html`<p>${count(all - probes.length, 'more row')} like these: -o json has all of them.</p>` : []}
  </section>`
}

function row(diff: Diff, probe: Probe): Markup {
  const {now, findingOf} = diff
  return html`<tr>
    <td>${nodeName(now, probe.source)}</td>
    <td>${destinationName(now, probe)}</td>
    <td>${pathName(probe.block)}</td>
    <td>${result(outcomeBefore(diff, probe))}</td>
    <td>${result(outcomeAt(now.results, probe.id))}</td>
    ${happened(now, probe, findingOf[probe.id] ?? 0)}
  </tr>`
}

function result(outcome: Outcome): Markup {
  const look = outcome.unstable && outcome.status === 'SUCCEEDED' ? 'noted' : outcome.status
  return html`<span class="${look}">${outcomeText(outcome)}</span>`
}
