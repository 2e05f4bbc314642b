import type {Value} from '../value.ts'

/** One field of config.json and its flag. */
export interface Field extends Value {
  /** Name of the flag, without the dashes. */
  readonly flag: string
  readonly alias?: string
  /** Heading of the flag in `--help`. */
  readonly group: string
  readonly describe: string
}
