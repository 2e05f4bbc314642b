// Sums up vitest's JSON report for scripts/test: names what failed, with why, and what was skipped, and prints how many
// tests passed, failed and were skipped. What failed without a test (a file that does not load, a hook) counts as one.
//
//     node scripts/tally.js REPORT EXIT_CODE
import {readFileSync} from 'node:fs'
import path from 'node:path'

const [file, exitCode] = process.argv.slice(2)
const say = (line) => process.stderr.write(`${line}\n`)

/** @returns the report's test files; none where vitest ended before it wrote one. */
function testFiles() {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults
  } catch {
    return []
  }
}

/** Why a test failed, without the places: a log may be kept from its end only. */
function why(messages) {
  const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')
  const lines = messages.join('\n').replace(colours, '').split('\n')
  const told = lines.filter((line) => line.trim() !== '' && !/^ {4}at /.test(line))
  const shown = told.slice(0, LINES)
  return [...shown, ...(told.length > LINES ? [`(${told.length - LINES} more lines)`] : [])]
}
const LINES = 30

let [passed, failed, skipped] = [0, 0, 0]
for (const {name, status, message, assertionResults} of testFiles()) {
  const where = path.relative(process.cwd(), name)
  const failedBefore = failed
  for (const {status, fullName, failureMessages} of assertionResults) {
    if (status === 'passed') passed++
    else if (status === 'failed') {
      failed++
      say(`  FAILED   ${where}: ${fullName}`)
      for (const line of why(failureMessages)) say(`           ${line}`)
    } else {
      skipped++
      say(`  skipped  ${where}: ${fullName}`)
    }
  }
  if (status === 'failed' && failed === failedBefore) {
    failed++
    say(`  FAILED   ${where}: ${message.split('\n')[0] || 'a hook, see above'}`)
  }
}
if (failed === 0 && exitCode !== '0') {
  failed++
  say(`  FAILED   vitest ended with exit code ${exitCode}`)
}
if (passed + failed + skipped === 0) {
  failed++
  say('  FAILED   no test ran')
}
console.log(passed, failed, skipped)
