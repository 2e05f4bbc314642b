import {describe, expect, test} from 'vitest'
import {atDesk, until, type EmbeddedDesk} from './check-desk.ts'
import {NAMESPACE} from './floater-manifest.ts'
import {npmKubectlRunsHere} from './kubectl.ts'
import {judge, LIMIT} from './lies.ts'
import type {EmbeddedNode} from './options.ts'

const NODES: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', listens: 'refuses'}]
const FLAGS = [
  '--pod-wait-time',
  '3',
  '--retries',
  '0',
  '--request-timeout',
  '2s',
  '--cmd-timeout',
  '1',
] as const

describe
  .skipIf(!npmKubectlRunsHere())
  .concurrent('a server that changes its mind in the middle of a check', LIMIT, () => {
    // A check of two nodes makes about 45 requests, those of discovery and of access reviews among them.
    const moments = [0, 1, 2, 5, 10, 20, 25, 30, 32, 34, 36, 38, 40, 42, 44]

    test.each(moments)('the token is no longer good after %i requests', async (after) => {
      await atDesk({nodes: NODES}, async (desk) => {
        desk.cluster.setFault({on: 'api', after, does: {kind: 'status', code: 401}})
        await judge(desk, await desk.check(...FLAGS), 4)
      })
    })

    // Of those for pods: a list and a watch, one for each exec, and a last look.
    test.each([0, 1, 2, 3, 4])('it answers nothing any more after %i requests', async (after) => {
      await atDesk({nodes: NODES}, async (desk) => {
        desk.cluster.setFault({on: 'api', resource: 'pods', after, does: {kind: 'hang'}})
        await judge(desk, await desk.check(...FLAGS), 4)
      })
    })

    test.each(['version', 'selfsubjectaccessreviews', 'namespaces', 'nodes', 'daemonsets', 'events'])(
      '%s is never answered, or late',
      async (resource) => {
        for (const does of [{kind: 'hang'}, {kind: 'delay', ms: 30_000}] as const) {
          await atDesk({nodes: NODES}, async (desk) => {
            desk.cluster.setFault({on: 'api', resource, does})
            const tally = await judge(desk, await desk.check(...FLAGS), 4)
            expect(tally === undefined).toBe(resource !== 'events')
          })
        }
      },
    )
  })

describe
  .skipIf(!npmKubectlRunsHere())
  .concurrent('a cluster that changes in the middle of a check', LIMIT, () => {
    const podsOn = ({cluster}: EmbeddedDesk, nodes: readonly string[]) =>
      cluster
        .objects()
        .filter(({kind, spec}) => kind === 'Pod' && nodes.includes((spec as {nodeName: string}).nodeName))

    /** The desk's check, held at its first exec while `change` is made. */
    async function during(desk: EmbeddedDesk, change: () => void | Promise<void>) {
      desk.cluster.setFault({on: 'api', resource: 'pods/exec', times: 1, does: {kind: 'delay', ms: 1500}})
      const running = desk.start(['check', '--port', desk.port, '--max-num', '1', ...FLAGS])
      await until('an exec', () => desk.cluster.requests.some(({path}) => path.endsWith('/exec')))
      await change()
      return await running.end
    }

    test.each([
      // What the other one asks of it goes to an address where nobody is any more.
      [['n2'], {SUCCEEDED: 1, FAILED: 0, EXCEPTION: 3}],
      [['n1', 'n2'], {SUCCEEDED: 0, FAILED: 0, EXCEPTION: 4}],
    ])(
      'the pod of each of %j is replaced between inventory and exec: what it did not answer is no failure of the network',
      async (nodes, tally) => {
        await atDesk({nodes: 2, delays: {podDeleteMs: 0}}, async (desk) => {
          const ran = await during(desk, async () => {
            const pods = podsOn(desk, nodes)
            for (const {metadata} of pods)
              await fetch(`${desk.cluster.url}/api/v1/namespaces/${NAMESPACE}/pods/${metadata.name}`, {
                method: 'DELETE',
              })
            const uids = pods.map(({metadata}) => metadata.uid)
            await until(
              'their end',
              () => !podsOn(desk, nodes).some(({metadata}) => uids.includes(metadata.uid)),
            )
          })
          expect(await judge(desk, ran, 4)).toEqual(tally)
        })
      },
    )

    test('a node is removed: its probes have a result', async () => {
      await atDesk({nodes: 3}, async (desk) => {
        const ran = await during(desk, () => desk.cluster.removeNode('n3'))
        expect(await judge(desk, ran, 9)).toMatchObject({FAILED: 0})
      })
    })

    test('a node is added: the plan stays what it was', async () => {
      await atDesk({nodes: 2}, async (desk) => {
        const ran = await during(desk, () => desk.cluster.setNode({name: 'n3'}))
        expect(await judge(desk, ran, 4)).toEqual({SUCCEEDED: 4, FAILED: 0, EXCEPTION: 0})
      })
    })
  })
