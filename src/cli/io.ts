import type {Branch, Rows} from '../progress/rows.ts'

/** What a command may touch of the world around it; made in main.ts, and by tests. */
export interface Io {
  /** Results, and nothing else. */
  readonly out: (text: string) => Promise<void>
  /** A line for people. */
  readonly say: (line: string) => void
  /** `plain`: a line each, even on a terminal. */
  readonly rows: (branches: readonly Branch[], style: 'live' | 'plain' | 'none') => Promise<Rows>
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly cores: number
  /** Of standard output, where it is a terminal. */
  readonly width: number | undefined
  readonly color: boolean
  readonly version: string
  /** Of Node.js. */
  readonly nodeVersion: string
}
