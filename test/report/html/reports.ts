import type {Verdict} from '../../../src/model/result.ts'
import type {Run} from '../../../src/model/run.ts'
import {answered, inCluster, nodeWith, sampleRun} from '../sample.ts'

const timeout: Verdict = {
  ...{status: 'FAILED', reason: 'timeout', timeUs: 3_000_000, unstable: false},
  raw: 'Connection timed out after 3000 milliseconds (curl exit code 28)',
}
const lostExec: Verdict = {
  ...{status: 'EXCEPTION', reason: 'exec-failed', timeUs: 0, unstable: false},
  raw: 'error: unable to upgrade connection: container not found',
}

/** So many nodes, of two clusters where there are many: the third answers nobody, the fifth cannot probe, one pair is unstable. */
export function brokenRun(nodes: number): Run {
  const all = Array.from({length: nodes}, (_, n) => {
    const node = nodeWith(`node-${n + 1}`, `10.${n >> 16}.${(n >> 8) & 255}.${(n & 255) + 1}`)
    return nodes > 10 && n >= nodes / 2 ? inCluster('dst', node) : node
  })
  const [deaf, mute, shaky] = [Math.min(2, nodes - 1), 4, nodes - 2]
  return sampleRun(
    all,
    ({id, source, endpoint}) => {
      if (source === mute) return lostExec
      if (endpoint.node === deaf && source !== deaf) return timeout
      const isShaky = endpoint.node === shaky && source === 0
      return {...answered, timeUs: isShaky ? 1_010_000 : 250 + ((id * 7919) % 1500), unstable: isShaky}
    },
    {caveats: ['who answered: the floater clusterlink-floater does not say who it is']},
    {intra: true},
  )
}
