import type {Finding} from '../../../src/model/finding.ts'
import type {Reason, Verdict} from '../../../src/model/result.ts'
import type {Run} from '../../../src/model/run.ts'
import {answered} from '../../report/sample.ts'

/** A run, and what is found first in it; no kind where nothing is to be found. */
export interface KindCase {
  readonly title: string
  readonly run: Run
  readonly first: Partial<
    Pick<Finding, 'kind' | 'subjects' | 'direction' | 'layer' | 'sentence' | 'evidence'>
  >
  /** The sentence of the next one, where it matters. */
  readonly second?: string
}

/** Where a kind must be found, and what looks like it and is not. */
export interface Kind {
  readonly found: readonly KindCase[]
  readonly nearMisses: readonly KindCase[]
}

export const node = (index: number) => ({kind: 'node', node: index}) as const
export const pair = (source: number, destination: number) => ({kind: 'pair', source, destination}) as const

export function failed(reason: Reason, raw = ''): Verdict {
  return {...answered, status: 'FAILED', reason, raw, timeUs: 0}
}

export function exception(reason: Reason, raw = ''): Verdict {
  return {...answered, status: 'EXCEPTION', reason, raw, timeUs: 0}
}

export const NOTHING = {} as const
