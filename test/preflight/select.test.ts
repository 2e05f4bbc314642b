import {describe, expect, test} from 'vitest'
import {selectNodes} from '../../src/preflight/select.ts'
import {failure, fakeKubectl, type Behaviour} from '../kubectl/fake.ts'

/** Two clusters with nodes of the same names; `labelled` says what their API servers find. */
function world(labelled: Behaviour | ((cluster: string) => Behaviour) = {}) {
  return ['src', 'dst'].map((cluster) => ({
    cluster,
    kubectl: fakeKubectl(() => (typeof labelled === 'function' ? labelled(cluster) : labelled)),
    nodes: cluster === 'src' ? ['n1', 'n2', 'edge'] : ['n1', 'n2'],
  }))
}

const callsOf = (clusters: ReturnType<typeof world>) =>
  clusters.flatMap(({kubectl}) => kubectl.calls.map(({args}) => args))

describe('names', () => {
  test.each([
    ['edge', ['src/edge']],
    ['n1', ['src/n1', 'dst/n1']],
    ['dst/n1', ['dst/n1']],
    ['dst/n1,src/n2', ['dst/n1', 'src/n2']],
    [' n1 , edge ,', ['src/n1', 'dst/n1', 'src/edge']],
    ['n1,dst/n1', ['src/n1', 'dst/n1']],
  ])('%j means %j, and asks no API server', async (text, nodes) => {
    const clusters = world(failure('error: not to be asked'))
    expect([...(await selectNodes(text, '--from', clusters))]).toEqual(nodes)
    expect(callsOf(clusters)).toEqual([])
  })

  test('that are partly unknown are refused: a slip must not widen or narrow a check', async () => {
    await expect(selectNodes('n1,n3,src/n9', '--to', world())).rejects.toMatchObject({
      exitCode: 2,
      message: '--to: there is no node n3, src/n9.',
    })
  })
})

describe('a selector', () => {
  test('is read by the API server of each cluster, in one word', async () => {
    const clusters = world((cluster) => ({stdout: cluster === 'src' ? 'node/n2\nnode/edge\n' : 'node/n1\n'}))
    const selector = 'role in (a, b),!zone; rm -rf /'
    expect([...(await selectNodes(selector, '--from', clusters))]).toEqual(['src/n2', 'src/edge', 'dst/n1'])
    const args = ['get', 'nodes', `--selector=${selector}`, '-o', 'name']
    expect(callsOf(clusters)).toEqual([args, args])
  })

  test('that matches in one cluster only is enough', async () => {
    const clusters = world((cluster) => ({stdout: cluster === 'dst' ? 'node/n1\n' : ''}))
    expect([...(await selectNodes('role=a', '--from', clusters))]).toEqual(['dst/n1'])
  })

  test('matches no node that cannot be probed, such as one of Windows', async () => {
    const clusters = world({stdout: 'node/windows-1\n'})
    await expect(selectNodes('role=a', '--from', clusters)).rejects.toMatchObject({exitCode: 2})
  })

  test.each([
    ['matches nothing', 'role=a', {stdout: ''}, '--to: no node is named or labelled "role=a".'],
    ['is a name that is unknown', 'n3', {stdout: ''}, '--to: no node is named or labelled "n3".'],
    [
      'is none',
      'a==b==c',
      failure(
        'Error from server (BadRequest): Unable to find "/v1, Resource=nodes" that match label selector "a==b==c"\n',
      ),
      '--to: "a==b==c" is no label selector: Unable to find "/v1, Resource=nodes" that match label selector "a==b==c"',
    ],
  ])('that %s is refused', async (_, text, behaviour, message) => {
    await expect(selectNodes(text, '--to', world(behaviour))).rejects.toMatchObject({exitCode: 2, message})
  })
})

test.each(['', ' ', ',', ' , '])('%j means nobody: kubectl would take it for everybody', async (text) => {
  const clusters = world({stdout: 'node/n1\nnode/n2\n'})
  await expect(selectNodes(text, '--from', clusters)).rejects.toMatchObject({
    exitCode: 2,
    message: `--from: no node is named or labelled "${text}".`,
  })
  expect(callsOf(clusters)).toEqual([])
})
