import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {basename, delimiter, dirname, join} from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {PROGRAM, type Desk} from '../desk/desk.ts'
import {installPlugin} from '../desk/plugin.ts'
import {atDesk, type DeskOptions, type EmbeddedDesk} from './check-desk.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

const EXAMPLES = join(import.meta.dirname, '../../docs/examples')
const ARCHIVE = 'kubectl-netdoctor-linux-amd64.tar.gz'
const read = async (name: string) => await readFile(join(EXAMPLES, name), 'utf8')

/** Networks, and what a CI server is told of them. */
const NETWORKS: readonly (readonly [name: string, options: DeskOptions, exitCode: number, inXml: RegExp])[] =
  [
    ['a healthy network', {nodes: 2}, 0, /failures="0" errors="0"/],
    ['a broken one', {nodes: [{name: 'n1'}, {name: 'n2', listens: 'refuses'}]}, 1, /<failure /],
    [
      'one of which a part could not be measured',
      {nodes: [{name: 'n1'}, {name: 'n2', exec: {kind: 'container-not-found'}}]},
      3,
      /<error /,
    ],
  ]

interface Step {
  readonly name: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
  readonly if?: string
  readonly with?: {readonly path: string}
}

interface Workflow {
  readonly jobs: {
    readonly check: {readonly env: Readonly<Record<string, string>>; readonly steps: readonly Step[]}
  }
}

interface GitLab {
  readonly network: {
    readonly image: {readonly name: string}
    readonly script: readonly string[]
    readonly allow_failure: {readonly exit_codes: number}
    readonly artifacts: {
      readonly paths: readonly string[]
      readonly when: string
      readonly reports: {readonly junit: string}
    }
  }
}

describe.skipIf(!npmKubectlRunsHere())('GitHub Actions', async () => {
  const {check} = (parse(await read('github-actions.yaml')) as Workflow).jobs
  let release: Release
  beforeAll(async () => {
    release = await serveRelease()
  })
  afterAll(() => release.close())

  test.each(NETWORKS)(
    '%s: installed, logged in, checked, and the files kept',
    async (_, options, exitCode, xml) => {
      await atDesk(options, async (desk) => {
        const ran = await steps(desk, release.url)
        expect(ran.map(({name, exitCode: code}) => [name, code])).toEqual([
          ['Install', 0],
          ['Log in', 0],
          ['Check', exitCode],
        ])
        const {if: when, with: kept} = check.steps.at(-1) ?? {}
        expect(when).toBe('always()')
        await expectKept(desk, kept?.path.trim().split('\n') ?? [], xml)
      })
    },
  )

  test('a release that is not what its checksum says is not installed', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      const [install, ...more] = await steps(desk, `${release.url}/spoilt`)
      expect([install?.exitCode, more]).toEqual([1, []])
      expect(install?.output).toContain(`${ARCHIVE}: FAILED`)
      await expect(readFile(join(desk.env['HOME'] ?? '', 'bin/kubectl-netdoctor'))).rejects.toThrow('ENOENT')
    })
  })

  /** Runs the steps as a runner does, until one fails: bash -e, and files by which they tell later ones of variables. */
  async function steps({cluster, ...desk}: EmbeddedDesk, from: string) {
    await desk.configure({port: Number(desk.port)})
    const home = join(dirname(desk.folder), 'runner')
    await mkdir(home)
    desk.env['HOME'] = home
    const secrets: Record<string, string> = {KUBECONFIG: await readFile(cluster.kubeconfig, 'utf8')}
    const told = {GITHUB_ENV: join(home, 'env'), GITHUB_PATH: join(home, 'path')}
    for (const file of Object.values(told)) await writeFile(file, '')
    const ran: {name: string; exitCode: number | undefined; output: string}[] = []
    for (const {name, run, env = {}} of check.steps.filter((step) => step.run !== undefined)) {
      const variables = (await readFile(told.GITHUB_ENV, 'utf8')).split('\n').filter(Boolean)
      const paths = (await readFile(told.GITHUB_PATH, 'utf8')).split('\n').filter(Boolean)
      const {exitCode, all} = await execa('bash', ['--noprofile', '--norc', '-ec', run ?? ''], {
        cwd: desk.folder,
        env: {
          ...{HOME: home, RUNNER_TEMP: home, PATH: [...paths, ...pathOf(desk)].join(delimiter)},
          ...{
            ...told,
            ...Object.fromEntries(variables.map((line) => line.split('=') as [string, string])),
            ...check.env,
            RELEASE: from,
          },
          ...Object.fromEntries(
            Object.entries(env).map(([key, value]) => [key, filled(value, secrets)] as const),
          ),
        },
        ...{extendEnv: false, reject: false, stdin: 'ignore'},
        all: true,
      })
      ran.push({name, exitCode, output: all})
      if (exitCode !== 0) break
    }
    return ran
  }
})

describe.skipIf(!npmKubectlRunsHere())('GitLab CI', async () => {
  const {network} = parse(await read('gitlab-ci.yaml')) as GitLab

  test.each(NETWORKS)('%s: checked, and the files kept', async (_, options, exitCode, xml) => {
    await atDesk(options, async (desk) => {
      await desk.configure({port: Number(desk.port)})
      await installPlugin(desk)
      const ran = await execa('bash', ['-eo', 'pipefail', '-c', network.script.join('\n')], {
        ...{cwd: desk.folder, env: {...desk.env, PATH: pathOf(desk).join(delimiter)}},
        ...{extendEnv: false, reject: false, stdin: 'ignore'},
      })
      expect(ran.exitCode).toBe(exitCode)
      // What fails is a failure; what could not be measured, a warning.
      expect(network.allow_failure.exit_codes === ran.exitCode).toBe(exitCode === 3)
      expect(network.artifacts).toMatchObject({when: 'always', reports: {junit: 'network.xml'}})
      await expectKept(desk, network.artifacts.paths, xml)
    })
  })

  test('the image is that of the Job, and that which the page makes', async () => {
    const {name} = network.image
    const page = await readFile(join(EXAMPLES, '../ci.md'), 'utf8')
    expect(await read('job.yaml')).toContain(`image: ${name}\n`)
    expect(page).toContain(`docker build -t ${name} -f docs/examples/Dockerfile .`)
  })
})

/** The files are there, and say what came of it; nothing is left in the cluster. */
async function expectKept({folder, cluster}: EmbeddedDesk, files: readonly string[], xml: RegExp) {
  expect(files).toEqual(['network.xml', 'report.json', 'resume.json'])
  for (const file of files) expect(await readFile(join(folder, file), 'utf8')).not.toBe('')
  expect(await readFile(join(folder, 'network.xml'), 'utf8')).toMatch(xml)
  expect(cluster.objects().filter(({kind}) => ['DaemonSet', 'Pod'].includes(kind ?? ''))).toEqual([])
}

/** kubectl, and what every system has. */
function pathOf({env}: Pick<Desk, 'env'>): string[] {
  return [(env['PATH'] ?? '').split(delimiter)[0] ?? '', '/usr/bin', '/bin']
}

/** `${{ secrets.NAME }}`, as GitHub fills it in. */
function filled(value: string, secrets: Readonly<Record<string, string>>): string {
  return value.replace(/\$\{\{ secrets\.(\w+) \}\}/g, (_, name: string) => secrets[name] ?? '')
}

interface Release {
  readonly url: string
  close(): void
}

/** A release with the built program in its archive, and under /spoilt one that somebody has changed. */
async function serveRelease(): Promise<Release> {
  const script = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`
  const packing = `cd "$(mktemp -d)" && printf '%s' "$1" >kubectl-netdoctor && chmod 755 kubectl-netdoctor &&
    tar -czf ${ARCHIVE} kubectl-netdoctor && base64 -w0 ${ARCHIVE} && echo && sha256sum ${ARCHIVE} && rm -r "$PWD"`
  const {stdout} = await execa('sh', ['-c', packing, 'sh', script])
  const [archive = '', checksums = ''] = stdout.split('\n')
  const server = createServer(({url = ''}, response) => {
    const spoilt = url.startsWith('/spoilt/') ? '!' : ''
    const files: Readonly<Record<string, Buffer>> = {
      [ARCHIVE]: Buffer.concat([Buffer.from(archive, 'base64'), Buffer.from(spoilt)]),
      'checksums.txt': Buffer.from(`${'0'.repeat(64)}  another.tar.gz\n${checksums}\n`),
    }
    const file = files[basename(url)]
    response.writeHead(file === undefined ? 404 : 200).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close()}
}
