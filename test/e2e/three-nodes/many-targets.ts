import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {kubectlFor} from '../../../src/kubectl/kubectl.ts'
import type {NodeUnderTest} from '../../../src/model/cluster.ts'
import type {Plan} from '../../../src/model/plan.ts'
import {runPlan} from '../../../src/probe/run.ts'
import {reasonAt, recorder, tally} from '../../../src/results/store.ts'
import type {Desk} from '../../desk/desk.ts'
import type {Cluster} from '../cluster/cluster.ts'
import {describeOnCluster} from '../cluster/require.ts'
import {deskFor} from '../program.ts'

const PORT = 8889
const NAMESPACE = 'kosmos-system'

/** 150 unused addresses of a node's pod range, /23: those from the second half on. */
function spareAddresses(podCidr: string): string[] {
  const [, a, b, c] = /^(\d+)\.(\d+)\.(\d+)\.\d+\//.exec(podCidr) ?? []
  return Array.from({length: 150}, (_, i) => `${a}.${b}.${Number(c) + 1}.${i + 50}`)
}

describeOnCluster('300 probes from one floater', (getCluster) => {
  let cluster: Cluster
  let desk: Desk
  let plan: Plan

  beforeAll(async () => {
    cluster = getCluster()
    desk = await deskFor(cluster)
    // Whatever became of the tests before these, on the same nodes.
    expect((await desk.run('check', '--force')).exitCode).toBe(0)
    const {nodes} = (await desk.json('report.json')) as {nodes: NodeUnderTest[]}
    const targets = cluster.nodes.slice(1).flatMap(({podCidr}) => spareAddresses(podCidr))
    for (const {name, podCidr} of cluster.nodes.slice(1)) {
      const commands = spareAddresses(podCidr).map((address) => `ip address add ${address}/32 dev lo`)
      await cluster.onNode(name, ['sh', '-ec', commands.join('\n')])
      const server = `PORT=${PORT} setsid ${join(cluster.toolsDirectory, 'clusterlink-floater')} </dev/null >/dev/null 2>&1 &`
      await cluster.onNode(name, ['sh', '-c', server])
    }
    plan = {
      nodes,
      blocks: [
        {
          mode: 'pod',
          protocol: 'tcp',
          ipFamily: 'ipv4',
          check: 'reply',
          from: 'pod',
          to: 'pod',
          sources: [0],
          endpoints: targets.map((address, i) => ({node: i < 150 ? 1 : 2, address, port: PORT})),
          first: 0,
          size: targets.length,
        },
      ],
      size: targets.length,
    }
  })
  afterAll(async () => {
    await desk.run('clean')
    await desk.remove()
  })

  /** Runs the plan as it is, without a second pass. */
  async function probe() {
    const commands: string[] = []
    const {signal} = new AbortController()
    const kubectl = kubectlFor(
      {kubeconfig: cluster.kubeconfig},
      {program: join(cluster.toolsDirectory, 'kubectl'), signal, onCommand: (line) => commands.push(line)},
    )
    const store = recorder(plan.size)
    const started = Date.now()
    await runPlan(plan, store, {
      kubectlOf: () => kubectl,
      namespace: NAMESPACE,
      answer: 'OK',
      settledAt: 0,
      bystanders: [],
      limits: {parallel: 64, probeTimeout: 10},
      maxNum: 1,
      retries: 0,
      presentFloaters: () => Promise.resolve(undefined),
      signal,
      on: {probed: () => undefined, failed: () => undefined, pass: () => undefined},
    })
    const seconds = (Date.now() - started) / 1000
    return {results: store.results, commands, seconds}
  }

  test('all up: every one answered, one exec', async () => {
    const {results, commands, seconds} = await probe()
    console.log(`300 probes with all targets up: ${seconds.toFixed(1)} s`)
    expect(tally(results)).toMatchObject({SUCCEEDED: 300, FAILED: 0, EXCEPTION: 0})
    expect(commands).toHaveLength(1)
  })

  test('all black-holed: every one reported as timed out, in rounds of 64', async () => {
    const [n1, n2, n3] = cluster.nodes.map(({name}) => name) as [string, string, string]
    const undo = [await cluster.fault('drop', n1, n2), await cluster.fault('drop', n1, n3)]
    try {
      const {results, commands, seconds} = await probe()
      console.log(
        `300 probes, all black-holed: ${seconds.toFixed(1)} s (limit ${5 * 3 + 5} s on an idle machine)`,
      )
      expect(tally(results)).toMatchObject({SUCCEEDED: 0, FAILED: 300, EXCEPTION: 0})
      expect(new Set(Array.from({length: 300}, (_, id) => reasonAt(results, id)))).toEqual(
        new Set(['timeout']),
      )
      expect(commands).toHaveLength(1)
    } finally {
      for (const one of undo) await one()
    }
  })
})
