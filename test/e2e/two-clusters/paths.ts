import {afterEach, beforeEach, expect, test} from 'vitest'
import type {Desk} from '../../desk/desk.ts'
import {abnormal} from '../abnormal.ts'
import type {Cluster} from '../cluster/cluster.ts'
import {describeOnClusters} from '../cluster/require.ts'
import {deskForAll} from '../program.ts'

const FIELDS = ['srcCluster', 'dstCluster', 'mode', 'protocol'] as const

/** Whatever leads from one cluster into another. */
const PATHS = {
  floater: 'agnhost',
  mode: ['pod', 'node', 'pod-to-node', 'node-to-pod', 'nodeport'],
  protocol: ['tcp', 'udp', 'icmp'],
  podWaitTime: 90,
}

describeOnClusters(
  'every path between two linked clusters',
  (getClusters) => {
    let desk: Desk
    let a: Cluster
    let b: Cluster

    beforeEach(async () => {
      ;[a, b] = getClusters()
      desk = await deskForAll({a, b})
      await desk.configure({...PATHS, srcContext: 'a', dstContext: 'b'})
    })
    afterEach(async () => {
      await a.undoFaults()
      await b.undoFaults()
      await desk.remove()
    })

    // Two nodes to two nodes both ways, by four modes over three protocols, and nodeport over the two that have ports.
    const ROWS = 2 * (2 * 2) * (4 * 3 + 2)

    test('a healthy network: all SUCCEEDED, none inside of either cluster', async () => {
      const {exitCode, stdout} = await desk.run('check', '-o', 'json')
      expect(await abnormal(desk, ...FIELDS)).toEqual([])
      expect(exitCode).toBe(0)
      const lines = stdout.trim().split('\n').map(parsed)
      expect(lines).toHaveLength(ROWS + 1)
      expect(lines.at(-1)).toMatchObject({kind: 'run', totals: {probes: ROWS, SUCCEEDED: ROWS}})
      const paths = new Map<string, number>()
      for (const {source, destination, mode, protocol} of lines.slice(0, -1)) {
        const path = `${source?.cluster}>${destination?.cluster} ${mode} ${protocol}`
        paths.set(path, (paths.get(path) ?? 0) + 1)
      }
      expect([...new Set(paths.values())]).toEqual([2 * 2])
      expect([...paths.keys()].sort()).toEqual(
        ['src>dst', 'dst>src']
          .flatMap((way) =>
            PATHS.mode.flatMap((mode) =>
              PATHS.protocol
                .filter((protocol) => mode !== 'nodeport' || protocol !== 'icmp')
                .map((protocol) => `${way} ${mode} ${protocol}`),
            ),
          )
          .sort(),
      )
    })

    test("one node's pods no longer reach those of one other: exactly their rows, and resume brings them", async () => {
      const undo = await a.fault('drop-across', 'n1', b.name, 'n2')
      const {exitCode, stdout} = await desk.run('check')
      expect(await abnormal(desk, ...FIELDS)).toEqual(
        PATHS.protocol.map((protocol) => `n1>n2 src dst pod ${protocol} FAILED timeout`),
      )
      expect(stdout).toContain(`${ROWS} probes between 4 nodes: ${ROWS - 3} SUCCEEDED, 3 FAILED, 0 EXCEPTION`)
      expect(exitCode).toBe(1)

      expect((await desk.run('resume')).stdout).toContain('3 probes between 2 nodes: 0 SUCCEEDED, 3 FAILED')
      await undo()
      const resumed = await desk.run('resume')
      expect(resumed.stdout).toContain('3 probes between 2 nodes: 3 SUCCEEDED')
      expect(resumed.kubectls.filter((line) => line.includes(' exec '))).toHaveLength(1)
      expect(resumed.exitCode).toBe(0)
      expect(await desk.resume()).toEqual([])
    })
  },
  [{nodes: 2}, {nodes: 2}],
)

interface Row {
  kind: string
  source?: {cluster: string; node: string}
  destination?: {cluster: string; node: string}
  mode?: string
  protocol?: string
}

function parsed(line: string): Row {
  return JSON.parse(line) as Row
}

describeOnClusters(
  'three linked clusters',
  (getClusters) => {
    test('every ordered pair of them, and what one of them no longer reaches', async () => {
      const [red, green, blue] = getClusters()
      const desk = await deskForAll({red, green, blue}, 'list')
      try {
        const names = ['red', 'green', 'blue']
        await desk.configure({clusters: names.map((name) => ({name, context: name})), podWaitTime: 60})
        const {exitCode, stdout, stderr} = await desk.run('check')
        for (const name of names)
          expect(stderr).toContain(`Checking cluster ${name}: context ${name}, server`)
        expect(stdout).toContain('6 probes between 3 nodes: 6 SUCCEEDED, 0 FAILED, 0 EXCEPTION')
        const pairs = [...stdout.matchAll(/\| (\w+)\/n1 +\| (\w+)\/n1 /g)].map(
          ([, from, to]) => `${from}>${to}`,
        )
        expect(pairs.sort()).toEqual(
          names.flatMap((from) => names.filter((to) => to !== from).map((to) => `${from}>${to}`)).sort(),
        )
        expect(exitCode).toBe(0)
        expect((await desk.run('check', '--intra')).stdout).toContain('9 probes between 3 nodes: 9 SUCCEEDED')

        const undo = await green.fault('drop-cluster', blue.name)
        expect((await desk.run('check')).exitCode).toBe(1)
        expect(await abnormal(desk, 'srcCluster', 'dstCluster')).toEqual(['n1>n1 green blue FAILED timeout'])
        await undo()
        expect((await desk.run('resume')).stdout).toContain('1 probe between 2 nodes: 1 SUCCEEDED')
      } finally {
        await green.undoFaults()
        await desk.remove()
      }
    })
  },
  [{nodes: 1}, {nodes: 1}, {nodes: 1}],
)
