import type {Block} from '../../src/model/plan.ts'

/** One row of resume.json. */
export interface ResumeEntry {
  Status: number
  ResultStr: string
  srcNodeName: string
  dstNodeName: string
  targetIP: string
  srcCluster: string
  dstCluster: string
  mode: string
  protocol: string
  ipFamily: string
  port: number
  check: string
  reason: string
}

/** What tests read of report.json: `src/report/saved.ts` describes it. */
export interface SavedReport {
  interrupted?: string
  notCovered: {node: string; cause: string}[]
  nodes: {cluster: string; name: string}[]
  blocks: (Pick<Block, 'mode' | 'protocol' | 'ipFamily' | 'check' | 'from' | 'to'> & {
    sources: number[]
    endpoints: {node?: number; behind?: number; address?: string; port: number}[]
    picks?: number[][]
    first: number
  })[]
  statuses: string[]
  reasons: string[]
  texts: string[]
  columns: Record<'status' | 'reason' | 'unstable' | 'text', [value: number, count: number][]> & {
    timeUs: number[]
  }
}
