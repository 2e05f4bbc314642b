/*
 * Answers that the embedded cluster's exec makes up for a bench, so that only our side costs anything: in the form
 * that frame.sh gives them, for whatever jobs it was sent. BENCH_ANSWERS=timeouts makes every probe fail.
 */

const SECTION = /^section (\d+) tcp \w+ \d+ .*\n((?:\d+ \S+\n)*)JOBS\./gm

/** Undefined until the whole script has arrived. */
export function execAnswer(stdin: string): string | undefined {
  if (!stdin.endsWith('finish\n}\n')) return undefined
  const nonce = /nonce=(\w+)/.exec(stdin)?.[1] ?? ''
  let answers = ''
  let jobs = 0
  for (const [, section, lines = ''] of stdin.matchAll(SECTION)) {
    for (const line of lines.split('\n')) {
      const [number, target] = line.split(' ')
      if (target === undefined) continue
      const id = `${section ?? ''}.${number ?? ''}`
      answers += `${nonce} A ${id}\t${answerOf(target, jobs++)}\t${nonce} ${id}\n`
    }
  }
  return `${answers}${nonce} E ${jobs}\t${nonce}\n`
}

function answerOf(target: string, n: number): string {
  // Connect times as a real network has them: none like the one before.
  const milliseconds = 200 + ((n * 7919) % 1800)
  if (process.env['BENCH_ANSWERS'] !== 'timeouts')
    return `0\t200\t0.00${milliseconds}\t0.00${milliseconds}\t\tOK`
  const [address = '', port = ''] = target.split(':')
  const ms = 3000 + (n % 90)
  return `28\t000\t0.000000\t${(ms / 1000).toFixed(6)}\tFailed to connect to ${address} port ${port} after ${ms} ms: Timeout was reached\t`
}
