// Preloaded into the program under test: writes what it cost to the file that BENCH_COST names.
import {writeFileSync} from 'node:fs'

process.on('exit', () => {
  const {maxRSS, userCPUTime, systemCPUTime} = process.resourceUsage()
  const cost = {peakMiB: Math.round(maxRSS / 1024), cpuSeconds: (userCPUTime + systemCPUTime) / 1e6}
  writeFileSync(process.env.BENCH_COST, JSON.stringify(cost))
})
