import {readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {takeStep, type FaultContext, type FaultStep} from './fault-steps.ts'
import {faultSteps} from './faults.ts'
import type {Layout} from './layout.ts'
import {withLock} from './lock.ts'
import {neighboursOf} from './neighbours.ts'

/** A fault that is in force, with its way back: another process can undo it. */
export interface AppliedFault {
  id: number
  name: string
  args: readonly string[]
  undo: readonly FaultStep[]
}

/** Breaks something; the way back is on disk before the first step is taken. Returns the fault's number. */
export async function applyFault(
  context: FaultContext,
  name: string,
  args: readonly string[],
): Promise<number> {
  const {layout} = context
  const {apply, undo} = faultSteps(layout, name, args, await neighboursOf(layout.name))
  return await withLock(lockOf(layout), async () => {
    const faults = await appliedFaults(layout)
    const words = wordsOf({name, args})
    if (faults.some((fault) => wordsOf(fault) === words)) throw new Error(`${words} is in force already`)
    const id = Math.max(0, ...faults.map((fault) => fault.id)) + 1
    // What mends itself needs no way back.
    if (undo.length > 0) await save(layout, [...faults, {id, name, args, undo}])
    try {
      for (const step of apply) await takeStep(context, step)
    } catch (error) {
      for (const step of undo) await takeStep(context, step).catch(() => undefined)
      await save(layout, faults)
      throw error
    }
    return id
  })
}

/**
 * Takes back one fault, or all of them, the last one first; one that is undone already is fine. Each step leaves the
 * log when it is taken, so that after a failure the rest can still be undone.
 */
export async function undoFaults(context: FaultContext, id?: number): Promise<AppliedFault[]> {
  const {layout} = context
  return await withLock(lockOf(layout), async () => {
    const faults = await appliedFaults(layout)
    const chosen = faults.filter((fault) => id === undefined || fault.id === id).reverse()
    for (const {id, undo} of chosen) {
      for (const step of undo) {
        await takeStep(context, step)
        await forgetStep(layout, id)
      }
    }
    return chosen
  })
}

/** Takes the first step of a fault's way back off the log, and with the last one the fault. */
async function forgetStep(layout: Layout, id: number): Promise<void> {
  const faults = await appliedFaults(layout)
  const shorter = faults.map((fault) => (fault.id === id ? {...fault, undo: fault.undo.slice(1)} : fault))
  await save(
    layout,
    shorter.filter(({undo}) => undo.length > 0),
  )
}

export async function appliedFaults(layout: Layout): Promise<AppliedFault[]> {
  const text = await readFile(fileOf(layout), 'utf8').catch(() => '[]')
  return JSON.parse(text) as AppliedFault[]
}

export function wordsOf({name, args}: Pick<AppliedFault, 'name' | 'args'>): string {
  return [name, ...args].join(' ')
}

async function save(layout: Layout, faults: readonly AppliedFault[]): Promise<void> {
  await writeFile(`${fileOf(layout)}.new`, JSON.stringify(faults, undefined, 2))
  await rename(`${fileOf(layout)}.new`, fileOf(layout))
}

function fileOf({directory}: Layout): string {
  return join(directory, 'faults.json')
}

function lockOf({directory}: Layout): string {
  return join(directory, 'faults.lock')
}
