import type {Mistake} from './mistake.ts'

/** What counts as an answer to a probe, and what is said of one that did not come. */
export const ANSWERS: readonly Mistake[] = [
  {
    what: 'the answer to a job is looked for in the first section',
    file: 'src/probe/ask.ts',
    from: 'const heard = reply.answer(section, job)',
    to: 'const heard = reply.answer(0, job)',
    noticedBy: [
      {
        test: 'probe/any-run',
        title:
          'whatever is answered, lost or refused, each probe of any plan has the result of its own question',
      },
    ],
  },
  {
    what: 'the exit code of kubectl exec is taken for success',
    file: 'src/probe/exec.ts',
    from: "return exception('lost-output', 'kubectl exec ended without an error, but its output is not complete')",
    to: "return {status: 'SUCCEEDED', reason: 'answered', raw: '', timeUs: 0, unstable: false}",
    noticedBy: [
      {
        test: 'embedded/lies-exec',
        title: 'with the end %s: SUCCEEDED only where the whole line arrived',
        row: 'with the end success: SUCCEEDED only where the whole line arrived',
      },
      {
        test: 'embedded/lies-exec',
        title: 'nobody is there to answer: whatever exec says, nothing has SUCCEEDED',
      },
    ],
  },
  {
    what: 'a line with a piece of another line in it counts',
    file: 'src/probe/decode.ts',
    from: 'return payload.includes(`${nonce} `) ? undefined : {kind, about, payload}',
    to: 'return {kind, about, payload}',
    noticedBy: [
      {
        test: 'embedded/lies-exec',
        title: 'answers interleaved by %i bytes: nothing is known, and nothing is said of the network',
      },
    ],
  },
  {
    what: 'an end marker counts whatever number it has',
    file: 'src/probe/decode.ts',
    from: 'ended = about === String(jobs)',
    to: 'ended = true',
    noticedBy: [
      {
        test: 'embedded/lies-exec',
        title: 'it counts %i too many: what was not answered is an EXCEPTION, and the rest SUCCEEDED',
        row: 'it counts 1 too many: what was not answered is an EXCEPTION, and the rest SUCCEEDED',
      },
    ],
  },
  {
    what: 'where nothing at all was answered, nobody asks again',
    file: 'src/probe/ask.ts',
    from: 'if (unanswered.length > 0 && !context.signal.aborted) {',
    to: 'if (unanswered.length > 0 && verdicts.size > 0 && !context.signal.aborted) {',
    noticedBy: [
      {
        test: 'embedded/check',
        title: 'exec faults hit their own node and no other, kubectl %s',
        row: 'exec faults hit their own node and no other, kubectl 1.35',
      },
      {test: 'embedded/check', title: 'an exec that hangs is given up at its deadline, and asked again'},
    ],
  },
  {
    what: 'an exec that failed is a fault of the network',
    file: 'src/probe/exec.ts',
    from: "return exception('exec-failed', stderr.trim() === '' ? `kubectl exec ${ended}` : reasonIn(stderr))",
    to: "return {...exception('exec-failed', reasonIn(stderr) || ended), status: 'FAILED'}",
    noticedBy: [
      {test: 'embedded/lies-api', title: '$what: $code', row: "'exec': 403"},
      {
        test: 'e2e/process-faults',
        title:
          'stop-apiserver while n1 waits for n2, for 10 s: what was measured is as the network is, the rest is an EXCEPTION',
      },
      {
        test: 'e2e/process-faults',
        title:
          '%s n3 while n1 waits for n2, and stopped from then on: what n3 asks is an EXCEPTION, the rest as the network is',
        row: 'stop-kubelet n3 while n1 waits for n2, and stopped from then on: what n3 asks is an EXCEPTION, the rest as the network is',
      },
    ],
  },
]
