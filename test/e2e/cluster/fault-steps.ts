import {isServing, startComponent} from './control-plane.ts'
import {
  daemonAnswers,
  NODE_DAEMONS,
  nodeLog,
  onNode,
  startNodeDaemon,
  startOnNode,
  type NodeContext,
} from './node.ts'
import {end, processesOf, programOf} from './processes.ts'
import {nodeNamed} from './layout.ts'
import {waitFor} from './wait.ts'

/** Plain data, so that it can wait on disk until another process takes the fault back. */
export type FaultStep =
  | {do: 'run'; node: string; command: readonly string[]}
  /** Kills a daemon; `program` tells it from the children that carry its mark too. */
  | {do: 'stop'; role: string; program: string}
  | {do: 'start'; role: string}
  /** A web server on a node, which answers, but not as a floater does. */
  | {do: 'serve'; node: string; role: string; port: number}

/** One break: what makes it, and what takes exactly that back. */
export interface FaultSteps {
  apply: readonly FaultStep[]
  undo: readonly FaultStep[]
}

/** A cluster to break something in. */
export type FaultContext = Omit<NodeContext, 'node'>

const LIMIT = 30_000

/** Takes a step and returns when it has had its effect. */
export async function takeStep(context: FaultContext, step: FaultStep): Promise<void> {
  switch (step.do) {
    case 'run': {
      const {exitCode, stderr} = await onNode(nodeContext(context, step.node), step.command)
      if (exitCode !== 0) throw new Error(`${step.command.join(' ')} on ${step.node}: ${stderr.trim()}`)
      return
    }
    case 'stop':
      await stop(context, step.role, step.program)
      return
    case 'start':
      await start(context, step.role)
      return
    case 'serve':
      await serve(context, step)
      return
    default:
      // The log of faults may be another version's: what cannot be taken back must not count as taken back.
      throw new Error(`this is no step that can be taken: ${JSON.stringify(step)}`)
  }
}

async function stop({record}: FaultContext, role: string, program: string): Promise<void> {
  await waitFor(
    `the end of ${role}`,
    async () => {
      const processes = (await processesOf(record.token)).filter((process) => process.role === role)
      const programs = await Promise.all(processes.map(async ({pid}) => await programOf(pid)))
      const daemons = processes.filter((_, index) => programs[index] === program)
      end(daemons)
      return daemons.length === 0 ? true : undefined
    },
    {limit: LIMIT},
  )
}

async function start(context: FaultContext, role: string): Promise<void> {
  const [name = '', what] = role.split('/')
  if (name === 'apiserver') {
    await startComponent(name, context.record, context.layout, context.bin)
    await waitFor('the API server', async () => await isServing(context.layout), {limit: LIMIT})
    return
  }
  const daemon = NODE_DAEMONS.find((candidate) => candidate === what)
  if (daemon === undefined) throw new Error(`there is no daemon ${role}`)
  const node = nodeContext(context, name)
  await startNodeDaemon(node, daemon)
  await waitFor(role, async () => await daemonAnswers(node, daemon), {
    limit: LIMIT,
    logs: [nodeLog(node.node, daemon)],
  })
}

async function serve(
  context: FaultContext,
  {node: name, role, port}: Extract<FaultStep, {do: 'serve'}>,
): Promise<void> {
  const node = nodeContext(context, name)
  await startOnNode(node, role, ['agnhost', 'netexec', `--http-port=${port}`, '--udp-port=-1'])
  const ask = ['curl', '-sf', '-m', '1', '-o', '/dev/null', `http://${node.node.ip}:${port}/`]
  const answers = async () => ((await onNode(node, ask)).exitCode === 0 ? true : undefined)
  await waitFor(role, answers, {limit: LIMIT, logs: [nodeLog(node.node, 'init')]})
}

function nodeContext(context: FaultContext, name: string): NodeContext {
  return {...context, node: nodeNamed(context.layout, name)}
}
