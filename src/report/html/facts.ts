import type {Diagnosis} from '../../model/finding.ts'
import type {Run} from '../../model/run.ts'
import {latencyOf} from '../../results/latency.ts'
import {tally} from '../../results/store.ts'
import {duration, latency} from '../../text/wording.ts'
import {wordLines} from '../words.ts'
import {durationMs} from '../totals.ts'
import {html, type Markup} from './markup.ts'

/** The counts, and what keeps them from being the whole truth: it stands above everything else. */
export function limits(run: Run): Markup {
  const counts = tally(run.results)
  const said = [...reservations(run)]
  return html`<section aria-label="Totals">
    <dl class="totals">
      <div>
        <dt>probes</dt>
        <dd>${counts.SUCCEEDED + counts.FAILED + counts.EXCEPTION}</dd>
      </div>
      <div>
        <dt>nodes</dt>
        <dd>${run.plan.nodes.length}</dd>
      </div>
      ${(['SUCCEEDED', 'FAILED', 'EXCEPTION'] as const).map(
        (status) =>
          html`<div class="${counts[status] > 0 ? status : 'none'}">
            <dt>${status}</dt>
            <dd>${counts[status]}</dd>
          </div>`,
      )}
      <div class="${counts.unstable > 0 ? 'noted' : 'none'}">
        <dt>unstable</dt>
        <dd>${counts.unstable}</dd>
      </div>
    </dl>
    ${
      said.length === 0
        ? []
        : html`<ul class="limits">
            ${said.map((one) => html`<li>${one}</li>`)}
          </ul>`
    }
  </section>`
}

function* reservations({interrupted, partial, notCovered, caveats, clusters}: Run): Generator<string> {
  if (interrupted !== undefined)
    yield `The run was interrupted by ${interrupted}: what has no result counts as EXCEPTION, "not tested".`
  if (partial.length > 0) yield `Partial: ${partial.join(', ')}.`
  for (const {cluster, node, cause, leftOut} of notCovered)
    yield `${leftOut ? 'Left out' : 'Not covered'}: ${clusters.length > 1 ? `${cluster}/` : ''}${node}: ${cause}.`
  for (const caveat of caveats) yield `Not verified: ${caveat}.`
}

/** When, where and with what; at the end, for who judges the rest by it. */
export function facts(run: Run, diagnosis: Diagnosis): Markup {
  const rows: [name: string, value: string][] = [
    ['Run', run.id],
    ['Started', run.startedAt],
    ['Took', duration(durationMs(run))],
    ['Program', `kubectl-netdoctor ${run.tool}`],
    ['Namespace', run.namespace],
    ...[...latencyOf(run)].map(([protocol, {p50, p95, max}]): [string, string] => [
      protocol === 'tcp' ? 'Connect time' : `Round trip (${protocol})`,
      `p50 ${latency(p50)}, p95 ${latency(p95)}, max ${latency(max)}`,
    ]),
  ]
  const words = [...wordLines(run, diagnosis)]
  return html`<section aria-labelledby="run">
    <h2 id="run">The run</h2>
    <dl class="facts">
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${run.clusters.map(
      ({name, context, server, version, image}) =>
        html`<p>
          <strong>Cluster ${name}</strong>: context ${context}, ${server}, Kubernetes ${version}, floater
          ${image}
        </p>`,
    )}
    ${
      words.length === 0
        ? []
        : html`<h3>What the words mean</h3>
            <ul>
              ${words.map((line) => html`<li>${line}</li>`)}
            </ul>`
    }
  </section>`
}
