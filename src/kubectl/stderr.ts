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
  return loginFailure(said) ?? withoutEnds(last)
}

/** To stand inside a sentence of ours. */
function withoutEnds(line: string): string {
  return line
    .replace(/^(error|Error from server( \(\w+\))?): /i, '')
    .replace(/ - did you specify the right host or port\?$/, '')
    .replace(/(?<!\.)\.$/, '')
}

const LOGIN_FAILED = /\bgetting credentials: (?:exec: )?(.+)/

/**
 * Why a credential plugin of the kubeconfig gave none. What it said itself is worth more than its exit code; for one that
 * is missing, kubectl has several lines of advice behind.
 */
function loginFailure(lines: readonly string[]): string | undefined {
  const at = lines.findIndex((line) => LOGIN_FAILED.test(line))
  const [, why] = LOGIN_FAILED.exec(lines[at] ?? '') ?? []
  if (why === undefined) return undefined
  const own = lines[at - 1]
  return `the kubeconfig's credential plugin failed: ${why.replace(/"$/, '')}${own === undefined ? '' : ` (${own})`}`
}
