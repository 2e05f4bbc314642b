import type {Diff} from '../../model/diff.ts'
import type {ReportOptions} from '../format.ts'

/** Apart from the formats themselves, so that help and completion need not load them. */
export const DIFF_FORMAT_NAMES = ['table', 'wide', 'json', 'junit', 'html', 'markdown'] as const
type DiffFormatName = (typeof DIFF_FORMAT_NAMES)[number]

/** What changed between two runs, as text in pieces. */
export type DiffFormat = (diff: Diff, options: ReportOptions) => Iterable<string>
export type DiffFormats = Readonly<Record<DiffFormatName, DiffFormat>>
