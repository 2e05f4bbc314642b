import {readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {faultSteps, type FaultCommand} from './faults.ts'
import type {Layout} from './layout.ts'
import {withLock} from './lock.ts'
import {attempt, run} from './run.ts'

/** A fault that is in force, with its way back: another process can undo it. */
export interface AppliedFault {
  id: number
  name: string
  args: readonly string[]
  undo: readonly FaultCommand[]
}

/** Breaks something; the way back is on disk before the first command runs. Returns the fault's number. */
export async function applyFault(layout: Layout, name: string, args: readonly string[]): Promise<number> {
  const {apply, undo} = faultSteps(layout, name, args)
  return await withLock(join(layout.directory, 'faults.lock'), async () => {
    const faults = await appliedFaults(layout)
    const id = Math.max(0, ...faults.map((fault) => fault.id)) + 1
    await save(layout, [...faults, {id, name, args, undo}])
    for (const step of apply) await run(inNetns(step))
    return id
  })
}

/** Takes back one fault, or all of them, the last one first; one that is undone already is fine. */
export async function undoFaults(layout: Layout, id?: number): Promise<AppliedFault[]> {
  return await withLock(join(layout.directory, 'faults.lock'), async () => {
    const faults = await appliedFaults(layout)
    const chosen = faults.filter((fault) => id === undefined || fault.id === id).reverse()
    for (const {undo} of chosen) for (const step of undo) await attempt(inNetns(step))
    await save(
      layout,
      faults.filter((fault) => !chosen.includes(fault)),
    )
    return chosen
  })
}

export async function appliedFaults(layout: Layout): Promise<AppliedFault[]> {
  const text = await readFile(fileOf(layout), 'utf8').catch(() => '[]')
  return JSON.parse(text) as AppliedFault[]
}

async function save(layout: Layout, faults: readonly AppliedFault[]): Promise<void> {
  await writeFile(`${fileOf(layout)}.new`, JSON.stringify(faults, undefined, 2))
  await rename(`${fileOf(layout)}.new`, fileOf(layout))
}

function fileOf({directory}: Layout): string {
  return join(directory, 'faults.json')
}

function inNetns({netns, command}: FaultCommand): string[] {
  return ['nsenter', `--net=/run/netns/${netns}`, ...command]
}
