import {printableUpTo} from '../text/printable.ts'

/** The line of kubectl's standard error that says what went wrong: the last one that is not a warning. */
export function reasonIn(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => printableUpTo(600, line.replace(/^[EWIF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] /, '')))
    .filter((line) => line !== '' && !/^(warning:|See 'kubectl )/i.test(line))
  // kubectl's last word about a remote command is its exit code; what the command said stands before it.
  const said = lines.filter((line) => !line.startsWith('command terminated with exit code'))
  const last = said.at(-1) ?? lines.at(-1) ?? 'kubectl gave no reason'
  return last.replace(/^(error|Error from server( \(\w+\))?): /i, '')
}
