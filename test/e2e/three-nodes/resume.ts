import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import type {Desk} from '../../desk/desk.ts'
import {abnormal, removeFloaters} from '../abnormal.ts'
import type {Cluster} from '../cluster/cluster.ts'
import {describeOnCluster} from '../cluster/require.ts'
import {waitFor} from '../cluster/wait.ts'
import {deskFor} from '../program.ts'

const NAMESPACE = 'kosmos-system'

describeOnCluster('resume on three real nodes', (getCluster) => {
  let desk: Desk
  let cluster: Cluster

  beforeEach(async () => {
    cluster = getCluster()
    desk = await deskFor(cluster)
  })
  afterEach(async () => {
    await cluster.undoFaults()
    await desk.remove()
  })

  const write = async (text: string) => await writeFile(join(desk.folder, 'resume.json'), text)
  const execs = (kubectls: readonly string[]) => kubectls.filter((line) => line.startsWith('exec'))

  test('probes what is listed and nothing else, until nothing is left; the whole report stays', async () => {
    const [first, second] = [
      await cluster.fault('drop', 'n1', 'n2'),
      await cluster.fault('reset', 'n3', 'n1'),
    ]
    expect((await desk.run('check')).exitCode).toBe(1)
    const whole = await desk.report()
    expect(await abnormal(desk)).toEqual(['n1>n2 FAILED timeout', 'n3>n1 FAILED refused'])

    const still = await desk.run('resume')
    expect(still.exitCode).toBe(1)
    expect(still.stdout).toContain('2 probes between 3 nodes: 0 SUCCEEDED, 2 FAILED, 0 EXCEPTION')
    expect(still.stdout).toContain('Partial: only the 2 entries of resume.json')

    await first()
    expect((await desk.run('resume')).exitCode).toBe(1)
    expect(await abnormal(desk)).toEqual(['n3>n1 FAILED refused'])

    await second()
    const last = await desk.run('resume')
    expect(last.exitCode).toBe(0)
    expect(execs(last.kubectls)).toHaveLength(1)
    expect(last.stderr).toContain('A full check is due')
    expect(await desk.resume()).toEqual([])
    expect(await desk.report()).toEqual(whole)

    const nothing = await desk.run('resume')
    expect(nothing.stderr).toContain('nothing was probed')
    expect(nothing.kubectls).toEqual([])
  })

  test('after every pod came back with another address, the new one is probed', async () => {
    await cluster.fault('drop', 'n1', 'n2')
    await desk.run('check')
    const [before] = await desk.resume()
    await cluster.kubectl(['delete', 'pods', '-n', NAMESPACE, '--all'])
    expect((await desk.run('resume')).exitCode).toBe(1)
    const [after] = await desk.resume()
    expect(after?.targetIP).not.toBe(before?.targetIP)
    await cluster.undoFaults()
    expect((await desk.run('resume')).exitCode).toBe(0)
  })

  test("a file of the seed's tool, with its five fields and an address of yesterday", async () => {
    // Nothing is there: resume brings its floaters itself.
    await removeFloaters(desk)
    const entry = {Status: 0, ResultStr: 'exec error', dstNodeName: 'n2', targetIP: '192.0.2.7'}
    await write(
      JSON.stringify([
        {...entry, srcNodeName: 'n1'},
        {...entry, srcNodeName: 'n3'},
      ]),
    )
    await cluster.fault('drop', 'n1', 'n2')
    const {exitCode, stdout} = await desk.run('resume')
    expect(stdout).toContain('2 probes between 3 nodes: 1 SUCCEEDED, 1 FAILED, 0 EXCEPTION')
    expect(exitCode).toBe(1)
    expect(await abnormal(desk)).toEqual(['n1>n2 FAILED timeout'])
  })

  test('a node that has gone is named, and stays in the file as EXCEPTION', async () => {
    const entry = {Status: 2, ResultStr: '', srcNodeName: 'n1', targetIP: '192.0.2.7'}
    await write(
      JSON.stringify([
        {...entry, dstNodeName: 'n2'},
        {...entry, dstNodeName: 'retired'},
      ]),
    )
    const {exitCode, stdout} = await desk.run('resume')
    expect(stdout).toContain('node retired has left the cluster')
    expect(exitCode).toBe(3)
    expect(await abnormal(desk)).toEqual(['n1>retired EXCEPTION node-gone'])
  })

  test.each([
    ['missing', undefined, 'There is no resume.json'],
    ['empty', '', 'resume.json is empty'],
    ['torn', '[{"Status": 2, "srcNo', /resume\.json:1:\d+: damaged/],
    ['something else', '{"a": 1}', 'must be an array'],
    ['an entry without a source', '[{"Status": 2}]', 'resume.json, entry 1: srcNodeName'],
  ])('a file that is %s is an error, never a check and never an all-clear', async (_, text, message) => {
    if (text !== undefined) await write(text)
    const {exitCode, stdout, stderr, kubectls} = await desk.run('resume')
    expect(stderr).toMatch(message)
    expect(stderr).toContain('kubectl netdoctor check')
    expect({exitCode, stdout, kubectls}).toEqual({exitCode: 2, stdout: '', kubectls: []})
  })

  test('an interrupted check, then resume: every probe of the plan has its result', async () => {
    await cluster.fault('drop', 'n1', 'n2')
    await desk.run('check', '-q')
    const running = desk.start(['check', '--max-num', '1', '--cmd-timeout', '10', '--retries', '0'])
    const isProbing = () => Promise.resolve(running.stderr().includes('Wait for floaters: 3/3') || undefined)
    await waitFor('the first probes', isProbing, {limit: 60_000}).finally(() => {
      running.signal('SIGINT')
    })
    expect((await running.end).exitCode).toBe(130)
    const left = await desk.resume()
    const interrupted = await desk.report()
    const succeeded = interrupted.columns.status.reduce((sum, [status, n]) => sum + (status === 1 ? n : 0), 0)
    expect(succeeded + left.length).toBe(9)
    await cluster.undoFaults()
    const resumed = await desk.run('resume')
    expect(resumed.exitCode).toBe(0)
    expect(resumed.stdout).toContain(`${left.length} probes`)
    expect(await desk.resume()).toEqual([])
  })
})
