/** What was measured, and how much of it failed. */
export interface Counts {
  readonly failed: number
  readonly measured: number
}

/** What somebody forbids or breaks does not get through; some networks take a moment to learn of a new pod. */
const NEARLY_ALL = 0.97
/** What works beside it may have a fault of its own. */
const FEW = 0.2
/** Enough of what was asked of something outside failed to say so of all. */
const NEARLY_ALL_OUTSIDE = 0.9

export function failsThroughout({failed, measured}: Counts): boolean {
  return failed > 0 && failed >= NEARLY_ALL * measured
}

/** Whether so little fails that it does; of what was not measured, that is not said. */
export function works({failed, measured}: Counts): boolean {
  return measured > 0 && failed <= FEW * measured
}

export function failsOutside({failed, measured}: Counts): boolean {
  return failed > 0 && failed >= NEARLY_ALL_OUTSIDE * measured
}

export function added(counts: readonly (Counts | undefined)[]): Counts {
  let [failed, measured] = [0, 0]
  for (const one of counts) {
    failed += one?.failed ?? 0
    measured += one?.measured ?? 0
  }
  return {failed, measured}
}
