import type {Readable, Writable} from 'node:stream'
import type {Status} from '../api/status.ts'

/** One exec, as the command behind it sees it, whichever protocol carries it. */
export interface ExecConnection {
  /** Ends when the client closes its stdin, and when the client goes away. */
  stdin: Readable
  /** Each chunk is one frame. After the client is gone, what is written is dropped. */
  stdout: Writable
  stderr: Writable
  /** Sends the status and closes; without a status just closes. */
  finish(status: Status | undefined): void
  /** Breaks the connection without a word. */
  reset(): void
  /** Settles when the connection is closed, from either side. */
  closed: Promise<void>
}

export interface StreamsWanted {
  stdin: boolean
  stdout: boolean
  stderr: boolean
}

export function exitStatus(exitCode: number): Status {
  const base = {kind: 'Status', apiVersion: 'v1', metadata: {}} as const
  if (exitCode === 0) return {...base, status: 'Success'}
  return {
    ...base,
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: {causes: [{reason: 'ExitCode', message: String(exitCode)}]},
  }
}

export function internalError(problem: string): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'InternalError',
    message: `Internal error occurred: ${problem}`,
    code: 500,
  }
}
