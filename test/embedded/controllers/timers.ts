/** Timers that can all be stopped at once, so that nothing happens in a cluster that was stopped. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>()

  after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#running.delete(timer)
      action()
    }, ms)
    this.#running.add(timer)
  }

  stop(): void {
    for (const timer of this.#running) clearTimeout(timer)
    this.#running.clear()
  }
}
