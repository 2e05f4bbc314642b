import {html, verbatim, type Markup} from './markup.ts'
import style from './style.css?inlined'

/** What the policy of every page allows: its own style. The hash is that of every character between the tags. */
export const STYLE_SOURCE = `'${style.hash}'`

/** The head of a page that loads nothing. */
export function head(title: string, policy: string): Markup {
  return html`<head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${verbatim(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    ${verbatim(`<style>${style.text}</style>`)}
  </head>`
}
