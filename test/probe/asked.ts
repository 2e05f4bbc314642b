import type {Check} from '../../src/model/plan.ts'
import type {Behaviour, Call} from '../kubectl/fake.ts'

/** What the script that was sent to a floater asks. */
export interface Asked {
  readonly pod: string
  readonly nonce: string
  readonly jobs: readonly Job[]
  /** Those of the jobs, in order. */
  readonly targets: readonly string[]
}

export interface Job {
  /** As the answer names it: the numbers of its section and of itself. */
  readonly id: string
  readonly target: string
  readonly protocol: string
  readonly check: Check
}

const SECTION = /^section (\d+) (\w+) (reply|connect|mtu|own-mtu) \d+ .*\n((?:\d+ \S+\n)*)JOBS\./gm

export function askedBy({args, input}: Call): Asked {
  const nonce = /^export nonce=(\w+)/m.exec(input)?.[1] ?? ''
  const jobs = [...input.matchAll(SECTION)].flatMap(
    ([, section = '', protocol = '', check = '', lines = '']) =>
      lines
        .split('\n')
        .filter(Boolean)
        .map((line): Job => {
          const [number = '', target = ''] = line.split(' ')
          return {id: `${section}.${number}`, target, protocol, check: check as Check}
        }),
  )
  const pod = args.find((arg) => arg.startsWith('floater-')) ?? ''
  return {pod, nonce, jobs, targets: jobs.map(({target}) => target)}
}

export const OK = '0\t200\t0.000400\t0.000900\t\tOK'
export const REFUSED = "7\t000\t0.000000\t0.001000\tCouldn't connect to server\t"
export const TIMEOUT = '28\t000\t0.000000\t3.001000\tConnection timed out after 3001 milliseconds\t'

/** The script's output where `answerOf` says what each target answers; undefined is lost on the way. */
export function script(
  {nonce, jobs}: Asked,
  answerOf: (target: string, job: Job) => string | undefined,
): Behaviour {
  const lines = jobs.flatMap((job) => {
    const fields = answerOf(job.target, job)
    return fields === undefined ? [] : [`${nonce} A ${job.id}\t${fields}\t${nonce} ${job.id}`]
  })
  return {lines: [...lines, `${nonce} E ${jobs.length}\t${nonce}`]}
}
