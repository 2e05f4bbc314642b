import {describe, expect, test} from 'vitest'
import {dryRun} from '../../src/run/dry-run.ts'
import {failure} from '../kubectl/fake.ts'
import {worldOf, type World} from './world.ts'

const linesOf = async ({config, effects}: World) => await dryRun(config, effects)

/** What would change a cluster: a dry run asks, and asks only. */
const changes = ({steps}: World) => steps.filter((step) => /(create|apply|exec|watch)$/.test(step))

test('one cluster: what would be created, what is allowed, how long it takes', async () => {
  const world = worldOf({src: {nodes: ['a', 'b', 'win-1'], denied: ['list events']}})
  const {lines, possible} = await linesOf(world)
  expect(possible).toBe(true)
  expect(lines).toEqual([
    'context src, server https://src.example, Kubernetes v1.35.4, 2 nodes',
    '  would create:',
    '    namespace/netcheck',
    '    daemonset.apps/netdoctor-floater in namespace netcheck: 2 pods of registry.example/clusterlink-floater:v0.2.0',
    '  needs these permissions:',
    ...lines.filter((line) => /^ {4}(yes|NO |no ) {2}/.test(line)),
    '  not covered: win-1: floaters run on Linux, and this node runs windows',
    '  warning: You may not list events in namespace netcheck; messages will explain less.',
    '',
    'Probes: 4 probes from 2 nodes, for the IP families of the nodes; where the pods have others, as many more or less.',
    'Probing takes about 1.0 s where everything answers; a node that does not answer adds some seconds. Floaters may take up to 30 s to be ready.',
    'Nothing was created. A check would go ahead.',
  ])
  expect(lines).toContain('    yes  create pods/exec in namespace netcheck')
  expect(lines).toContain('    yes  create namespaces')
  expect(lines).toContain('    no   list events in namespace netcheck (optional)')
  expect(changes(world)).toEqual([])
})

test('two clusters are named, and their probes counted together', async () => {
  const world = worldOf({src: {nodes: ['a', 'b']}, dst: {nodes: ['x'], namespaceExists: true}})
  const {lines, possible} = await linesOf(world)
  expect(lines[0]).toBe('Cluster src: context src, server https://src.example, Kubernetes v1.35.4, 2 nodes')
  expect(lines).toContain('Cluster dst: context dst, server https://dst.example, Kubernetes v1.35.4, 1 node')
  expect(lines).toContainEqual(expect.stringMatching(/^Probes: 4 probes from 3 nodes,/))
  expect(lines.filter((line) => line.includes('namespace/netcheck'))).toHaveLength(1)
  expect([possible, changes(world)]).toEqual([true, []])
})

describe('a part of the plan', () => {
  test('is counted, and called one', async () => {
    const world = worldOf({src: {nodes: ['a', 'b', 'c']}}, {subset: {from: 'a', bothWays: true}})
    const {lines} = await linesOf(world)
    expect(lines).toContainEqual(expect.stringMatching(/^Probes: 5 probes from 3 nodes,/))
    expect(lines).toContain('Partial: only from a.')
    expect(lines).toContain('Partial: and the other way round.')
  })

  test('with nothing in it is no check', async () => {
    const world = worldOf(
      {src: {nodes: ['a']}, dst: {nodes: ['x']}},
      {subset: {from: 'a', to: 'a', bothWays: false}},
    )
    const {lines, possible} = await linesOf(world)
    expect(possible).toBe(false)
    expect(lines).toContainEqual(expect.stringMatching(/^Probes: 0 probes from 0 nodes,/))
    expect(lines.at(-1)).toBe('Nothing was created. A check would stop before it creates anything.')
  })
})

test('maxNum that holds a long run back is said', async () => {
  const nodes = Array.from({length: 500}, (_, n) => `n${n}`)
  const {lines} = await linesOf(worldOf({src: {nodes}}, {maxNum: 3}))
  expect(lines).toContainEqual(expect.stringMatching(/^maxNum lets 3 of 500 nodes probe at once/))
})

describe('what would stop a check', () => {
  test('is a problem in its place, and does not hide the rest', async () => {
    const world = worldOf({src: {nodes: ['a']}, dst: {nodes: ['x'], denied: ['patch daemonsets']}})
    const {lines, possible} = await linesOf(world)
    expect(possible).toBe(false)
    expect(lines).toContain('    NO   patch daemonsets.apps in namespace netcheck')
    expect(lines).toContain(
      '  problem: You may not patch daemonsets.apps in namespace netcheck; README.md has a ready Role for it.',
    )
    expect(lines).toContainEqual(expect.stringMatching(/^Probes: 2 probes from 2 nodes,/))
  })

  test('is a cluster without a Linux node', async () => {
    const world = worldOf({src: {nodes: ['a', 'b']}, dst: {nodes: ['win-1']}}, {intra: true})
    expect((await linesOf(world)).possible).toBe(false)
  })

  test('is the same cluster twice', async () => {
    const world = worldOf({src: {nodes: ['a'], uids: 'u'}, dst: {nodes: ['a'], uids: 'u'}})
    await expect(linesOf(world)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('are the same cluster') as unknown,
    })
  })

  test('is a cluster that cannot be reached', async () => {
    const unreachable = failure('Unable to connect to the server: EOF\n')
    const world = worldOf({
      src: {nodes: ['a']},
      dst: {nodes: ['x'], behave: (step) => (step === 'version' ? unreachable : undefined)},
    })
    await expect(linesOf(world)).rejects.toMatchObject({exitCode: 3})
    expect(changes(world)).toEqual([])
  })
})
