import type {Entry} from './archive.ts'
import type {Target} from './targets.ts'

const SHELL = `#!/bin/sh
# kubectl runs this to complete the arguments of \`kubectl netdoctor\`.
exec kubectl-netdoctor __complete "$@"
`
const BATCH = '@kubectl-netdoctor.exe __complete %*\r\n'

/** kubectl asks a program of this name what could come next. */
export const completionOf = ({os}: Target): Entry =>
  os === 'windows'
    ? {name: 'kubectl_complete-netdoctor.cmd', contents: Buffer.from(BATCH)}
    : {name: 'kubectl_complete-netdoctor', contents: Buffer.from(SHELL), isExecutable: true}
