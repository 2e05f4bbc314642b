import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest'
import {bundleProgram} from '../../../scripts/packaging/program.ts'
import type {Cluster} from '../cluster/cluster.ts'
import {succeed} from '../cluster/floaters.ts'
import {ALPINE, makeArchive} from '../cluster/images.ts'
import {describeOnCluster} from '../cluster/require.ts'
import {waitFor} from '../cluster/wait.ts'
import {everyObject} from '../program.ts'

const EXAMPLES = join(import.meta.dirname, '../../../docs/examples')
const JOB = join(EXAMPLES, 'job.yaml')
const NAMESPACE = 'kosmos-system'

interface Job {
  readonly status: {readonly conditions?: readonly {readonly type: string; readonly status: string}[]}
}

describeOnCluster(
  'the Job of docs/examples, on two real nodes',
  (getCluster) => {
    let cluster: Cluster
    let folder: string
    let before: readonly string[]

    beforeAll(async () => {
      cluster = getCluster()
      folder = await mkdtemp(join(tmpdir(), 'netdoctor-job-'))
      const archive = await imageIn(folder, cluster.toolsDirectory)
      for (const {name} of cluster.nodes)
        await succeed(cluster.onNode(name, ['ctr', '-n', 'k8s.io', 'images', 'import', archive]))
      before = await everyObject(cluster)
    })
    afterEach(async () => {
      await succeed(cluster.kubectl(['delete', '-f', JOB, '--ignore-not-found']))
      expect(await everyObject(cluster)).toEqual(before)
    })
    afterAll(async () => {
      await rm(folder, {recursive: true, force: true})
    })

    test('a healthy network: Complete, with the report in its log, and nothing is left but the Job', async () => {
      expect(await runJob()).toEqual(['Complete', '0'])
      const log = await logOf()
      expect(log).toContain('4 probes between 2 nodes: 4 SUCCEEDED, 0 FAILED, 0 EXCEPTION')
      expect(await floatersLeft()).toEqual([])
    })

    test('a broken pair: Failed with exit code 1, the pair in its log, and nothing is left but the Job', async () => {
      const undo = await cluster.fault('drop', 'n1', 'n2')
      try {
        expect(await runJob()).toEqual(['Failed', '1'])
      } finally {
        await undo()
      }
      const log = await logOf()
      expect(log).toContain('4 probes between 2 nodes: 3 SUCCEEDED, 1 FAILED, 0 EXCEPTION')
      expect(log).toMatch(/\| n1 +\| n2 +\| [\d.]+ +\| FAILED +\| no connection to/)
      expect(await floatersLeft()).toEqual([])
    })

    /** Creates what the file holds; gives the condition that the Job comes to, and the exit code of its one pod. */
    async function runJob(): Promise<readonly [condition: string | undefined, exitCode: string]> {
      await succeed(cluster.kubectl(['create', '-f', JOB]))
      const condition = await waitFor('the end of the Job', async () => await ending(), {
        limit: 150_000,
        every: 500,
      })
      const exitCode = '{.items[*].status.containerStatuses[*].state.terminated.exitCode}'
      const pods = ['get', 'pods', '-n', NAMESPACE, '-l', 'job-name=netdoctor', '-o', `jsonpath=${exitCode}`]
      return [condition, await succeed(cluster.kubectl(pods))]
    }

    async function ending(): Promise<string | undefined> {
      const {status} = JSON.parse(
        await succeed(cluster.kubectl(['get', 'job', '-n', NAMESPACE, 'netdoctor', '-o', 'json'])),
      ) as Job
      const met = status.conditions?.filter((condition) => condition.status === 'True') ?? []
      return met.map(({type}) => type).find((type) => ['Complete', 'Failed'].includes(type))
    }

    async function floatersLeft(): Promise<string[]> {
      const objects = await everyObject(cluster)
      return objects.filter((line) => /^(DaemonSet|ControllerRevision) kosmos-system |floater/.test(line))
    }

    async function logOf(): Promise<string> {
      return await succeed(cluster.kubectl(['logs', '-n', NAMESPACE, 'job/netdoctor']))
    }
  },
  {nodes: 2},
)

/** The image of docs/examples/Dockerfile: kubectl, and the program on the Node that runs here in place of the executable. */
async function imageIn(folder: string, bin: string): Promise<string> {
  const [program, plugin, archive] = ['program.cjs', 'kubectl-netdoctor', 'netdoctor.tar'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  await writeFile(program, (await bundleProgram()).contents)
  await writeFile(plugin, '#!/bin/sh\nexec /usr/local/bin/node /usr/local/lib/program.cjs "$@"\n')
  const dockerfile = await readFile(join(EXAMPLES, 'Dockerfile'), 'utf8')
  const image = {
    reference: /^ +image: (\S+)$/m.exec(await readFile(JOB, 'utf8'))?.[1] ?? '',
    userland: [ALPINE],
    files: {
      '/usr/local/bin/kubectl': 'kubectl',
      '/usr/local/bin/node': process.execPath,
      '/usr/local/lib/program.cjs': program,
      '/usr/local/bin/kubectl-netdoctor': plugin,
    },
    entrypoint: JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '[]') as string[],
  }
  await makeArchive(image, bin, archive)
  return archive
}
