import type {Kubectl, KubectlResult, StreamOptions} from '../../src/kubectl/kubectl.ts'

/** One kubectl that was asked for. */
export interface Call {
  readonly args: readonly string[]
  readonly input: string
}

/** What the kubectl in memory does: prints `lines` or `stdout`, then ends; with `hold` not before it is told to. */
export interface Behaviour extends Partial<KubectlResult> {
  readonly lines?: readonly string[]
  readonly hold?: boolean
  /** Printed when its input is closed, and with that it ends well. */
  readonly last?: readonly string[]
}

export interface FakeKubectl extends Kubectl {
  readonly calls: readonly Call[]
  /** The first words of every call, in order. */
  readonly verbs: () => string[]
}

const DONE: KubectlResult = {ok: true, exitCode: 0, stdout: '', stderr: '', timedOut: false}

/** A kubectl in memory: `behave` says what each call comes to. */
export function fakeKubectl(behave: (call: Call) => Behaviour | Promise<Behaviour>): FakeKubectl {
  const calls: Call[] = []
  const begin = async (args: readonly string[], input = '') => {
    const call = {args, input}
    calls.push(call)
    return await behave(call)
  }
  return {
    calls,
    verbs: () => calls.map(({args}) => args.slice(0, 2).join(' ')),
    async run(args, {input} = {}) {
      return {...DONE, ...(await begin(args, input))}
    },
    async stream(args, {input, onLine, ...limits}) {
      const {lines = [], hold = false, last, ...result} = await begin(args, input)
      lines.forEach(onLine)
      const end = hold ? await told(limits, last !== undefined) : 'closed'
      if (end === 'closed') last?.forEach(onLine)
      const cut = end === 'closed' ? {} : {ok: false, exitCode: undefined}
      return {...DONE, ...cut, timedOut: end === 'late', ...result}
    },
  }
}

export function failure(stderr: string, exitCode = 1): Behaviour {
  return {ok: false, exitCode, stderr}
}

/** Waits for the end of a call that holds on: its deadline, the signal, or the end of its input where it listens to that. */
async function told(
  {deadline, signal, closing}: Pick<StreamOptions, 'deadline' | 'signal' | 'closing'>,
  listens: boolean,
): Promise<'late' | 'ended' | 'closed'> {
  return await new Promise((resolve) => {
    const stop = (how: 'late' | 'ended' | 'closed') => {
      clearTimeout(timer)
      resolve(how)
    }
    const timer = setTimeout(() => stop('late'), deadline)
    const on = (event: AbortSignal | undefined, how: 'ended' | 'closed') => {
      if (event?.aborted) stop(how)
      event?.addEventListener('abort', () => stop(how), {once: true})
    }
    on(signal, 'ended')
    if (listens) on(closing, 'closed')
  })
}
