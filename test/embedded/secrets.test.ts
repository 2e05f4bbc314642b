import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {describe, expect, test} from 'vitest'
import {stringify} from 'yaml'
import {atDesk, type EmbeddedDesk} from './check-desk.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

/** In every secret of a kubeconfig; nowhere else. */
const CANARY = 'xCANARYx'
const KEY = Buffer.from(`-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----\n`)
const CERTIFICATE = Buffer.from(`-----BEGIN CERTIFICATE-----\n${CANARY}\n-----END CERTIFICATE-----\n`)

const USERS: Readonly<Record<string, object>> = {
  'a token': {token: CANARY},
  'a password': {username: 'jane', password: CANARY},
  'a client key': {
    'client-key-data': KEY.toString('base64'),
    'client-certificate-data': CERTIFICATE.toString('base64'),
  },
  'a credential plugin': {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: '/bin/false',
      interactiveMode: 'Never',
      env: [{name: 'PASSPHRASE', value: CANARY}],
    },
  },
  'both a token and a password': {token: CANARY, username: 'jane', password: CANARY},
}

/** Every command that reads or prints anything, as talkative as it can be. */
const COMMANDS = [
  ['check', '--dry-run', '-v'],
  ['check', '-v'],
  ['report', '-o', 'json'],
  ['resume', '-v'],
  ['clean', '-v'],
  ['version', '-o', 'json'],
]

async function kubeconfig(desk: EmbeddedDesk, server: string, user: object): Promise<string> {
  const file = join(desk.folder, '../kubeconfig')
  const context = {cluster: 'c', user: 'u'}
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'canary',
    clusters: [{name: 'c', cluster: {server}}],
    users: [{name: 'u', user}],
    contexts: [{name: 'canary', context}],
  }
  await writeFile(file, stringify(config))
  return file
}

/** All that the commands print and write, and the command lines of their kubectls. */
async function everything(desk: EmbeddedDesk, file: string, more: readonly string[] = []): Promise<string> {
  const texts: string[] = []
  for (const command of COMMANDS) {
    const port = ['check', 'resume'].includes(command[0] ?? '') ? ['--port', desk.port, ...more] : []
    const ran = await desk.start([...command, ...port], {KUBECONFIG: file}).end
    texts.push(ran.stdout, ran.stderr, ...ran.kubectls)
    for (const name of await readdir(desk.folder)) texts.push(await readFile(join(desk.folder, name), 'utf8'))
  }
  return texts.join('\n')
}

describe.skipIf(!npmKubectlRunsHere())('secrets of a kubeconfig', () => {
  test.each(Object.keys(USERS))(
    '%s: in no output and no file, whether the cluster is there or not',
    async (name) => {
      await atDesk({nodes: [{name: 'n1'}, {name: 'n2', listens: 'refuses'}]}, async (desk) => {
        // What follows a failure asks no more of a kubeconfig: once is enough.
        const more = name === Object.keys(USERS)[0] ? [] : ['--no-follow-up', '--retries', '0']
        const server = desk.cluster.url
        const healthy = await everything(desk, await kubeconfig(desk, server, USERS[name] ?? {}), more)
        expect(healthy).toContain('+ kubectl')
        expect(healthy).not.toContain(CANARY)
        const away = await kubeconfig(desk, 'https://127.0.0.1:9', USERS[name] ?? {})
        expect(await everything(desk, away, more)).not.toContain(CANARY)
      })
    },
  )

  test('a server that says 401, or 403', async () => {
    const unauthorized = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'Unauthorized',
      code: 401,
    }
    const server = createServer((_, response) => {
      response.writeHead(401, {'content-type': 'application/json'}).end(JSON.stringify(unauthorized))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    try {
      await atDesk({nodes: 2, allowed: () => false}, async (desk) => {
        for (const url of [`http://127.0.0.1:${port}`, desk.cluster.url]) {
          const said = await everything(desk, await kubeconfig(desk, url, {token: CANARY}))
          expect(said).toMatch(/Unauthorized|logged in|may not/)
          expect(said).not.toContain(CANARY)
        }
      })
    } finally {
      server.close()
    }
  })

  test('a password in the address of the server', async () => {
    await atDesk({nodes: 2}, async (desk) => {
      const server = desk.cluster.url.replace('//', `//jane:${CANARY}@`)
      const said = await everything(desk, await kubeconfig(desk, server, {}))
      expect(said).toContain(`server ${desk.cluster.url}`)
      expect(said).not.toContain(CANARY)
    })
  })

  test('a kubeconfig that cannot be parsed', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      const file = join(desk.folder, '../kubeconfig')
      for (const text of [`users: [{name: u, user: {token: ${CANARY}`, `users: ${CANARY}`, `${CANARY}\n`]) {
        await writeFile(file, text)
        expect(await everything(desk, file)).not.toContain(CANARY)
      }
    })
  })
})

/** Loaded into Node before the program: writes down, and refuses, whatever would leave the machine. */
const GUARD = `
const {appendFileSync} = require('node:fs')
const note = (what) => appendFileSync(process.env.GUARD_LOG, what + '\\n')
const refuse = (what) => () => { note(what); throw new Error('refused: ' + what) }
require('node:net').Socket.prototype.connect = refuse('connect')
require('node:net').Server.prototype.listen = refuse('listen')
require('node:dgram').createSocket = refuse('datagram')
const dns = require('node:dns')
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) dns[name] = dns.promises[name] = refuse(name)
note('loaded')
`

describe.skipIf(!npmKubectlRunsHere())('the network', () => {
  test('is kubectl’s: the program opens no connection and asks for no name', async () => {
    await atDesk({nodes: [{name: 'n1'}, {name: 'n2', listens: 'refuses'}]}, async (desk) => {
      const [guard, log] = [join(desk.folder, '../guard.cjs'), join(desk.folder, '../guard.log')]
      await writeFile(guard, GUARD)
      const env = {NODE_OPTIONS: `--require=${guard}`, GUARD_LOG: log}
      for (const args of COMMANDS) {
        const port = ['check', 'resume'].includes(args[0] ?? '') ? ['--port', desk.port] : []
        expect((await desk.start([...args, ...port], env).end).stderr).not.toContain('refused')
      }
      const loaded = COMMANDS.map(() => 'loaded\n').join('')
      expect(await readFile(log, 'utf8')).toBe(loaded)
      // The guard itself, on a program that does.
      await execa(process.execPath, ['-e', `fetch('${desk.cluster.url}').catch(() => 0)`], {env})
      expect(await readFile(log, 'utf8')).toMatch(/loaded\n(lookup|connect)\n$/)
    })
  })
})
