import {mkdir, mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {nameOf, thisMachine} from '../../../scripts/packaging/targets.ts'
import type {ResumeEntry} from '../../desk/saved.ts'
import {install} from '../../release/krew.ts'
import {serveRelease} from '../../release/served.ts'
import {describeOnCluster} from '../cluster/require.ts'
import {everyObject} from '../program.ts'

describeOnCluster(
  'a release, installed as krew does it, in front of two real nodes',
  (getCluster) => {
    let root: string
    let kubectl: (...args: string[]) => Promise<{exitCode?: number; stdout: string; stderr: string}>

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'netdoctor-installed-'))
      const target = thisMachine()
      if (target === undefined) throw new Error('there is no release for this machine')
      const release = await serveRelease(nameOf(target))
      const {bin} = await install(join(release.folder, 'netdoctor.yaml'), target, root).finally(release.stop)
      const {toolsDirectory, kubeconfig} = getCluster()
      // Nothing else is on PATH, Node neither: it is in the executable.
      const env = {PATH: [bin, toolsDirectory].join(delimiter), HOME: root, KUBECONFIG: kubeconfig}
      const cwd = join(root, 'desk')
      await mkdir(cwd)
      kubectl = (...args) => execa('kubectl', args, {cwd, env, extendEnv: false, reject: false})
    })
    afterAll(async () => {
      await kubectl('netdoctor', 'clean', '--force')
      await rm(root, {recursive: true, force: true})
    })

    test('says its version, checks, finds what is broken, resumes, and cleans', async () => {
      const cluster = getCluster()
      const before = await everyObject(cluster)
      const {version} = JSON.parse(await readFile('package.json', 'utf8')) as {version: string}
      const told = await kubectl('netdoctor', 'version')
      expect([told.exitCode, told.stdout]).toEqual([0, expect.stringContaining(`netdoctor ${version}\n`)])

      const undo = await cluster.fault('drop', 'n1', 'n2')
      try {
        const checked = await kubectl('netdoctor', 'check', '--floater', 'agnhost')
        expect([checked.exitCode, checked.stdout]).toEqual([
          1,
          expect.stringContaining('3 SUCCEEDED, 1 FAILED'),
        ])
      } finally {
        await undo()
      }
      const left = JSON.parse(await readFile(join(root, 'desk/resume.json'), 'utf8')) as ResumeEntry[]
      expect(left.map(({srcNodeName, dstNodeName}) => [srcNodeName, dstNodeName])).toEqual([['n1', 'n2']])

      const resumed = await kubectl('netdoctor', 'resume', '--floater', 'agnhost')
      expect([resumed.exitCode, resumed.stdout]).toEqual([
        0,
        expect.stringContaining('1 SUCCEEDED, 0 FAILED'),
      ])
      expect((await kubectl('netdoctor', 'clean')).exitCode).toBe(0)
      expect(await everyObject(cluster)).toEqual(before)
    })
  },
  {nodes: 2},
)
