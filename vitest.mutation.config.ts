import {defineConfig} from 'vitest/config'
import {inlinedForVite, parsedForVite} from './scripts/loaders.js'

/** The unit tests of the folder that is mutated, for `npm run mutation`. */
export default defineConfig({
  plugins: [inlinedForVite, parsedForVite],
  test: {
    include: [`test/${process.env['NETDOCTOR_MUTATED'] ?? '*'}/**/*.test.ts`],
    exclude: [
      // Those of the floaters' scripts in real shells: nothing of that is mutated, and it takes its time.
      'test/probe/{script*,dns,icmp,udp,packet-size,arrivals}.test.ts',
      // These take seconds, or draw the whole program in: too long for each change.
      'test/saved/{large,any-run,older}.test.ts',
    ],
    // Modules keep nothing, so each is loaded once.
    isolate: false,
    testTimeout: 120_000,
  },
})
