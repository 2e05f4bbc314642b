import {styleText} from 'node:util'
import {USUAL_WIDTH, WIDEST, wrapped} from '../text/lines.ts'
import type {Io} from './io.ts'
import {FINDING_SECTIONS} from './finding-sections.ts'
import type {Arguments} from './page.ts'
import {LIST_OF_REASONS, REASON_PAGES} from './reason-pages.ts'

/** Prints what there is of a finding or a reason, or the list of all reasons. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const named = args['word']
  const page = typeof named === 'string' ? pagesCalled(named) : LIST_OF_REASONS
  await io.out(onTerminal(page, Math.min(io.width ?? USUAL_WIDTH, WIDEST), io.color))
  return 0
}

/** Parsed already: a kind of finding, a reason, or both; `unstable` is what the reports call a reason. */
function pagesCalled(name: string): string {
  const reasons: Readonly<Partial<Record<string, string>>> = REASON_PAGES
  const pages = [FINDING_SECTIONS.get(name), reasons[name === 'unstable' ? 'answered' : name]]
  return pages.filter((page) => page !== undefined).join('\n\n')
}

/** A page of docs/ as it reads on a terminal. Not all of Markdown: what the pages of reasons are made of. */
export function onTerminal(markdown: string, width: number, color: boolean): string {
  const blocks = withoutLinks(markdown).trim().split(/\n\n+/)
  return `${blocks.map((block) => blockOf(block, width, color)).join('\n\n')}\n`
}

function blockOf(block: string, width: number, color: boolean): string {
  const title = /^#+ (.*)$/.exec(block)?.[1]?.replaceAll('`', '')
  if (title !== undefined) return color ? styleText('bold', title, {validateStream: false}) : title
  const code = /^```\w*\n([^]*)\n```$/.exec(block)?.[1]
  // As they are: lines to be copied.
  if (code !== undefined) return code.replace(/^/gm, '    ')
  const items = block.split(/^- /m)
  if (items[0] === '')
    return items
      .slice(1)
      .map((item) => itemOf(item, width))
      .join('\n')
  return linesOf(block, width).join('\n')
}

function itemOf(text: string, width: number): string {
  return linesOf(text, width - 2)
    .map((line, index) => `${index === 0 ? '- ' : '  '}${line}`)
    .join('\n')
}

/** Code in a sentence stays whole: it is copied, too. */
function linesOf(text: string, width: number): string[] {
  const words = text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/`[^`]+`/g, (code) => code.replaceAll(' ', NO_BREAK))
  return wrapped(words, width).map((line) => line.replaceAll(NO_BREAK, ' '))
}

const NO_BREAK = '\u00a0'

/** A link to the list of reasons becomes the command that prints it, one to another section that section's name and its page. */
function withoutLinks(markdown: string): string {
  return markdown
    .replace(/\[[^\]]+\]\((?:reasons\/)?README\.md\)/g, '`kubectl netdoctor explain`')
    .replace(/\[([^\]]+)\]\(#[^)]+\)/g, '"$1" in docs/diagnosis.md')
    .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replace(/\b_(\w+)_\b/g, '$1')
}
