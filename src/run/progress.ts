/** What the user is told while a run goes on. Implemented by src/progress, and by tests. */
export interface Progress {
  /** Shows a row for the stage as long as `work` runs; `tell` replaces what stands beside its title. */
  readonly during: <T>(title: string, work: (tell: (text: string) => void) => Promise<T>) => Promise<T>
  /** A line for people that stays. */
  readonly say: (line: string) => void
}
