import type {Diagnosis} from '../../model/finding.ts'
import type {Run} from '../../model/run.ts'
import {verdictOf} from '../verdict.ts'
import client from './client/main.ts?inlined'
import {facts, limits} from './facts.ts'
import {findingsSection} from './findings.ts'
import {head, STYLE_SOURCE} from './head.ts'
import {html, verbatim} from './markup.ts'
import {matrixSection} from './matrix.ts'
import {pack} from './pack.ts'
import {probesSection} from './probes.ts'

/** Nothing may be loaded or sent, and nothing may run but what is ours. */
const POLICY = [
  "default-src 'none'",
  `script-src '${client.hash}'`,
  `style-src ${STYLE_SOURCE}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** One page that needs nothing else: it says everything that matters without its script, which adds the matrix. */
export function* htmlReport(run: Run, diagnosis: Diagnosis): Generator<string> {
  const verdict = verdictOf(run, diagnosis)
  yield html`<!doctype html>
    <html lang="en">
      ${head(`kubectl netdoctor: ${verdict.text}`, POLICY)}
      <body>
        <header>
          <p class="program">kubectl netdoctor</p>
          <h1 class="${verdict.status}">${verdict.text}</h1>
        </header>
        <main>
          ${limits(run)} ${findingsSection(run, diagnosis)} ${matrixSection(run)}
          ${probesSection(run, diagnosis)} ${facts(run, diagnosis)}
        </main>
        <script type="application/octet-stream" id="data">`.markup
  yield* base64(pack(run, diagnosis))
  yield html`</script>
        ${verbatim(`<script>${client.text}</script>`)}
      </body>
    </html> `.markup
}

/** Three bytes are four characters, so pieces of whole threes join. */
const PIECE = 3 * 64 * 1024

function* base64(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; at += PIECE)
    yield Buffer.from(bytes.subarray(at, at + PIECE)).toString('base64')
}
