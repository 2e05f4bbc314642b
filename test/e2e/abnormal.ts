import type {Desk} from '../desk/desk.ts'
import type {ResumeEntry} from '../desk/saved.ts'

const WORDS = ['EXCEPTION', 'SUCCEEDED', 'FAILED']

/** `n1>n2 FAILED timeout` for what is in resume.json: pairs, then whatever tells the rows of a pair apart. */
export async function abnormal(desk: Desk, ...more: (keyof ResumeEntry)[]): Promise<string[]> {
  return (await desk.resume()).map((entry) => {
    const {srcNodeName, dstNodeName, Status, reason} = entry
    const rest = more.map((field) => String(entry[field]))
    return [`${srcNodeName}>${dstNodeName}`, ...rest, String(WORDS[Status]), reason].join(' ')
  })
}

/** Removes what the last command left in the clusters, and the desk. */
export async function putAway(desk: Desk, ...flags: string[]): Promise<void> {
  const {exitCode, stderr} = await desk.run('clean', ...flags)
  await desk.remove()
  if (exitCode !== 0) throw new Error(`clean: ${stderr}`)
}
