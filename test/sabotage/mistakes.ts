import {ANSWERS} from './answers.ts'
import {CLUSTERS} from './clusters.ts'
import {FLOATERS} from './floaters.ts'
import {HOSTILE} from './hostile.ts'
import {MIDWAY} from './midway.ts'
import type {Mistake} from './mistake.ts'
import {RIGHTS} from './rights.ts'
import {RUNS} from './runs.ts'
import {SECRETS} from './secrets.ts'
import {TRACES} from './traces.ts'

export const MISTAKES: readonly Mistake[] = [
  ...ANSWERS,
  ...MIDWAY,
  ...FLOATERS,
  ...RIGHTS,
  ...RUNS,
  ...SECRETS,
  ...TRACES,
  ...HOSTILE,
  ...CLUSTERS,
]
