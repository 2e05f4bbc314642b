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

/** Removes the floaters that earlier tests left, and the claim of one that failed; most tests use them again. */
export async function removeFloaters(desk: Desk): Promise<void> {
  const {exitCode, stderr} = await desk.run('clean', '--force')
  if (exitCode !== 0) throw new Error(`clean: ${stderr}`)
}

/** Removes the floaters, and the desk. */
export async function putAway(desk: Desk): Promise<void> {
  try {
    await removeFloaters(desk)
  } finally {
    await desk.remove()
  }
}
