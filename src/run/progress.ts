/** What the user is told while a run goes on. Implemented by src/progress, and by tests. */
export interface Progress {
  /**
   * Shows a row for the stage of a cluster as long as `work` runs; `tell` replaces what stands beside its title. The
   * stages of one cluster follow each other, those of several go on side by side.
   */
  readonly during: <T>(
    cluster: string,
    stage: string,
    work: (tell: (text: string) => void) => Promise<T>,
  ) => Promise<T>
  /** A line for people that stays. */
  readonly say: (line: string) => void
}

/** The rows that a check shows for each cluster, in order. */
export const STAGES = {
  connect: 'Connect',
  deploy: 'Deploy floaters',
  wait: 'Wait for floaters',
  probe: 'Probe',
} as const
