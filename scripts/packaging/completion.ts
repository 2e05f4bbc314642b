import {SHIM, SHIM_TEXT} from '../../src/cli/shim.ts'
import type {Entry} from './archive.ts'
import type {Target} from './targets.ts'

const BATCH = '@kubectl-netdoctor.exe __complete %*\r\n'

/** kubectl asks a program of this name what could come next. */
export const completionOf = ({os}: Target): Entry =>
  os === 'windows'
    ? {name: `${SHIM}.cmd`, contents: Buffer.from(BATCH)}
    : {name: SHIM, contents: Buffer.from(SHIM_TEXT), isExecutable: true}
