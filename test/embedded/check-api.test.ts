import {readFile, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import {type AddressInfo, connect, createServer as createTcpServer} from 'node:net'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {parseAllDocuments} from 'yaml'
import {atDesk, type EmbeddedDesk} from './check-desk.ts'
import {ANSWERED, pairsOf, readSaved} from './check-saved.ts'
import type {EmbeddedCluster} from './cluster.ts'
import {floaterManifest, NAMESPACE} from './floater-manifest.ts'
import {kubeconfigText} from './kubeconfig.ts'
import {npmKubectlRunsHere} from './kubectl.ts'
import type {AccessReview} from './options.ts'

type Permission = Pick<AccessReview, 'verb' | 'group' | 'resource' | 'subresource'>

const DOCUMENTED = await documentedPermissions()
/** Without these a check explains less, and is made all the same. */
const OPTIONAL = ['events', 'limitranges', 'resourcequotas', 'networkpolicies']
const REQUIRED = [...DOCUMENTED.role, ...DOCUMENTED.nodes].filter(
  ({resource}) => !OPTIONAL.includes(resource),
)
const THERE = {nodes: 2, namespaces: [{name: NAMESPACE}]}
const NAMES = ['n1', 'n2']

describe.skipIf(!npmKubectlRunsHere()).concurrent('permissions', () => {
  test('the documented ones are enough for check and clean in a namespace that exists', async () => {
    const allowed = (review: AccessReview) =>
      among(DOCUMENTED.nodes, review) || (review.namespace === NAMESPACE && among(DOCUMENTED.role, review))
    await atDesk({...THERE, allowed}, async (desk) => {
      const {exitCode, stderr} = await desk.check()
      expect(stderr).not.toMatch(/You may not|forbidden/i)
      expect(exitCode).toBe(0)
      // Applied with the run's claim, which is given back at the end.
      const patch = `PATCH /apis/apps/v1/namespaces/${NAMESPACE}/daemonsets/netdoctor-floater`
      expect(changes(desk.cluster)).toEqual([patch, patch])
      const cleaned = await desk.run('clean')
      expect(cleaned.stderr).toContain('removed daemonset.apps/netdoctor-floater')
      expect(cleaned.exitCode).toBe(0)
      expect(desk.cluster.objects().some(({kind}) => kind === 'DaemonSet' || kind === 'Pod')).toBe(false)
    })
  })

  test.each(REQUIRED.map((permission) => [describePermission(permission), permission] as const))(
    'without %s: it is named, and nothing is created',
    async (text, permission) => {
      await atDesk({...THERE, allowed: (review) => !among([permission], review)}, async (desk) => {
        await refused(desk, new RegExp(`^ {2}You may not ${text.replaceAll('.', '\\.')}[ ;]`, 'm'))
      })
    },
  )

  test.each(DOCUMENTED.namespaces.map((permission) => [describePermission(permission), permission] as const))(
    'without %s, where the namespace is missing: it is named, and nothing is created',
    async (text, permission) => {
      await atDesk({nodes: 2, allowed: (review) => !among([permission], review)}, async (desk) => {
        await refused(desk, new RegExp(`^ {2}You may not ${text};`, 'm'))
      })
    },
  )

  test('without all the optional ones: a warning, and the check is made', async () => {
    await atDesk({...THERE, allowed: ({resource}) => !OPTIONAL.includes(resource)}, async (desk) => {
      const {exitCode, stderr} = await desk.check()
      expect(stderr).toMatch(/Warning: You may not list .*; messages will explain less\./)
      expect((await readSaved(desk.folder, NAMES)).pairs).toEqual(pairsOf(NAMES, () => ANSWERED))
      expect(exitCode).toBe(0)
    })
  })
})

describe.skipIf(!npmKubectlRunsHere()).concurrent('an API server that is not well', () => {
  test('nobody listens', async () => {
    await atDesk({...THERE}, async (desk) => {
      await desk.cluster.stop()
      await writeFile(join(desk.folder, 'kubeconfig'), kubeconfigText(desk.cluster.url))
      const {exitCode, stdout, stderr} = await desk.check('--kubeconfig', 'kubeconfig')
      expect(stderr).toMatch(
        /Could not reach the API server http:\/\/127\.0\.0\.1:\d+ \(context embedded\): .*refused.* Nothing was created\./,
      )
      expect([exitCode, stdout]).toEqual([3, ''])
    })
  })

  test('it knows nobody', async () => {
    const server = createServer((_, response) => {
      const status = {kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Unauthorized', code: 401}
      response.writeHead(401, {'Content-Type': 'application/json'})
      response.end(JSON.stringify({...status, message: 'Unauthorized', metadata: {}}))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    try {
      await atDesk(THERE, async (desk) => {
        await writeFile(join(desk.folder, 'kubeconfig'), kubeconfigText(`http://127.0.0.1:${port}`))
        const {exitCode, stderr} = await desk.check('--kubeconfig', 'kubeconfig')
        expect(stderr).toMatch(/Could not reach the API server .*(Unauthorized|provide credentials)/)
        expect(exitCode).toBe(3)
      })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })

  const requests: {code: 403 | 500 | 503; method: string; resource: string; says: RegExp}[] = [
    {
      code: 403,
      method: 'POST',
      resource: 'selfsubjectaccessreviews',
      says: /Could not ask what you may do: /,
    },
    {code: 500, method: 'GET', resource: 'namespaces', says: /Could not read namespace kosmos-system: /},
    {code: 500, method: 'GET', resource: 'nodes', says: /Could not list nodes, .*: .*Nothing was created/},
    {code: 503, method: 'GET', resource: 'nodes', says: /Could not list nodes, .*: .*Nothing was created/},
    {
      code: 403,
      method: 'GET',
      resource: 'daemonsets',
      says: /Could not list .*daemonsets.*Nothing was created/,
    },
    {code: 403, method: 'POST', resource: 'pods', says: /The floaters' pods would not be admitted: /},
    {
      code: 500,
      method: 'PATCH',
      resource: 'daemonsets',
      says: /Could not apply DaemonSet netdoctor-floater: /,
    },
    {
      code: 503,
      method: 'PATCH',
      resource: 'daemonsets',
      says: /Could not apply DaemonSet netdoctor-floater: /,
    },
  ]

  test.each(requests)('$method $resource fails with $code', async ({method, resource, code, says}) => {
    await atDesk(THERE, async (desk) => {
      desk.cluster.setFault({on: 'api', method, resource, does: {kind: 'status', code}})
      const {stderr} = await refused(desk, says)
      expect(stderr).toMatch(/fault of a test|unable to handle the request/)
    })
  })

  test('the namespace may not be created after all', async () => {
    await atDesk({nodes: 2}, async (desk) => {
      desk.cluster.setFault({
        on: 'api',
        method: 'POST',
        resource: 'namespaces',
        does: {kind: 'status', code: 403},
      })
      await refused(desk, /Could not create namespace kosmos-system: .*forbidden by the fault of a test/)
    })
  })

  test('a request is never answered: --request-timeout ends it', async () => {
    await atDesk(THERE, async (desk) => {
      desk.cluster.setFault({on: 'api', resource: 'nodes', does: {kind: 'hang'}})
      await refused(desk, /Could not list nodes, .*([Tt]imeout|deadline)/, '--request-timeout', '2s')
    })
  })

  test('every request takes its time', async () => {
    await atDesk({...THERE, delays: {apiMs: 50}}, async (desk) => {
      expect((await desk.check()).exitCode).toBe(0)
      expect((await readSaved(desk.folder, NAMES)).pairs).toEqual(pairsOf(NAMES, () => ANSWERED))
    })
  })

  test.each([
    {name: 'fails once', does: {kind: 'status', code: 503}},
    {name: 'breaks once', does: {kind: 'close'}},
  ] as const)('a watch that $name is started again', async ({does}) => {
    // Slow enough that the pods are not ready in the list, so that the watch is needed.
    await atDesk({...THERE, delays: {podStartMs: 2500}}, async (desk) => {
      desk.cluster.setFault({on: 'api', method: 'GET', resource: 'pods', watch: true, times: 1, does})
      expect((await desk.check('--pod-wait-time', '60')).exitCode).toBe(0)
      expect((await readSaved(desk.folder, NAMES)).pairs).toEqual(pairsOf(NAMES, () => ANSWERED))
    })
  })

  test('a watch that is closed in the middle is started again', async () => {
    let proxy: CuttingProxy | undefined
    const kubeconfig = async (cluster: EmbeddedCluster) => {
      proxy = await startProxy(cluster.url)
      const file = join(cluster.kubeconfig, '../through-proxy')
      await writeFile(file, kubeconfigText(proxy.url))
      return file
    }
    const delays = {podStartMs: 1500, podStartSpreadMs: 2500}
    await atDesk({...THERE, delays, kubeconfig}, async (desk) => {
      const {exitCode, kubectls} = await desk.check('--pod-wait-time', '60')
      expect(proxy?.cuts()).toBe(1)
      expect(kubectls.filter((line) => line.includes('--watch '))).toHaveLength(2)
      expect((await readSaved(desk.folder, NAMES)).pairs).toEqual(pairsOf(NAMES, () => ANSWERED))
      expect(exitCode).toBe(0)
    })
    proxy?.stop()
  })

  test('pods that cannot be watched: EXCEPTION says so', async () => {
    await atDesk(THERE, async (desk) => {
      desk.cluster.setFault({
        on: 'api',
        method: 'GET',
        resource: 'pods',
        does: {kind: 'status', code: 403},
      })
      const {exitCode} = await desk.check('--pod-wait-time', '2')
      const {pairs, said} = await readSaved(desk.folder, NAMES)
      expect(pairs).toEqual(pairsOf(NAMES, () => 'EXCEPTION no-floater'))
      expect(said['n1>n2']).toContain('its pods could not be watched: forbidden by the fault of a test')
      expect(exitCode).toBe(3)
    })
  })
})

describe.skipIf(!npmKubectlRunsHere()).concurrent('what is in the cluster already', () => {
  test('a namespace that is being deleted', async () => {
    await atDesk({nodes: 2, namespaces: [{name: NAMESPACE, terminating: true}]}, async (desk) => {
      await refused(desk, /^ {2}Namespace kosmos-system is being deleted\. Wait until it is gone/m)
    })
  })

  test("somebody else's DaemonSet of our name", async () => {
    const {metadata, spec, ...set} = floaterManifest()
    const selector = {matchLabels: {app: 'netdoctor-floater'}}
    const template = {...spec.template, metadata: {labels: selector.matchLabels}}
    const foreign = {...set, metadata: {...metadata, labels: {}}, spec: {...spec, selector, template}}
    await atDesk({...THERE, objects: [foreign]}, async (desk) => {
      // Its own pods come and go as they like: what counts is that we touch nothing.
      const {exitCode, stderr} = await desk.check()
      expect(stderr).toContain('DaemonSet netdoctor-floater in namespace kosmos-system that is not ours')
      expect(exitCode).toBe(3)
      expect((await desk.run('clean')).exitCode).toBe(0)
      expect(changes(desk.cluster)).toEqual([])
      expect(desk.cluster.objects().filter(({kind}) => kind === 'DaemonSet')).toHaveLength(1)
    })
  })

  test('a namespace that enforces the restricted profile', async () => {
    await atDesk({...THERE, podSecurity: 'restricted'}, async (desk) => {
      expect((await desk.check()).exitCode).toBe(0)
      expect((await readSaved(desk.folder, NAMES)).pairs).toEqual(pairsOf(NAMES, () => ANSWERED))
    })
  })
})

/** The check ends with 3, says why, and the cluster is as it was. */
async function refused(desk: EmbeddedDesk, says: RegExp, ...args: string[]) {
  const before = desk.cluster.objects()
  const ran = await desk.check(...args)
  expect(ran.stderr).toMatch(says)
  expect([ran.exitCode, ran.stdout]).toEqual([3, ''])
  expect(desk.cluster.objects()).toEqual(before)
  return ran
}

/** Requests that may have changed something. */
function changes({requests}: EmbeddedCluster): string[] {
  return requests
    .filter(({method, path, query}) => {
      const asks = path.endsWith('/selfsubjectaccessreviews') || query.includes('dryRun=All')
      return method !== 'GET' && !asks
    })
    .map(({method, path}) => `${method} ${path}`)
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}

/** docs/permissions.yaml: the Role, and the two ClusterRoles. */
async function documentedPermissions() {
  const text = await readFile(join(import.meta.dirname, '../../docs/permissions.yaml'), 'utf8')
  const roles = parseAllDocuments(text).map((one) => one.toJS() as {kind: string; rules?: Rule[]})
  const [role = [], nodes = [], namespaces = []] = roles.flatMap(({rules}) =>
    rules === undefined ? [] : [rules.flatMap(permissionsIn)],
  )
  return {role, nodes, namespaces}
}

function permissionsIn({apiGroups, resources, verbs}: Rule): Permission[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((path) => {
      const [resource = '', subresource = ''] = path.split('/')
      return verbs.map((verb) => ({verb, group, resource, subresource}))
    }),
  )
}

function among(permissions: readonly Permission[], review: AccessReview): boolean {
  return permissions.some(
    ({verb, group, resource, subresource}) =>
      verb === review.verb &&
      group === review.group &&
      resource === review.resource &&
      subresource === review.subresource,
  )
}

function describePermission({verb, group, resource, subresource}: Permission): string {
  return `${verb} ${resource}${group && `.${group}`}${subresource && `/${subresource}`}`
}

interface CuttingProxy {
  url: string
  /** How many watches it has cut. */
  cuts(): number
  stop(): void
}

/** Passes everything on, but breaks the first watch as soon as it has brought an event. */
async function startProxy(target: string): Promise<CuttingProxy> {
  let cuts = 0
  const open = new Set<{destroy(): unknown}>()
  const server = createTcpServer((client) => {
    const upstream = connect(Number(new URL(target).port), '127.0.0.1')
    let watching = false
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (data) => {
      if (/^GET \S*[?&]watch=true/m.test(data.toString('latin1'))) watching = true
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      client.write(data)
      if (!watching || cuts > 0 || !data.includes('"type":"MODIFIED"')) return
      cuts++
      client.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    cuts: () => cuts,
    stop: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
