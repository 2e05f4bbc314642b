import type {Format} from './format.ts'
import {jsonReport} from './json.ts'
import {junitReport} from './junit.ts'
import {tableReport, wideReport} from './table.ts'

/** What `-o` takes: a new format is one file, and one line here. */
export const FORMATS = {
  table: tableReport,
  wide: wideReport,
  json: jsonReport,
  junit: junitReport,
} as const satisfies Readonly<Record<string, Format>>

export type FormatName = keyof typeof FORMATS
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[]
