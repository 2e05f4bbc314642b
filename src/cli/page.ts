import type {Flag} from './flag.ts'
import type {Io} from './io.ts'

/** The parsed arguments of a command, before they are checked. */
export type Arguments = Readonly<Record<string, unknown>>

/** A command: all that parser, help and completion need, without loading what it does. */
export interface Page {
  readonly name: string
  readonly describe: string
  /** The words that may follow, in this order, by the names that they have in Arguments. */
  readonly words?: readonly Word[]
  readonly flags: readonly Flag[]
  /** Names of the flags that --help shows, in this order, and leaves the others to --help-all; without it, all. */
  readonly usual?: readonly string[]
  /** Each is run by a test; --help shows the first two. */
  readonly examples: readonly (readonly [commandLine: string, describe: string])[]
  readonly load: () => Promise<{readonly run: (args: Arguments, io: Io) => Promise<number>}>
}

export interface Word {
  readonly name: string
  readonly describe: string
  readonly default?: string
  /** The command means nothing without it. */
  readonly required?: true
  /** Each with what it does, or nothing where it explains itself; without them, it is a file. */
  readonly choices?: Readonly<Record<string, string>>
}
