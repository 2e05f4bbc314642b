import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {page} from '../docs/pages.ts'
import {documentedRequests, isOfOthers} from '../docs/requests.ts'
import {rightsIn} from '../docs/rights.ts'
import type {Cluster} from './cluster/cluster.ts'
import {describeOnCluster} from './cluster/require.ts'
import {waitFor} from './cluster/wait.ts'
import {filesIn, leaksIn, secretsOf} from './privileges/leaks.ts'
import {ownerRoles} from './privileges/owner-roles.ts'
import {nameOf, undocumented, unasked, uses, type Asked} from './privileges/requests.ts'
import {sealed, sealedDeskFor, sentIn, type SealedDesk} from './privileges/sealed.ts'
import {trialPodsOf} from './privileges/trial-pods.ts'

/** Of docs/permissions.yaml. */
const [NAMESPACE, JANE] = ['kosmos-system', 'jane@example.com']
/** Who lets the tool make this namespace. */
const [OWN, JOE] = ['netdoctor-own', 'joe@example.com']

const PERMISSIONS = await readFile(join(import.meta.dirname, '../../docs/permissions.yaml'), 'utf8')
const DOCUMENTED = documentedRequests(await page('SECURITY.md'))

/** Whatever is asked of floaters that stay out of the node's network. */
const STRICT = {
  floater: 'agnhost',
  mode: ['pod', 'service', 'nodeport', 'apiserver'],
  protocol: ['tcp', 'udp', 'icmp', 'dns'],
  mtu: true,
  sameNode: true,
  podWaitTime: 60,
}
const NODES = {
  mode: ['pod', 'node', 'node-to-pod', 'pod-to-node'],
  retries: 0,
  cmdTimeout: 3,
  podWaitTime: 60,
}
/** kubectl then execs as it did before 1.31. */
const SPDY = {KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false'}

const DRY_RUN = ['create', '--dry-run=server', '--validate=false']

describeOnCluster(
  'least privilege, on two real nodes',
  (getCluster) => {
    let cluster: Cluster
    let jane: SealedDesk
    let joe: SealedDesk
    /** What the two asked of the API server. */
    const asked: Asked[] = []
    /** What their commands printed, the command lines of kubectl, and the files after each: by its name. */
    const said: [name: string, text: string][] = []

    /** Who has so many requests in the log by now. */
    const seen = new Map<string, number>()
    async function give(
      desk: SealedDesk,
      by: Asked['by'],
      args: readonly string[],
      {exit = 0, env = {}}: {exit?: number; env?: Record<string, string>} = {},
    ): Promise<void> {
      const user = desk === jane ? JANE : JOE
      const {exitCode, stdout, stderr, kubectls} = await desk.start(args, env).end
      expect(exitCode, stderr + stdout).toBe(exit)
      const all = await cluster.requestsOf(user)
      asked.push(...all.slice(seen.get(user)).map((request) => ({...request, by})))
      seen.set(user, all.length)
      const command = args.join(' ')
      said.push([`${command}: stdout`, stdout], [`${command}: stderr`, stderr])
      said.push([`${command}: kubectl`, kubectls.join('\n')], ...(await filesIn(desk.folder)))
    }

    const apply = async (input: string) => {
      const {exitCode, stderr} = await cluster.kubectl(['apply', '-f', '-'], {input})
      if (exitCode !== 0) throw new Error(stderr)
    }
    const enforce = async (level: string) =>
      await cluster.kubectl(['label', 'namespace', NAMESPACE, `pod-security.kubernetes.io/enforce${level}`])
    beforeAll(async () => {
      cluster = getCluster()
      jane = await sealedDeskFor(cluster, await cluster.kubeconfigFor(JANE))
      joe = await sealedDeskFor(cluster, await cluster.kubeconfigFor(JOE))
      await cluster.kubectl(['create', 'namespace', NAMESPACE])
      await apply(ownerRoles(PERMISSIONS, JOE))
      await apply(PERMISSIONS)
      const lastRight = ['auth', 'can-i', 'get', 'services/kubernetes', '-n', 'default', '--as', JANE]
      const may = async () => (await cluster.kubectl(lastRight)).exitCode === 0 || undefined
      await waitFor('the rights', may, {limit: 10_000})

      await enforce('=restricted')
      await give(jane, [], ['init'])
      await jane.configure(STRICT)
      await give(jane, ['check'], ['check', '--dry-run', '-v'])
      await give(jane, ['check'], ['check', '-v'])
      // Its services for one node each are not needed any more.
      await give(jane, ['check'], ['check', '-v', '--mode', 'pod,nodeport'])
      await give(jane, ['clean'], ['clean', '-v'])
      await enforce('-')

      await jane.configure(NODES)
      const undo = await cluster.fault('drop', 'n1', 'n2')
      await give(jane, ['check'], ['check', '-v'], {exit: 1, env: SPDY})
      await give(jane, ['check'], ['resume', '-v'], {exit: 1})
      await undo()
      await give(jane, ['check'], ['resume', '-v'])
      const nowhere = ['--image-tag', 'nowhere', '--pod-wait-time', '1', '--mode', 'pod']
      await give(jane, ['check'], ['check', '-v', ...nowhere], {exit: 3})
      await give(jane, ['check', 'clean'], ['check', '--auto-clean', '-v', '--mode', 'pod'])
      await give(jane, [], ['report', '-o', 'html', '--output-file', 'report.html'])
      // In a home of its own, where kubectl remembers nothing.
      const home = {HOME: join(jane.folder, '..', 'another')}
      await give(jane, ['completion'], ['__complete', 'check', '--namespace', ''], {env: home})

      await give(joe, ['check'], ['check', '-v', '-n', OWN])
      await give(joe, ['clean'], ['clean', '-v', '-n', OWN])
    })
    afterAll(async () => {
      await jane.remove()
      await joe.remove()
    })

    test('what is asked is documented, and what is documented is asked', () => {
      const [more, less] = [undocumented(asked, DOCUMENTED), unasked(asked, DOCUMENTED)]
      expect({more, less}).toEqual({more: [], less: []})
    })

    test('every right is used, and but for the completion of namespaces none is lacking', () => {
      const idle = rightsIn(PERMISSIONS).filter((right) => !asked.some((one) => uses(one, right)))
      // Before Kubernetes 1.21 they take the place of endpointslices.
      expect(idle.map(({verb, resource}) => `${verb} ${resource}`)).toEqual(
        ['create', 'patch', 'delete'].map((verb) => `${verb} endpoints`),
      )
      const refused = asked.filter(({code}) => code === 401 || code === 403)
      expect(refused.map(nameOf)).toEqual(['list namespaces'])
    })

    test('only its own namespace, and objects of its own names there, are asked about or changed', () => {
      const elsewhere = asked.filter(
        ({namespace}) => namespace !== undefined && ![NAMESPACE, OWN].includes(namespace),
      )
      const address = 'get /api/v1/namespaces/default/services/kubernetes'
      const ofOthers = asked.filter(({query}) => isOfOthers(query)).map(({namespace}) => namespace)
      expect(new Set(ofOthers)).toEqual(new Set([OWN]))
      expect(new Set(elsewhere.map(({verb, path}) => `${verb} ${path}`))).toEqual(new Set([address]))
      const changed = asked.filter(
        ({verb, resource}) => /patch|delete/.test(verb) && resource !== 'namespaces',
      )
      expect(changed.filter(({name = ''}) => !name.startsWith('netdoctor-'))).toEqual([])
      const spaces = asked.filter(({verb, resource}) => verb === 'delete' && resource === 'namespaces')
      expect(spaces.map(({name}) => name)).toEqual([OWN])
      const pods = asked.filter((one) => nameOf(one) === 'create pods')
      expect(pods.filter(({query}) => !query.includes('dryRun=All'))).toEqual([])
    })

    test('it is kubectl that asks: the program itself sends not one packet', async () => {
      expect(asked.filter(({agent}) => !agent.startsWith('kubectl/'))).toEqual([])
      const sent = [...(await jane.packets()), ...(await joe.packets())]
      expect(sent).toEqual(Array.from({length: 14}, () => 0))
      // The count itself, with programs that do.
      const counts = join(jane.folder, 'counts')
      const connect = (to: string) => `require('net').connect(80, '${to}')`
      const ask = `require('dgram').createSocket('udp4').send('', 53, '192.0.2.1')`
      for (const act of [connect('192.0.2.1'), connect('2001:db8::1'), ask]) {
        const [unshare, ...args] = sealed(counts)
        await execa(unshare, [...args, process.execPath, '-e', `${act}; setImmediate(process.exit)`])
      }
      expect((await sentIn(counts)).filter((packets) => packets > 0)).toHaveLength(3)
    })

    test('no secret of the kubeconfigs is printed or saved', async () => {
      const shown = said.filter(([name, text]) => name.endsWith('stderr') && text.includes('+ kubectl'))
      expect(shown).toHaveLength(11)
      for (const {env} of [jane, joe]) {
        const kubeconfig = env['KUBECONFIG'] ?? ''
        const secrets = await secretsOf(kubeconfig)
        expect(leaksIn(said, secrets)).toEqual([])
        expect(leaksIn([['it', await readFile(kubeconfig, 'utf8')]], secrets)).toHaveLength(3)
      }
    })

    test('every floater but those of the node’s network is admitted where restricted is enforced', async () => {
      await enforce('=restricted')
      const create = async (items: object[]) => {
        const input = JSON.stringify({apiVersion: 'v1', kind: 'List', items})
        return await cluster.kubectl([...DRY_RUN, '-f', '-', '-o', 'name'], {input})
      }
      const [pods, ofNodes] = [(['pod', 'neighbour'] as const).flatMap(trialPodsOf), trialPodsOf('host')]
      expect([pods.length, ofNodes.length]).toEqual([16, 8])
      const {stdout, stderr} = await create(pods)
      expect([stdout.trim().split('\n').length, stderr]).toEqual([16, ''])
      const refused = (await create(ofNodes)).stderr.match(/violates PodSecurity "restricted:latest": host/g)
      expect(refused).toHaveLength(8)
    })
  },
  {nodes: 2},
)
