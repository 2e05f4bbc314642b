import type {Mistake} from './mistake.ts'

/** A server that goes silent, and a cluster that changes, in the middle of a check. */
export const MIDWAY: readonly Mistake[] = [
  {
    what: 'a list that was not answered is an empty one',
    file: 'src/preflight/preflight.ts',
    from: `    throw new UserError(
      3,
      \`Could not list \${listed(kinds)}: \${reasonIn(result.stderr)}. Nothing was created.\`,
    )
`,
    to: '    return inventoryFrom([])\n',
    noticedBy: [
      {
        test: 'embedded/lies-midway',
        title: '%s is never answered, or late',
        row: 'nodes is never answered, or late',
      },
    ],
  },
  {
    what: 'what could not be measured does not count for the exit code',
    file: 'src/run/outcome.ts',
    from: 'return EXCEPTION > 0 || notCovered',
    to: 'return notCovered',
    noticedBy: [
      {
        test: 'embedded/lies-midway',
        title: 'the token is no longer good after %i requests',
        row: 'the token is no longer good after 36 requests',
      },
      {
        test: 'embedded/lies-midway',
        title: 'it answers nothing any more after %i requests',
        row: 'it answers nothing any more after 0 requests',
      },
    ],
  },
  {
    what: 'without a second pass nobody looks whether the floaters are still there',
    file: 'src/probe/run.ts',
    from: '  await excuseReplaced(plan, recorder, context, marks)\n',
    to: '  if (retries > 0) await excuseReplaced(plan, recorder, context, marks)\n',
    noticedBy: [
      {
        test: 'embedded/lies-midway',
        title:
          'the pod of each of %j is replaced between inventory and exec: what it did not answer is no failure of the network',
      },
      {test: 'embedded/lies-midway', title: 'a node is removed: its probes have a result'},
    ],
  },
  {
    what: 'a floater does not probe itself',
    file: 'src/plan/floater-blocks.ts',
    from: 'const first = neighbours.length > 0 && others ?',
    to: 'const first = others ?',
    noticedBy: [{test: 'embedded/lies-midway', title: 'a node is added: the plan stays what it was'}],
  },
]
