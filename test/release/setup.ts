import type {TestProject} from 'vitest/node'
import {serveRelease} from './served.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** What scripts/release made, for all tests here. */
    release: string
  }
}

/** Makes a whole release once, for all tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const {folder, stop} = await serveRelease()
  project.provide('release', folder)
  return stop
}
