import type {Run} from '../../model/run.ts'
import {html, type Markup} from './markup.ts'

/** Where the page's script puts its matrix; hidden until there is one. */
export function matrixSection({plan}: Run): Markup {
  if (plan.size === 0) return html``
  return html`<noscript
      ><p>The matrix of all probes needs JavaScript; everything else stands here without it.</p></noscript
    >
    <section id="matrix" aria-labelledby="matrix-title" hidden>
      <h2 id="matrix-title">Matrix</h2>
    </section>`
}
