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
      const {lines = [], hold = false, ...result} = await begin(args, input)
      lines.forEach(onLine)
      const timedOut = hold && (await told(limits))
      return {...DONE, ...(hold ? {ok: false, exitCode: undefined} : {}), timedOut, ...result}
    },
  }
}

export function failure(stderr: string, exitCode = 1): Behaviour {
  return {ok: false, exitCode, stderr}
}

/** Waits for the end of a call that holds on; true where it was the deadline. */
async function told({deadline, signal}: Pick<StreamOptions, 'deadline' | 'signal'>): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), deadline)
    const stop = () => {
      clearTimeout(timer)
      resolve(false)
    }
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, {once: true})
  })
}
