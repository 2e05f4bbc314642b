import {describe, expect, test} from 'vitest'
import {onTerminal} from '../../src/cli/explain.ts'
import {FINDING_SECTIONS} from '../../src/cli/finding-sections.ts'
import {LIST_OF_REASONS, REASON_PAGES} from '../../src/cli/reason-pages.ts'
import {runCommand} from '../../src/cli/run.ts'
import {terminal} from './terminal.ts'

const PAGE = `# \`reason\`

A word of _two_ in a long line (more in [reasons](README.md) or
[reasons](reasons/README.md), as [a part](#a-part) and [other](other.md) have it).

## Mend

\`\`\`sh
ping -c 1 -W 2 a line that is much longer than the screen
ip link
\`\`\`

- One thing that is to be
  done, with \`a b c d\`.
- Another.
`

test('a page on a terminal: lines as wide as it, no marks, code as it is', () => {
  expect(onTerminal(PAGE, 31, false)).toBe(`reason

A word of two in a long line
(more in
\`kubectl netdoctor explain\` or
\`kubectl netdoctor explain\`, as
"a part" in docs/diagnosis.md
and other have it).

Mend

    ping -c 1 -W 2 a line that is much longer than the screen
    ip link

- One thing that is to be done,
  with \`a b c d\`.
- Another.
`)
  expect(onTerminal('# a\n\nb', 80, true)).toBe('\u001b[1ma\u001b[22m\n\nb\n')
})

describe.each([...Object.entries(REASON_PAGES), ['', LIST_OF_REASONS] as const])(
  'explain %s',
  (reason, page) => {
    test('prints the page, and nothing that only a browser understands', async () => {
      const {io, said, stdout} = terminal()
      expect(await runCommand(['explain', reason].filter(Boolean), io)).toBe(0)
      // A finding that is called the same comes first.
      const finding = FINDING_SECTIONS.get(reason)
      const pages = finding === undefined ? page : `${finding}\n\n${page}`
      expect([stdout(), said]).toEqual([onTerminal(pages, 80, false), []])
      expect(stdout()).not.toMatch(/\]\(|^#|```/m)
      const wide = stdout()
        .split('\n')
        .filter((line) => line.length > 80 && !line.startsWith('    '))
      expect(wide.filter((line) => !line.includes('`'))).toEqual([])
    })
  },
)

test('unstable is explained where answered is; a slip is named with what is meant', async () => {
  const [unstable, answered, slip] = [terminal(), terminal(), terminal()]
  await runCommand(['explain', 'unstable'], unstable.io)
  await runCommand(['explain', 'answered'], answered.io)
  expect(unstable.stdout()).toBe(answered.stdout())
  expect(await runCommand(['explain', 'timout'], slip.io)).toBe(2)
  expect(slip.said.join()).toBe('explain does not know "timout"; did you mean "timeout"?')
  const strange = terminal()
  await runCommand(['explain', 'weather'], strange.io)
  expect(strange.said.join()).toMatch(/^explain takes one of node-deaf, .*, not-tested, .*; found "weather"$/)
})
