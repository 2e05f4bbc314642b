/** Exit codes for what ends a command before there is a result; design: 2 usage or config, 3 cluster. */
export type ErrorExitCode = 2 | 3

/** Something the user can act on: the message is whole sentences, shown without a stack trace. */
export class UserError extends Error {
  readonly exitCode: ErrorExitCode

  constructor(exitCode: ErrorExitCode, message: string) {
    super(message)
    this.name = 'UserError'
    this.exitCode = exitCode
  }
}

/** There is no kubectl, or it may not be run. */
export class KubectlMissing extends Error {}
