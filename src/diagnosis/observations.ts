import type {Reason} from '../model/result.ts'
import type {Diagnosable, Measured} from '../model/run.ts'
import {reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {REASONS} from '../results/store.ts'
import {lanesOf, type Lane} from './lanes.ts'
import {partitionsOf, type Partition} from './partitions.ts'

/**
 * How a probe went wrong. `silent`: no answer; `refused`; `large`: small packets pass; `impostor`: somebody else answers;
 * `lossy`: some packets pass.
 */
export type Trouble = 'silent' | 'refused' | 'large' | 'impostor' | 'lossy'
const TROUBLES: readonly Trouble[] = ['silent', 'refused', 'large', 'impostor', 'lossy']

const TROUBLE_OF: Readonly<Partial<Record<Reason, Trouble>>> = {
  refused: 'refused',
  mtu: 'large',
  'wrong-peer': 'impostor',
  loss: 'lossy',
}

/** Numbers of probes, by lane. */
export interface Tally {
  /** By lane and source. */
  readonly out: Uint32Array
  /** By lane and destination. */
  readonly into: Uint32Array
  /** For each partition, by lane, the source's value and the destination's. */
  readonly groups: readonly Uint32Array[]
}

/** What FAILED, or was not plainly SUCCEEDED, a column each. */
export interface Issues {
  readonly size: number
  readonly probe: Uint32Array
  readonly lane: Uint16Array
  readonly source: Uint32Array
  /** -1 for what is no node. */
  readonly destination: Int32Array
  /** The node of the floater behind a service or a node's port, -1 where there is none. */
  readonly behind: Int32Array
  /** Index into the troubles. */
  readonly trouble: Uint8Array
  /** 1 for what nothing explains yet; 2 where it never left its node. */
  readonly open: Uint8Array
}

/** The matrix as counts by node and group: never an object for a probe. Only what crosses the network counts. */
export interface Observations {
  readonly run: Diagnosable
  readonly nodes: number
  readonly lanes: readonly Lane[]
  readonly partitions: readonly Partition[]
  readonly issues: Issues
  /** Of all probes that came to SUCCEEDED or FAILED. What a finding explains is taken out as it is found. */
  readonly measured: Tally
  /** The same, and what of it FAILED, for good. */
  readonly first: {readonly measured: Tally; readonly failed: Tally}
}

const EXCEPTION = 0
const FAILED = 2

export function observe(run: Diagnosable): Observations {
  const {plan, results} = run
  const lanes = lanesOf(plan)
  const nodes = plan.nodes.length
  const partitions = partitionsOf(plan.nodes)
  const size = countIssues(run)
  const issues: Issues = {
    size,
    probe: new Uint32Array(size),
    lane: new Uint16Array(size),
    source: new Uint32Array(size),
    destination: new Int32Array(size),
    behind: new Int32Array(size),
    trouble: new Uint8Array(size),
    open: new Uint8Array(size).fill(1),
  }
  const measured = emptyTally(lanes.length, nodes, partitions)
  const troubleOf = REASONS.map((reason) => TROUBLES.indexOf(TROUBLE_OF[reason] ?? 'silent'))
  const laneOf = new Map(plan.blocks.map((block, index) => [block, index]))
  let next = 0
  for (const probe of probesOf(plan)) {
    const {id, block, source, endpoint} = probe
    const status = results.status[id] ?? 0
    if (status === EXCEPTION) continue
    const lane = laneOf.get(block) ?? 0
    const destination = endpoint.node ?? -1
    const isIssue = status === FAILED || results.unstable[id] === 1
    const crosses = reach(probe) === 'network'
    if (crosses) count({nodes, partitions}, measured, lane, source, destination, 1)
    if (!isIssue) continue
    issues.probe[next] = id
    issues.lane[next] = lane
    issues.source[next] = source
    issues.destination[next] = destination
    issues.behind[next] = endpoint.behind ?? -1
    issues.trouble[next] =
      status === FAILED ? (troubleOf[results.reason[id] ?? 0] ?? 0) : TROUBLES.indexOf('lossy')
    // What stays on its node says nothing of the network; it is looked at on its own.
    if (!crosses) issues.open[next] = 2
    next++
  }
  const first = {measured: copyOf(measured), failed: emptyTally(lanes.length, nodes, partitions)}
  const observations = {run, nodes, lanes, partitions, issues, measured, first}
  for (let i = 0; i < size; i++) if (issues.open[i] === 1) countIssue(observations, first.failed, i, 1)
  return observations
}

/** How many open issues of one trouble there are, by node and group. */
export function openIssues(observations: Observations, trouble: Trouble): {tally: Tally; total: number} {
  const {issues, lanes, nodes, partitions} = observations
  const tally = emptyTally(lanes.length, nodes, partitions)
  const code = TROUBLES.indexOf(trouble)
  let total = 0
  for (let i = 0; i < issues.size; i++) {
    if (issues.open[i] !== 1 || issues.trouble[i] !== code) continue
    if (lanes[issues.lane[i] ?? 0]?.leads !== 'between') continue
    countIssue(observations, tally, i, 1)
    total++
  }
  return {tally, total}
}

export function troubleAt({trouble}: Issues, index: number): Trouble {
  return TROUBLES[trouble[index] ?? 0] ?? 'silent'
}

/** Takes an issue out of what is still to be explained. */
export function close(observations: Observations, index: number): number {
  const {issues, measured} = observations
  if (issues.open[index] === 1) countIssue(observations, measured, index, -1)
  issues.open[index] = 0
  return issues.probe[index] ?? 0
}

function countIssue(
  observations: Pick<Observations, 'nodes' | 'partitions' | 'issues'>,
  tally: Tally,
  index: number,
  by: number,
): void {
  const {lane, source, destination} = observations.issues
  count(observations, tally, lane[index] ?? 0, source[index] ?? 0, destination[index] ?? -1, by)
}

function count(
  {nodes, partitions}: Pick<Observations, 'nodes' | 'partitions'>,
  {out, into, groups}: Tally,
  lane: number,
  source: number,
  destination: number,
  by: number,
): void {
  const row = lane * nodes
  out[row + source] = (out[row + source] ?? 0) + by
  if (destination < 0) return
  into[row + destination] = (into[row + destination] ?? 0) + by
  for (let p = 0; p < partitions.length; p++) {
    const partition = partitions[p]
    const cells = groups[p]
    if (partition === undefined || cells === undefined) continue
    const {of, values} = partition
    const a = of[source] ?? -1
    const b = of[destination] ?? -1
    if (a < 0 || b < 0) continue
    const cell = (lane * values.length + a) * values.length + b
    cells[cell] = (cells[cell] ?? 0) + by
  }
}

function countIssues({results}: Measured): number {
  let size = 0
  for (let id = 0; id < results.size; id++)
    if (results.status[id] === FAILED || (results.status[id] !== EXCEPTION && results.unstable[id] === 1))
      size++
  return size
}

function emptyTally(lanes: number, nodes: number, partitions: readonly Partition[]): Tally {
  return {
    out: new Uint32Array(lanes * nodes),
    into: new Uint32Array(lanes * nodes),
    groups: partitions.map(({values}) => new Uint32Array(lanes * values.length ** 2)),
  }
}

function copyOf({out, into, groups}: Tally): Tally {
  return {out: out.slice(), into: into.slice(), groups: groups.map((cells) => cells.slice())}
}
