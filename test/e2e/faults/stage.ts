import {afterAll, afterEach, beforeAll, beforeEach} from 'vitest'
import type {Desk} from '../../desk/desk.ts'
import {putAway} from '../abnormal.ts'
import type {Cluster} from '../cluster/cluster.ts'
import {describeOnCluster} from '../cluster/require.ts'
import {deskFor} from '../program.ts'
import type {Broken} from './effects.ts'
import {differences, expected} from './expectation.ts'
import {EVERYTHING, nodeOfDns} from './ground.ts'
import type {SeenProbe} from './seen.ts'

/** What tests of faults stand on; there from the first of them to the last. */
export interface Ground {
  readonly desk: Desk
  readonly cluster: Cluster
  /** The node that answers for all names. */
  readonly dnsOn: string
  /** What a report says otherwise than it must while these faults, and no others, are in force. */
  readonly wrong: (probes: readonly SeenProbe[], faults: readonly Broken[]) => string[]
}

/** Tests on three dual-stack nodes, at a desk that asks for everything; each leaves the network whole. */
export function describeOnGround(title: string, body: (ground: Ground) => void): void {
  describeOnCluster(
    title,
    (getCluster) => {
      let desk: Desk | undefined
      let dnsOn = ''
      const ground: Ground = {
        get desk() {
          if (desk === undefined) throw new Error('the desk is there from the first test on, not before')
          return desk
        },
        get cluster() {
          return getCluster()
        },
        get dnsOn() {
          return dnsOn
        },
        wrong: (probes, faults) => differences(probes, (probe) => expected(probe, faults, dnsOn)),
      }
      beforeAll(async () => {
        desk = await deskFor(ground.cluster)
        await desk.configure(EVERYTHING)
      })
      beforeEach(async () => {
        dnsOn = await nodeOfDns(ground.cluster)
      })
      afterEach(async () => {
        await ground.cluster.undoFaults()
      })
      afterAll(async () => {
        await putAway(ground.desk)
      })
      body(ground)
    },
    {dualStack: true},
  )
}
