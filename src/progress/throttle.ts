/** Passes on the latest of many texts. */
export interface Throttled {
  readonly soon: (text: string) => void
  /** Shows what is still waiting to be shown. */
  readonly now: () => void
}

export const unseen: Throttled = {soon: () => undefined, now: () => undefined}

/** Passes texts on, the first at once, later ones at most every `ms`. */
export function atMostEvery(ms: number, pass: (text: string) => void): Throttled {
  let latest: string | undefined
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (latest === undefined) return
    pass(latest)
    latest = undefined
    timer = setTimeout(flush, ms).unref()
  }
  return {
    soon(text) {
      latest = text
      if (timer === undefined) flush()
    },
    now: flush,
  }
}
