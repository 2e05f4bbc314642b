import type {Mistake} from './mistake.ts'

/** Two runs at once, and one that ends early. */
export const RUNS: readonly Mistake[] = [
  {
    what: 'a run goes on where another one claims the floaters',
    file: 'src/preflight/preflight.ts',
    from: 'if (claim !== undefined && !input.force) problems.push',
    to: 'if (claim !== undefined && input.force) problems.push',
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title: 'check, resume and clean are told of a run that goes on, and change nothing',
      },
    ],
  },
  {
    what: 'nobody looks at the claims just before the probes',
    file: 'src/run/check.ts',
    from: 'if (!signal.aborted) await holds.confirm()',
    to: 'if (signal.aborted) await holds.confirm()',
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title: 'of two that begin at the same moment, at least one is told',
      },
    ],
  },
  {
    what: 'who came later does not give way to who needs other floaters',
    file: 'src/floater/hold.ts',
    from: `if (isLater(claim, own)) return 'not alone'`,
    to: 'if (isLater(claim, own)) continue',
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title:
          'of two that begin at the same moment and need other floaters, one is told and the other goes on',
      },
    ],
  },
  {
    what: 'a claim that has lost a part of its floaters stands',
    file: 'src/floater/hold.ts',
    from: '!names.every(isOurs)) return {kept',
    to: '!names.some(isOurs)) return {kept',
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title:
          'of two that begin at the same moment and share some kinds of floaters, one is told and the other goes on',
      },
    ],
  },
  {
    what: 'a patch that the server refuses counts as one that did not arrive',
    file: 'src/floater/hold.ts',
    from: '/\\bis invalid\\b|\\bNotFound\\b/',
    to: '/\\bNotFound\\b/',
    noticedBy: [
      {test: 'embedded/two-runs', title: '--force goes on all the same, and the first one is told'},
    ],
  },
  {
    what: 'floaters are given back once or not at all',
    file: 'src/floater/hold.ts',
    from: 'if (signal.aborted || Date.now() + BETWEEN_RELEASES >= limit) return {reason',
    to: 'if (signal.aborted || Date.now() < limit) return {reason',
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title:
          'a server that is away for a moment as a check ends is asked again, and the floaters are given back',
      },
    ],
  },
  {
    what: 'that floaters could not be given back is not handed on',
    file: 'src/run/holds.ts',
    from: 'return stuck.length === 0',
    to: 'return lost.length === 0',
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title: 'where they cannot be given back it says so, and who knows that the run is over need not wait',
      },
    ],
  },
  {
    what: 'that nobody need wait is said before the report is saved',
    file: 'src/cli/session.ts',
    from: `  await saving
  await reporting
  say(\`Saved in`,
    to: `  await reporting
  say(\`Saved in`,
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title: 'where they cannot be given back and the report cannot be saved, nobody is told not to wait',
      },
    ],
  },
  {
    what: 'a claim holds beyond its end',
    file: 'src/floater/claim.ts',
    from: 'return until > now && until <=',
    to: 'return until <=',
    noticedBy: [
      {
        test: 'embedded/two-runs',
        title: 'one that was killed holds nobody up for longer than its claim',
      },
    ],
  },
  {
    what: 'an interrupted run is not marked as one',
    file: 'src/run/check.ts',
    from: '...(signal.aborted ? {interrupted: String(signal.reason)} : {}),\n',
    to: '',
    noticedBy: [
      {
        test: 'embedded/check-interrupted',
        title: '$signal to the $whom in stage $stage',
        row: "'SIGINT' to the 'group' in stage 'wait'",
      },
    ],
  },
  {
    what: 'a second signal is not heard',
    file: 'src/main.ts',
    from: 'if (aborted) endAtOnce(String(interruption.signal.reason), removeUnfinished)',
    to: 'if (aborted) removeUnfinished()',
    noticedBy: [{test: 'embedded/check-interrupted', title: 'a second SIGINT ends at once'}],
  },
]
