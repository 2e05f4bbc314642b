import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '../..')

/** A page for users, and its text. */
export interface Page {
  /** Path in the repository. */
  readonly name: string
  readonly text: string
}

export async function page(name: string): Promise<Page> {
  return {name, text: await readFile(path.join(ROOT, name), 'utf8')}
}

/** The README and all that lies in docs/. */
export async function pages(): Promise<readonly Page[]> {
  const files = await readdir(path.join(ROOT, 'docs'), {recursive: true})
  const docs = files.filter((name) => name.endsWith('.md')).sort()
  return await Promise.all(['README.md', ...docs.map((name) => `docs/${name}`)].map(page))
}

/** The cells of each row of each table, its heading first and without the line of dashes. */
export function tables({text}: Page): readonly (readonly (readonly string[])[])[] {
  return [...text.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) =>
    table
      .trim()
      .split('\n')
      .filter((row) => !/^[|:\s-]+$/.test(row))
      .map((row) =>
        row
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim().replaceAll('\\|', '|')),
      ),
  )
}

/** The rows under a heading that begins with this cell. */
export function tableOf(of: Page, title: string): readonly (readonly string[])[] {
  const [, ...rows] = tables(of).find(([heading]) => heading?.[0] === title) ?? []
  if (rows.length === 0) throw new Error(`${of.name} has no table of "${title}"`)
  return rows
}

/** What stands in `code`; of two backticks, where there is one in it. */
export function code(text: string): readonly string[] {
  return [...text.matchAll(/(`+) ?(.*?) ?\1(?!`)/g)].map(([, , span = '']) => span)
}

/** The words of each command line, without the program, up to a pipe: those of code blocks, and those in sentences. */
export function commandLines({text}: Page): readonly (readonly string[])[] {
  const blocks = [...text.matchAll(/^ *(?:\$ )?kubectl netdoctor (.+)$/gm)]
  const spans = code(text.replaceAll('\n', ' ')).flatMap((span) => {
    const found = /^kubectl netdoctor (.+)$/.exec(span)
    return found ? [found] : []
  })
  return [...blocks, ...spans].map(([, rest = '']) => words(rest))
}

/** As a shell has it, without variables. */
function words(line: string): string[] {
  const [command = ''] = /^(?:'[^']*'|"[^"]*"|[^'"|<>&;])*/.exec(line) ?? []
  return [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/['"]/g, ''))
}

/** A block of code, by its fence. */
export interface Block {
  /** What stands behind the fence. */
  readonly kind: string
  readonly text: string
}

export function blocks({text}: Page): readonly Block[] {
  return [...text.matchAll(/^( *)```(.*)\n([^]*?)^\1```$/gm)].map(([, , kind = '', block = '']) => ({
    kind,
    text: block,
  }))
}

/** Code by its indentation, which says nothing of what it is. */
export function indentedBlocks({text}: Page): readonly string[] {
  return [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/\n\n( {4}.*)/g)].map(([, line = '']) => line)
}

/** Where links in the text lead, as they are written. */
export function links({text}: Page): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** What GitHub calls the headings of a page in links. */
export function anchors({text}: Page): readonly string[] {
  return [...text.replace(/^```[^]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}
