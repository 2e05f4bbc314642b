import {defineConfig} from 'vitest/config'

/** The unit tests alone, for mutation testing: `npm run mutation`. */
export default defineConfig({
  test: {
    include: ['test/{plan,protocols,probe,results,saved,diagnosis,run}/**/*.test.ts'],
    testTimeout: 120_000,
  },
})
