import type {Format, FormatName} from './format.ts'
import {htmlReport} from './html/html.ts'
import {jsonReport} from './json.ts'
import {junitReport} from './junit.ts'
import {markdownReport} from './markdown.ts'
import {matrixReport} from './matrix.ts'
import {tableReport, wideReport} from './table.ts'

/** What `-o` takes: a new format is one file, its name in format.ts, and one line here. */
export const FORMATS: Readonly<Record<FormatName, Format>> = {
  table: tableReport,
  wide: wideReport,
  matrix: matrixReport,
  json: jsonReport,
  junit: junitReport,
  html: htmlReport,
  markdown: markdownReport,
}
