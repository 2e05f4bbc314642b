/** What the user is told while a stage runs. Implemented by src/progress, and by tests. */
export interface Progress {
  /** Shows a row for the stage as long as `work` runs; `say` replaces what stands beside its title. */
  readonly during: <T>(title: string, work: (say: (text: string) => void) => Promise<T>) => Promise<T>
}
