import {availableParallelism} from 'node:os'
import {defineConfig} from 'vitest/config'
import {inlinedForVite, parsedForVite} from './scripts/loaders.js'
import {LongestFirst} from './scripts/longest-first.ts'

const plugins = [inlinedForVite, parsedForVite]

/** Vitest itself leaves one core idle, which of two is half of the machine. */
const CORES = availableParallelism()

/** Characters of a value in the message of a test that fails: scripts/tally.js has only that to show. */
const chaiConfig = {truncateThreshold: 4000}

export default defineConfig({
  test: {
    sequence: {sequencer: LongestFirst},
    projects: [
      {
        plugins,
        test: {
          name: 'unit',
          chaiConfig,
          include: ['test/**/*.test.ts'],
          exclude: ['test/embedded/**', 'test/e2e/**', 'test/release/**', 'test/bench/**', 'test/page/**'],
          // They keep nothing in modules: loading src/ once a worker, not once a file, is most of their time.
          isolate: false,
          // The floaters' scripts, in real shells, mostly wait.
          maxWorkers: 2 * CORES,
          // Only to end what hangs: a busy machine must not decide a test.
          testTimeout: 120_000,
        },
      },
      {
        plugins,
        test: {
          name: 'embedded',
          chaiConfig,
          include: ['test/embedded/**/*.test.ts'],
          isolate: false,
          // Each file has servers and folders of its own, and half of its time is waiting.
          maxWorkers: 2 * CORES,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins,
        test: {
          name: 'release',
          include: ['test/release/**/*.test.ts'],
          // Makes the release that the tests look at.
          globalSetup: 'test/release/setup.ts',
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
      {
        plugins,
        test: {
          name: 'e2e',
          chaiConfig,
          include: ['test/e2e/**/*.test.ts'],
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 900_000,
          // Some mostly wait, for what is broken to time out. More at once leave a small machine no rest, and what they measure shows it.
          maxWorkers: 5,
        },
      },
      {
        plugins,
        test: {
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          // A browser has processes of its own.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
