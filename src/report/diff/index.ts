import type {DiffFormats} from './format.ts'
import {htmlDiff} from './html.ts'
import {jsonDiff} from './json.ts'
import {junitDiff} from './junit.ts'
import {markdownDiff} from './markdown.ts'
import {tableDiff, wideDiff} from './table.ts'

/** What `diff -o` takes: those of a report that can show what changed. */
export const DIFF_FORMATS: DiffFormats = {
  table: tableDiff,
  wide: wideDiff,
  json: jsonDiff,
  junit: junitDiff,
  html: htmlDiff,
  markdown: markdownDiff,
}
