import type {Probe} from '../../model/plan.ts'
import type {Run} from '../../model/run.ts'
import {explain} from '../../results/explain.ts'
import {verdictAt} from '../../results/store.ts'
import {html, type Markup} from './markup.ts'

/** The cell that says what happened to a probe: in a sentence, by which finding it is explained (0: none), and what was answered. */
export function happened({plan, results}: Run, probe: Probe, finding: number): Markup {
  const {raw} = verdictAt(results, probe.id, probe.endpoint.address)
  return html`<td>
    ${explain(plan, results, probe)}${finding > 0 ? ` (finding ${finding})` : ''}
    ${
      raw === ''
        ? []
        : html`<details>
            <summary>answer</summary>
            <pre>${raw}</pre>
          </details>`
    }
  </td>`
}
