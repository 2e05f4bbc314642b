import {describe, expect, test} from 'vitest'
import type {Config} from '../../src/model/config.ts'
import type {Run} from '../../src/model/run.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {checkNetwork} from '../../src/run/check.ts'
import {dryRun} from '../../src/run/dry-run.ts'
import {exitCodeOf} from '../../src/run/outcome.ts'
import {checkScope, resumeScope} from '../../src/run/scope.ts'
import {reasonAt, statusAt} from '../../src/results/store.ts'
import {failure} from '../kubectl/fake.ts'
import {pairOf} from '../plan/wish.ts'
import {REFUSED} from '../probe/asked.ts'
import {barrier, worldOf, type ClusterParts, type Step, type World} from './world.ts'

const TWO = {src: {nodes: ['a', 'b']}, dst: {nodes: ['x']}}
const UNREACHABLE = failure('Unable to connect to the server: dial tcp: i/o timeout\n')

/** A cluster that does this at one step, and is well beside it. */
const at = (step: Step, behave: ClusterParts['behave']): Pick<ClusterParts, 'behave'> => ({
  behave: (now, call) => (now === step ? behave?.(now, call) : undefined),
})

async function check({config, effects}: World): Promise<{run: Run; deployed: boolean; stuck: boolean}> {
  let [deployed, stuck] = [false, false]
  const run = await checkNetwork(config, effects, (sites) => checkScope(config, sites), {
    deploying: () => (deployed = true),
    stuck: () => (stuck = true),
  })
  return {run, deployed, stuck}
}

const refusalOf = async (world: World): Promise<unknown> =>
  await check(world).catch((error: unknown) => error)

function interrupt({interruption}: World, signal: string): undefined {
  interruption.abort(signal)
}

function results({plan, results}: Run): string[] {
  return [...probesOf(plan)].map(
    (probe) => `${pairOf(plan, probe)} ${statusAt(results, probe.id)} ${reasonAt(results, probe.id)}`,
  )
}

/** What changes a cluster. */
const changes = ({steps}: World) => steps.filter((step) => /(create|apply|exec)$/.test(step))

describe('two healthy clusters', () => {
  test('are probed from each to the other', async () => {
    const world = worldOf(TWO)
    const {run, deployed} = await check(world)
    expect(results(run)).toEqual([
      'src/a -> dst/x SUCCEEDED answered',
      'src/b -> dst/x SUCCEEDED answered',
      'dst/x -> src/a SUCCEEDED answered',
      'dst/x -> src/b SUCCEEDED answered',
    ])
    expect(run).toMatchObject({
      id: 'a1b2c3',
      namespace: 'netcheck',
      clusters: [
        {name: 'src', context: 'src', server: 'https://src.example', version: 'v1.35.4'},
        {name: 'dst', context: 'dst', server: 'https://dst.example', version: 'v1.35.4'},
      ],
      partial: [],
      notCovered: [],
    })
    expect([deployed, run.interrupted, exitCodeOf(run)]).toEqual([true, undefined, 0])
    expect(world.said.slice(0, 2)).toEqual([
      'Checking cluster src: context src, server https://src.example, namespace netcheck',
      'Checking cluster dst: context dst, server https://dst.example, namespace netcheck',
    ])
    expect(world.stages.filter((stage) => stage.includes('Probe'))).toEqual([
      expect.stringMatching(/^src Probe: 2\/2, /),
      expect.stringMatching(/^dst Probe: 2\/2, /),
    ])
  })

  // Each waits for the other at that step: one after the other, they would never come past it.
  test.each<Step>(['config', 'version', 'permissions', 'inventory', 'create', 'apply', 'watch', 'exec'])(
    'go on side by side: %s',
    async (step) => {
      const meet = barrier(['src', 'dst'])
      const meeting = (name: string) => at(step, () => meet(name))
      const world = worldOf({src: {nodes: ['a'], ...meeting('src')}, dst: {nodes: ['x'], ...meeting('dst')}})
      expect(exitCodeOf((await check(world)).run)).toBe(0)
    },
    5000,
  )

  test('count their own failures, and are both looked at for floaters that went away', async () => {
    const world = worldOf({
      src: {nodes: ['a', 'b'], answer: () => REFUSED},
      dst: {nodes: ['x']},
    })
    const {run} = await check(world)
    expect(results(run).filter((one) => one.includes('FAILED'))).toEqual([
      'src/a -> dst/x FAILED connect-failed',
      'src/b -> dst/x FAILED connect-failed',
    ])
    expect(world.stages).toContainEqual(expect.stringMatching(/^src Probe: .* 2 not SUCCEEDED so far/))
    expect(world.stages).toContainEqual(expect.stringMatching(/^dst Probe: (?!.*not SUCCEEDED)/))
    expect(world.steps.filter((step) => step.endsWith(' pods'))).toEqual(['src pods', 'dst pods'])
  })
})

describe('before anything is created', () => {
  test.each<[string, Record<string, ClusterParts>, number, string]>([
    [
      'a cluster that cannot be reached',
      {src: {nodes: ['a']}, dst: {nodes: ['x'], ...at('version', () => UNREACHABLE)}},
      3,
      'Could not reach the API server https://dst.example (context dst): Unable to connect to the server: dial tcp: i/o timeout. Nothing was created.',
    ],
    [
      'a context that does not exist',
      {
        src: {nodes: ['a'], ...at('config', () => failure('error: context "src" does not exist\n'))},
        dst: {nodes: ['x']},
      },
      2,
      'Cluster src: context "src" does not exist.',
    ],
    [
      'the same cluster twice',
      {src: {nodes: ['a', 'b'], uids: 'u'}, dst: {nodes: ['b'], uids: 'u'}},
      2,
      'Clusters src and dst of the config are the same cluster: node b is in both. Nothing was created.',
    ],
    [
      'one without a Linux node',
      {src: {nodes: ['a']}, dst: {nodes: ['win-1']}},
      2,
      'There is nothing to probe: cluster dst: no node can have a floater (floaters run on Linux, and this node runs windows).',
    ],
    [
      'a missing permission',
      {src: {nodes: ['a']}, dst: {nodes: ['x'], denied: ['patch daemonsets']}},
      3,
      'Nothing was created, because of this (context dst):\n  You may not patch daemonsets.apps in namespace netcheck',
    ],
  ])('%s stops all', async (_, clusters, exitCode, message) => {
    const world = worldOf(clusters)
    expect(await refusalOf(world)).toMatchObject({
      exitCode,
      message: expect.stringContaining(message) as unknown,
    })
    expect(changes(world)).toEqual([])
  })

  test('nodes of the same name are no sign of the same cluster', async () => {
    const {run} = await check(worldOf({src: {nodes: ['a']}, dst: {nodes: ['a']}}))
    expect(results(run)).toEqual(['src/a -> dst/a SUCCEEDED answered', 'dst/a -> src/a SUCCEEDED answered'])
  })

  test('what is wrong in both is told at once', async () => {
    const world = worldOf({
      src: {nodes: ['a'], denied: ['list pods']},
      dst: {nodes: ['x'], ...at('version', () => UNREACHABLE)},
    })
    const {message} = (await refusalOf(world)) as Error
    expect(message).toContain('You may not list pods in namespace netcheck')
    expect(message).toContain('Could not reach the API server https://dst.example')
  })

  test.each<[string, Partial<Config>]>([
    ['nothing to probe at all', {modes: []}],
    ['a part that holds nothing', {subset: {from: 'src/a', to: 'src/b', bothWays: false}}],
  ])('%s is refused', async (_, config) => {
    const world = worldOf(TWO, config)
    expect(await refusalOf(world)).toMatchObject({
      exitCode: 2,
      message: 'There is nothing to probe: the plan has no probes.',
    })
    expect(changes(world)).toEqual([])
  })
})

describe('a deployment that fails in one cluster', () => {
  const quota = failure('Error from server (Forbidden): quota\n')

  test('does not end that of the other in the middle, and is told after it', async () => {
    const waiting = barrier(['failed', 'watched'])
    const world = worldOf({
      src: {nodes: ['a'], ...at('apply', async () => (await waiting('failed'), quota))},
      dst: {nodes: ['x'], ...at('watch', () => waiting('watched'))},
    })
    expect(await refusalOf(world)).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /^Could not apply DaemonSet netdoctor-floater: quota\nNamespace netcheck may have been created/,
      ) as unknown,
    })
    expect(world.stages).toContain('src Deploy floaters: failed')
    expect(world.stages).toContainEqual(expect.stringMatching(/^dst Wait for floaters: 1\/1 ready/))
    expect(world.steps.filter((step) => step.endsWith('exec'))).toEqual([])
  })

  test('says nothing of a namespace that was there before', async () => {
    const world = worldOf({
      src: {nodes: ['a'], namespaceExists: true, ...at('apply', () => quota)},
      dst: {nodes: ['x']},
    })
    expect(((await refusalOf(world)) as Error).message).toBe(
      'Could not apply DaemonSet netdoctor-floater: quota',
    )
  })
})

test('a node without a floater is an EXCEPTION both ways, and the others are probed', async () => {
  const world = worldOf({src: {nodes: ['a']}, dst: {nodes: ['x', 'y'], without: ['y']}}, {podWaitTime: 0})
  const {run} = await check(world)
  expect(results(run).filter((one) => one.includes('dst/y'))).toEqual([
    'src/a -> dst/y EXCEPTION no-floater',
    'dst/y -> src/a EXCEPTION no-floater',
  ])
  expect(exitCodeOf(run)).toBe(3)
})

describe('an interruption', () => {
  const interruptedAt = (step: Step) => {
    const world: World = worldOf({
      src: {nodes: ['a', 'b'], ...at(step, () => interrupt(world, 'SIGINT'))},
      dst: {nodes: ['x']},
    })
    return world
  }

  test.each<[Step, string[]]>([
    ['version', []],
    ['permissions', []],
    ['inventory', []],
  ])('at %s ends the check without a run, and creates nothing', async (step, created) => {
    const world = interruptedAt(step)
    expect(await refusalOf(world)).toMatchObject({exitCode: 3})
    expect(changes(world)).toEqual(created)
  })

  test('between the questions and the creation creates nothing, and has a run', async () => {
    const world = worldOf(TWO)
    let deployed = false
    const run = await checkNetwork(
      world.config,
      world.effects,
      async (sites) => {
        const scope = await checkScope(world.config, sites)
        world.interruption.abort('SIGINT')
        return scope
      },
      {deploying: () => (deployed = true), stuck: () => undefined},
    )
    expect([deployed, run.interrupted, changes(world)]).toEqual([false, 'SIGINT', []])
    expect(new Set(run.results.reason)).toEqual(new Set([0]))
    expect(run.results.size).toBe(4)
  })

  test('while the floaters are given back is none of the run: it is complete, and the claim stays', async () => {
    const world = interruptedAt('claim')
    const {run, stuck} = await check(world)
    expect(new Set(results(run).map((one) => one.split(' ')[3]))).toEqual(new Set(['SUCCEEDED']))
    expect([run.interrupted, exitCodeOf(run), stuck]).toEqual([undefined, 0, true])
    expect(world.said.join('\n')).toMatch(
      /^Cluster src: The floaters .* could not be given back \(.*\)\. Other runs there have to wait until 20\S+Z, or to be told --force\.$/m,
    )
  })

  test.each<Step>(['create', 'apply', 'watch'])('at %s leaves every probe not tested', async (step) => {
    const world = interruptedAt(step)
    const {run, deployed} = await check(world)
    expect([deployed, run.interrupted, exitCodeOf(run)]).toEqual([true, 'SIGINT', 130])
    expect(results(run)).toHaveLength(4)
    expect(results(run).every((one) => one.endsWith('EXCEPTION not-tested'))).toBe(true)
    expect(world.steps.filter((one) => one.endsWith('exec'))).toEqual([])
  })

  test('at the probes keeps what was answered', async () => {
    const world: World = worldOf(
      {
        src: {nodes: ['a', 'b']},
        dst: {nodes: ['x'], ...at('exec', () => interrupt(world, 'SIGTERM'))},
      },
      {maxNum: 1},
    )
    const {run} = await check(world)
    expect(exitCodeOf(run)).toBe(143)
    expect(results(run)).toEqual([
      'src/a -> dst/x SUCCEEDED answered',
      'src/b -> dst/x EXCEPTION not-tested',
      'dst/x -> src/a EXCEPTION not-tested',
      'dst/x -> src/b EXCEPTION not-tested',
    ])
  })

  test('at the second pass keeps what the first one found', async () => {
    let execs = 0
    const world: World = worldOf({
      src: {
        nodes: ['a', 'b'],
        answer: () => REFUSED,
        ...at('exec', () => {
          if (++execs > 2) world.interruption.abort('SIGINT')
          return undefined
        }),
      },
      dst: {nodes: ['x']},
    })
    const {run} = await check(world)
    expect(run.interrupted).toBe('SIGINT')
    expect(results(run).slice(0, 2)).toEqual([
      'src/a -> dst/x FAILED connect-failed',
      'src/b -> dst/x FAILED connect-failed',
    ])
  })
})

describe('a part of the plan', () => {
  test('waits for no floater that it does not need, and says that it is partial', async () => {
    // Whoever waited for b would wait for half a minute.
    const world = worldOf(
      {src: {nodes: ['a', 'b', 'win-1'], without: ['b']}, dst: {nodes: ['x']}},
      {subset: {from: 'src/a', to: 'x', bothWays: true}},
    )
    const {run} = await check(world)
    expect(results(run)).toEqual(['src/a -> dst/x SUCCEEDED answered', 'dst/x -> src/a SUCCEEDED answered'])
    expect(run.partial).toEqual(['only from src/a', 'only to x', 'and the other way round'])
    // A node that the user left out is not one that is not covered.
    expect([run.notCovered, exitCodeOf(run)]).toEqual([[], 0])
  }, 5000)

  test('that is a sample covers no fewer nodes', async () => {
    const world = worldOf(
      {src: {nodes: ['a', 'b', 'win-1']}, dst: {nodes: ['x']}},
      {subset: {sample: 1, bothWays: false}},
    )
    const {run} = await check(world)
    expect(run.partial).toEqual(['a sample of 1 destination a node'])
    expect(run.notCovered).toEqual([expect.objectContaining({cluster: 'src', node: 'win-1'})])
    expect(exitCodeOf(run)).toBe(3)
  })

  test('with a node that does not exist creates nothing', async () => {
    const world = worldOf(TWO, {subset: {from: 'nobody', bothWays: false}})
    expect(await refusalOf(world)).toMatchObject({exitCode: 2})
    expect(changes(world)).toEqual([])
  })
})

describe('a resume', () => {
  const resume = async (world: World, entries: Parameters<typeof resumeScope>[1]) =>
    await checkNetwork(
      world.config,
      world.effects,
      (sites) => Promise.resolve(resumeScope(world.config, entries, 'resume.json', sites)),
      {deploying: () => undefined, stuck: () => undefined},
    )

  test('probes its entries, waits only for their floaters, and names who has gone', async () => {
    const world = worldOf({src: {nodes: ['a', 'b'], without: ['b']}, dst: {nodes: ['x']}})
    const run = await resume(world, [
      {srcNodeName: 'a', dstNodeName: 'x', targetIP: '10.9.9.9'},
      {srcNodeName: 'a', dstNodeName: 'left', targetIP: '10.9.9.8'},
    ])
    expect(results(run)).toEqual([
      'src/a -> dst/left EXCEPTION node-gone',
      'src/a -> dst/x SUCCEEDED answered',
    ])
    expect(run.partial).toEqual(['only the 2 entries of resume.json'])
  }, 5000)

  test.each([
    ['of a cluster that the config does not have', {srcCluster: 'edge'}],
    ['of custom targets that it does not have', {targetIP: 'nc -w 3 192.0.2.1 443'}],
  ])('%s creates nothing', async (_, more) => {
    const world = worldOf(TWO)
    const entry = {srcNodeName: 'a', dstNodeName: 'x', targetIP: '', ...more}
    await expect(resume(world, [entry])).rejects.toMatchObject({exitCode: 2})
    expect(changes(world)).toEqual([])
  })
})

test('a mode that no protocol asks for is refused before any cluster is touched', async () => {
  const world = worldOf(TWO, {modes: ['pod', 'service'], protocols: ['icmp']})
  const message = expect.stringContaining('mode service is asked over tcp or udp') as string
  expect(await refusalOf(world)).toMatchObject({exitCode: 2, message})
  await expect(dryRun(world.config, world.effects)).rejects.toMatchObject({exitCode: 2, message})
  expect(world.steps).toEqual([])
})
