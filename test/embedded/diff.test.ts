import {copyFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {atDesk} from './check-desk.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

describe.skipIf(!npmKubectlRunsHere())('diff', () => {
  test('of two checks, between which a node went silent: what broke, and the other way round what healed', async () => {
    const nodes = ['n1', 'n2', 'n3', 'n4'].map((name) => ({name}))
    await atDesk({nodes}, async (desk) => {
      const keep = (name: string) => copyFile(join(desk.folder, 'report.json'), join(desk.folder, name))
      expect((await desk.check()).exitCode).toBe(0)
      await keep('well.json')
      desk.cluster.setNode({name: 'n3', listens: 'black-hole'})
      desk.cluster.setNode({name: 'n5'})
      expect((await desk.check('--cmd-timeout', '2')).exitCode).toBe(1)
      await keep('broken.json')

      const broke = await desk.run('diff', 'well.json')
      expect([broke.exitCode, broke.stderr]).toEqual([1, ''])
      expect(broke.stdout).toMatch(
        /^4 of 16 probes broke, 1 FAILED that only NEW has: .*n3.*; .*1 node is in NEW alone/,
      )
      expect(broke.stdout).toContain('Broken: SUCCEEDED before, FAILED now (4)')
      expect(broke.stdout).toContain('FAILED, and only NEW has them (1)')
      expect(broke.stdout).toContain('\nIn NEW alone: n5.\n')

      const healed = await desk.run('diff', 'broken.json', 'well.json', '-o', 'json')
      const lines = healed.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line)
      expect(healed.exitCode).toBe(0)
      expect(
        lines
          .filter(({kind}) => kind === 'probe')
          .map(({change, destination}) => [change, destination?.node]),
      ).toEqual(Array(4).fill(['healed', 'n3']))
      expect(lines.at(-1)).toMatchObject({kind: 'diff', gone: [{node: 'n5'}], totals: {compared: 16}})

      await writeFile(join(desk.folder, 'torn.json'), '{"format":')
      const torn = await desk.run('diff', 'torn.json')
      expect([torn.exitCode, torn.stdout]).toEqual([2, ''])
      expect(torn.stderr).toMatch(/^torn\.json:\d+:\d+: damaged/)
    })
  })
})

interface Line {
  readonly kind: string
  readonly change?: string
  readonly destination?: {readonly node: string}
}
