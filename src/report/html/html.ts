import type {Diagnosis} from '../../model/finding.ts'
import type {Run} from '../../model/run.ts'
import {verdictOf} from '../verdict.ts'
import client from './client/main.ts?inlined'
import {facts, limits} from './facts.ts'
import {findingsSection} from './findings.ts'
import {html, verbatim, type Markup} from './markup.ts'
import {matrixSection} from './matrix.ts'
import {pack} from './pack.ts'
import {probesSection} from './probes.ts'
import style from './style.css?inlined'

/** Nothing may be loaded or sent, and nothing may run but what is ours. */
const POLICY = [
  "default-src 'none'",
  `script-src '${client.hash}'`,
  `style-src '${style.hash}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** One page that needs nothing else: it says everything that matters without its script, which adds the matrix. */
export function* htmlReport(run: Run, diagnosis: Diagnosis): Generator<string> {
  const verdict = verdictOf(run, diagnosis)
  const policy = verbatim(POLICY)
  yield html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>kubectl netdoctor: ${verdict.text}</title>
        ${element('style', style.text)}
      </head>
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
        ${element('script', client.text)}
      </body>
    </html> `.markup
}

/** The hash is that of every character between the tags. */
function element(tag: 'script' | 'style', text: string): Markup {
  return verbatim(`<${tag}>${text}</${tag}>`)
}

/** Three bytes are four characters, so pieces of whole threes join. */
const PIECE = 3 * 64 * 1024

function* base64(bytes: Uint8Array): Generator<string> {
  for (let at = 0; at < bytes.length; at += PIECE)
    yield Buffer.from(bytes.subarray(at, at + PIECE)).toString('base64')
}
