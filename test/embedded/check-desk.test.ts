import {readdir} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {atDeskOfTwo} from './check-desk.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

describe.skipIf(!npmKubectlRunsHere()).concurrent('a desk in front of two clusters', () => {
  test.each(['one file', 'list'] as const)('reaches each by its context: %s', async (as) => {
    await atDeskOfTwo({a: {nodes: 2}, b: {nodes: 1}, as}, async (desk, {a, b}) => {
      expect(desk.env['KUBECONFIG']?.split(':')).toHaveLength(as === 'list' ? 2 : 1)
      const first = await desk.check('-q')
      expect([first.exitCode, first.stdout]).toEqual([0, expect.stringContaining('4 SUCCEEDED')])
      expect(b.requests).toEqual([])

      const asked = a.requests.length
      await desk.configure({srcContext: 'b'})
      const second = await desk.check()
      expect(second.stderr).toContain(`context b, server ${b.url}`)
      expect(second.kubectls.length).toBeGreaterThan(0)
      expect((await desk.report()).columns.status).toEqual([[1, 1]])
      expect(await desk.resume()).toEqual([])
      expect(a.requests).toHaveLength(asked)
      expect(await readdir(desk.folder)).toEqual(['config.json', 'report.json', 'resume.json'])
    })
  })
})
