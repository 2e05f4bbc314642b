import {CHANGES, outcomeAt, type Outcome} from '../../diff/change.ts'
import type {Change, Diff} from '../../model/diff.ts'
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
import {AMOUNTS, summaryOf} from './summary.ts'
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

type Look = Status | 'noted' | 'none'

/** What is as bad as before is nothing new, and nothing good. */
const LOOKS: Readonly<Record<Change, Look>> = {
  broken: 'FAILED',
  failing: 'FAILED',
  'new-failed': 'FAILED',
  unmeasured: 'EXCEPTION',
  'new-unmeasured': 'EXCEPTION',
  unstable: 'noted',
  reason: 'EXCEPTION',
  healed: 'SUCCEEDED',
  measured: 'SUCCEEDED',
  failed: 'EXCEPTION',
  missing: 'EXCEPTION',
  well: 'none',
}

/** A tile for each change that there is; that nothing broke is said as well. */
function totals({counts, compared, onlyOld, onlyNew}: Diff): Markup {
  const told = CHANGES.filter((change) => change === 'broken' || counts[change] > 0)
  const tiles: readonly (readonly [name: string, amount: number, look: Look])[] = [
    ['in both', compared, 'none'],
    ...told.map((change) => [AMOUNTS[change], counts[change], LOOKS[change]] as const),
    ['in OLD alone', onlyOld.probes, 'none'],
    ['in NEW alone', onlyNew.probes, 'none'],
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

function result(outcome: Outcome | undefined): Markup {
  if (outcome === undefined) return html`${outcomeText(outcome)}`
  const look = outcome.unstable && outcome.status === 'SUCCEEDED' ? 'noted' : outcome.status
  return html`<span class="${look}">${outcomeText(outcome)}</span>`
}
