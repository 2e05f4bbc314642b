import {readText} from '../files/files.ts'
import {runIdIn} from '../saved/report.ts'

/** Both are written when their run is over, and name it. */
const REPORTS = ['report.json', 'resume-report.json']

/** Whether the reports in this folder tell of the end of a run. Reads them only when asked: they can be large. */
export async function isOver(run: string): Promise<boolean> {
  for (const file of REPORTS) {
    // One that cannot be read says nothing.
    const text = await readText(file).catch(() => undefined)
    if (text !== undefined && runIdIn(text) === run) return true
  }
  return false
}
