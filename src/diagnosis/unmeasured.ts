import type {FindingKind, Subject} from '../model/finding.ts'
import type {Probe} from '../model/plan.ts'
import type {Reason} from '../model/result.ts'
import type {Measured} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {reasonAt, verdictAt} from '../results/store.ts'
import {printable, printableUpTo} from '../text/printable.ts'
import {count} from '../text/wording.ts'
import {maybeSilent} from './busy.ts'
import {namesOf} from './names.ts'
import type {Suspicion} from './suspicion.ts'

/** What could not be measured has one cause by node, by address, or for all. */
interface Cause {
  readonly kind: FindingKind
  /** Whose cause it is: its members are one finding. */
  readonly of: 'absent' | 'source' | 'target' | 'all'
  readonly sentence: (name: string, probes: number, isAll: boolean) => string
}

const noFloater: Cause = {
  kind: 'no-floater',
  of: 'absent',
  sentence: (name) => `node ${name} could not be measured: it has no floater`,
}
const unmeasuredFrom: Cause = {
  kind: 'unmeasured',
  of: 'source',
  sentence: (name, probes) => `${count(probes, 'probe')} from ${name} could not be measured`,
}

const unmeasuredTo: Cause = {
  kind: 'unmeasured',
  of: 'target',
  sentence: (name) =>
    `${name} may be silent: several sources that were too busy to be sure got no answer from it`,
}

const CAUSES: Readonly<Partial<Record<Reason, Cause>>> = {
  'no-floater': noFloater,
  'node-gone': noFloater,
  'exec-failed': {
    kind: 'source-unusable',
    of: 'source',
    sentence: (name, probes, isAll) =>
      `${isAll ? 'nothing' : count(probes, 'probe')} could ${isAll ? 'be probed' : 'not be made'} from node ${name}: exec into its floater failed`,
  },
  'shared-address': {
    kind: 'shared-address',
    of: 'all',
    sentence: (_, probes) =>
      `${count(probes, 'probe')} could not be measured: several nodes have the same address, and nobody can say which one answers`,
  },
  'no-address': {
    kind: 'no-address',
    of: 'target',
    sentence: (name, probes) =>
      `${count(probes, 'probe')} of ${name} could not be made: it has no address of the family asked for`,
  },
  'floater-replaced': {
    kind: 'floater-replaced',
    of: 'target',
    sentence: (name) => `the floater of ${name} went away, or was restarted, while it was probed`,
  },
  'lost-output': unmeasuredFrom,
  'tool-missing': unmeasuredFrom,
  'tool-unable': unmeasuredFrom,
  'probe-error': unmeasuredFrom,
  overloaded: unmeasuredFrom,
  'not-tested': {
    kind: 'not-tested',
    of: 'all',
    sentence: (_, probes) =>
      `${count(probes, 'probe')} ${probes === 1 ? 'was' : 'were'} not made: the run ended before`,
  },
}

interface Members {
  readonly cause: Cause
  readonly node: number | undefined
  readonly first: Probe
  readonly probes: number[]
}

/** What could not be measured, by what kept it from being measured. */
export function unmeasured(run: Measured): Suspicion[] {
  const {plan, results} = run
  const known = new Map<Cause, Map<number, Members>>()
  const isMaybeSilent = maybeSilent(run)
  const measured = new Uint8Array(plan.nodes.length)
  for (const probe of probesOf(plan)) {
    if (results.status[probe.id] !== 0) {
      measured[probe.source] = 1
      continue
    }
    const cause = isMaybeSilent(probe)
      ? unmeasuredTo
      : (CAUSES[reasonAt(results, probe.id)] ?? unmeasuredFrom)
    const node = nodeOf(run, cause, probe)
    const ofCause = known.get(cause) ?? new Map<number, Members>()
    known.set(cause, ofCause)
    const members = ofCause.get(node ?? -1)
    if (members === undefined) ofCause.set(node ?? -1, {cause, node, first: probe, probes: [probe.id]})
    else members.probes.push(probe.id)
  }
  return [...known.values()].flatMap((ofCause) =>
    [...ofCause.values()].map((one) => suspicion(run, one, measured[one.node ?? -1] !== 1)),
  )
}

function nodeOf({plan}: Measured, {of}: Cause, {source, endpoint}: Probe): number | undefined {
  const {node, behind} = endpoint
  switch (of) {
    case 'absent': {
      const isAbsent = (one: number | undefined) =>
        one !== undefined &&
        Object.values(plan.nodes[one]?.floaters ?? {}).some(({floater}) => floater === undefined)
      return [source, node, behind].find(isAbsent) ?? node ?? source
    }
    case 'source':
      return source
    case 'target':
      return behind ?? node ?? source
    case 'all':
      return undefined
  }
}

/** `isAll`: nothing was measured from its node. */
function suspicion(run: Measured, {cause, node, first, probes}: Members, isAll: boolean): Suspicion {
  const {kind, sentence, of} = cause
  const subjects: Subject[] = node === undefined ? [] : [{kind: 'node', node}]
  const name = node === undefined ? '' : namesOf(run.plan)(node)
  const states =
    of === 'absent' && node !== undefined ? Object.values(run.plan.nodes[node]?.floaters ?? {}) : []
  const causes = states.flatMap((state) => (state.floater === undefined ? [printable(state.cause)] : []))
  const said = printableUpTo(300, verdictAt(run.results, first.id, first.endpoint.address).raw)
  const evidence = causes.length > 0 ? [...new Set(causes)] : said === '' ? [] : [said]
  return {
    finding: {
      kind,
      subjects,
      layer: 'floater',
      against: 0,
      sentence: sentence(name, probes.length, isAll),
      evidence,
    },
    probes,
  }
}
