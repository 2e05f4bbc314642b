/** The program that kubectl runs for completions, by its name alone; krew can link no second one. */
export const SHIM = 'kubectl_complete-netdoctor'

export const SHIM_TEXT = `#!/bin/sh
exec kubectl-netdoctor __complete "$@"
`

/** What is known of a folder where the shim could be. */
export interface Place {
  readonly folder: string
  /** That kubectl looks there. */
  readonly onPath: boolean
  /** kubectl-netdoctor is there as well. */
  readonly hasPlugin: boolean
  readonly inHome: boolean
  readonly writable: boolean
  /** The text of the file that has the shim's name. */
  readonly present: string | undefined
}

export type Decision =
  | {readonly do: 'write'; readonly folder: string; readonly why: string}
  | {readonly do: 'nothing'; readonly folder: string}
  | {readonly do: 'refuse'; readonly why: string}

/** Where the shim goes. `places`: the folder that the user names, or those on PATH in their order. */
export function placeForShim(places: readonly Place[], named: boolean): Decision {
  const taken = places.find(({present}) => present !== undefined)
  if (taken?.present !== undefined) {
    if (isOurs(taken.present)) return {do: 'nothing', folder: taken.folder}
    const why = `${taken.folder}/${SHIM} is not of netdoctor's making, and stays. Remove it first if it is of no use.`
    return {do: 'refuse', why}
  }
  const [first] = places
  if (named && first !== undefined) {
    if (!first.writable) return {do: 'refuse', why: `${first.folder} is no folder that you can write to.`}
    const why = first.onPath ? 'you named it' : 'you named it; put it on PATH, or kubectl will not look there'
    return {do: 'write', folder: first.folder, why}
  }
  const beside = places.find(({hasPlugin, writable}) => hasPlugin && writable)
  if (beside) return {do: 'write', folder: beside.folder, why: 'kubectl-netdoctor is there, too'}
  const own = places.find(({inHome, writable}) => inHome && writable)
  if (own) return {do: 'write', folder: own.folder, why: 'it is on PATH, and yours'}
  return {
    do: 'refuse',
    why: 'No folder on PATH is yours to write to. Name one: kubectl netdoctor completion install --dir FOLDER',
  }
}

export function isOurs(text: string): boolean {
  return text.includes('exec kubectl-netdoctor __complete ')
}
