/** How much later a probe must be to count as later than before. */
export interface Margin {
  /** At least so many probes are compared. */
  readonly probes: number
  /** So many times as long as before, */
  readonly times: number
  /** and so many microseconds longer. */
  readonly more: number
}

/**
 * The fewer probes, the wider: one probe is late by chance when a processor is busy; three quarters of many are not. One
 * probe alone never says anything.
 */
const MARGINS: readonly Margin[] = [
  {probes: 30, times: 2, more: 2_000},
  {probes: 8, times: 3, more: 5_000},
  {probes: 2, times: 5, more: 20_000},
]

/** Of the probes that are compared, so many must be later. */
export const SHARE = 0.75

/**
 * Of a pair of nodes, which has few probes, all must be later. One each way, late by chance, meet in some pair of many nodes
 * now and then; four do not.
 */
export const PAIR: Margin = {probes: 4, times: 5, more: 20_000}

/** The margin for so many probes; undefined where they are too few. */
export function marginFor(probes: number): Margin | undefined {
  return MARGINS.find((margin) => probes >= margin.probes)
}

/** Times in microseconds; `shift` is how many times as long everything else takes. */
export function isLater(before: number, after: number, {times, more}: Margin, shift = 1): boolean {
  const expected = before * shift
  return after >= times * expected && after - expected >= more
}

/** Of a list of times that is not empty: the upper one of two in the middle. */
export function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}
