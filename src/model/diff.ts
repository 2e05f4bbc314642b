import type {Finding} from './finding.ts'
import type {Run} from './run.ts'

/**
 * What became of a probe that both runs have, or what one of the newer run alone is, where it did not SUCCEED. `broken`: SUCCEEDED, and now FAILED. `failing`: not measured, and now FAILED.
 * `new-failed`: FAILED, and the older run does not have it. `unmeasured`: measured, and now EXCEPTION. `new-unmeasured`: EXCEPTION,
 * and the older run does not have it. `unstable`: SUCCEEDED in both, now only sometimes or after a lost packet.
 * `reason`: as before not SUCCEEDED, for another reason. `healed`: FAILED, and now SUCCEEDED. `measured`: EXCEPTION, and now
 * SUCCEEDED. `failed`, `missing`: FAILED, EXCEPTION in both, for the same reason. `well`: SUCCEEDED in both, and no worse.
 */
export type Change =
  | 'broken'
  | 'failing'
  | 'new-failed'
  | 'unmeasured'
  | 'new-unmeasured'
  | 'unstable'
  | 'reason'
  | 'healed'
  | 'measured'
  | 'failed'
  | 'missing'
  | 'well'

/** A number for each change. */
export type Counts = Readonly<Record<Change, number>>

/** Where probes take longer than before by more than noise makes. */
export interface Slower {
  readonly kind: 'path' | 'node' | 'pair'
  /** Over which, such as `pod tcp ipv4`; several of a pair. */
  readonly paths: readonly string[]
  /** None of a path, the one, or both of a pair; as the newer run numbers them. */
  readonly nodes: readonly number[]
  /** How many probes were compared. */
  readonly probes: number
  /** Medians in microseconds. */
  readonly before: number
  readonly after: number
}

/** A node that only one of the runs has. */
export interface OneSided {
  readonly cluster: string
  readonly name: string
  /** What the other run says of it: why it does not cover it, or that it had left; empty where it says nothing. */
  readonly cause: string
}

/** Two runs, and what changed from one to the other. */
export interface Diff {
  readonly old: Run
  readonly now: Run
  /** For each probe of the newer run the number of the older one's, from 1; 0 where that has none. */
  readonly before: Uint32Array
  /** For each probe of the newer run the number of its change in CHANGES; none of them where it is new and SUCCEEDED. */
  readonly changes: Uint8Array
  readonly counts: Counts
  /** How many probes both have. */
  readonly compared: number
  /** Of those, how many SUCCEEDED now only sometimes or after a lost packet, whatever they were before. */
  readonly unstable: number
  /** Probes of one run alone, by their status; nobody knows whether they changed. */
  readonly onlyOld: OneSidedProbes
  readonly onlyNew: OneSidedProbes
  readonly slower: readonly Slower[]
  readonly gone: readonly OneSided[]
  readonly arrived: readonly OneSided[]
  /** Those of the newer run's findings that explain what is FAILED now and was not seen so before, each with how much of it. */
  readonly findings: readonly {readonly finding: Finding; readonly explains: number}[]
  /** For each probe of the newer run the place of its finding in `findings`, from 1; 0 for none. */
  readonly findingOf: Uint32Array
  /** What keeps the comparison from being the whole truth, a clause each. */
  readonly caveats: readonly string[]
}

export interface OneSidedProbes {
  readonly probes: number
  readonly failed: number
  readonly exception: number
}
