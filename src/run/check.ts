import {applyFloater, createNamespace} from '../floater/deploy.ts'
import {presentFloaters} from '../floater/present.ts'
import {awaitFloaters} from '../floater/wait.ts'
import {floaterBoard, type Board} from '../floater/board.ts'
import {
  FLOATER_ANSWER,
  floaterImage,
  floaterManifest,
  namespaceManifest,
  trialPod,
} from '../floater/manifest.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Config, Connection} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Plan} from '../model/plan.ts'
import type {Results} from '../model/result.ts'
import type {Run} from '../model/run.ts'
import {isSelf, podToPodPlan, probesOf} from '../plan/plan.ts'
import {destinationOf} from '../preflight/connect.ts'
import {preflight} from '../preflight/preflight.ts'
import {incarnation, runPlan} from '../probe/run.ts'
import {recorder, statusAt} from '../results/store.ts'
import {count, duration, listed} from '../text/wording.ts'
import {printable} from '../text/printable.ts'
import type {Progress} from './progress.ts'

/** Everything that a check does to the world, handed in. */
export interface Effects {
  readonly kubectlFor: (connection: Connection) => Kubectl
  readonly progress: Progress
  /** A line for people, beside the results. */
  readonly say: (line: string) => void
  /** Aborted when the user interrupts; its reason is the name of the signal. */
  readonly signal: AbortSignal
  readonly now: () => Date
  /** A new run's id: lower-case letters and digits. */
  readonly newRunId: () => string
  /** Processors of this machine: what kubectl processes cost. */
  readonly cores: number
  /** Version of this tool. */
  readonly version: string
}

/** What a check leaves: the run, and whether anything was, or may have been, created in the cluster. */
export interface Checked {
  readonly run: Run
  readonly deployed: boolean
}

/** The rows that a check shows, in order. */
export const STAGES = {
  connect: 'Connect',
  deploy: 'Deploy floaters',
  wait: 'Wait for floaters',
  probe: 'Probe',
} as const

/**
 * Checks the network of the cluster: every stage of a check in order. An interruption ends the stage that is under
 * way; once the nodes are known there is a Run, with "not tested" for what was not reached. Throws a UserError before.
 */
export async function checkNetwork(config: Config, effects: Effects): Promise<Checked> {
  const {progress, say, signal, now} = effects
  const [cluster] = config.clusters
  if (cluster === undefined) throw new UserError(2, 'The config names no cluster.')
  const runId = effects.newRunId()
  const startedAt = now().toISOString()
  const kubectl = effects.kubectlFor(cluster.connection)
  const image = floaterImage(cluster.imageRepository, config)
  const manifest = floaterManifest(image, config, runId)

  const destination = await destinationOf(kubectl, cluster.name)
  say(`Checking context ${destination.context}, server ${destination.server}, namespace ${config.namespace}`)
  const clearance = await progress.during(STAGES.connect, async (tell) => {
    const input = {
      cluster: cluster.name,
      namespace: config.namespace,
      destination,
      trialPod: trialPod(manifest),
    }
    const cleared = await preflight(kubectl, input)
    tell(`Kubernetes ${cleared.facts.version}, ${count(cleared.nodes.length, 'node')}`)
    return cleared
  })
  const maxNum = config.maxNum ?? sourcesAtOnce(effects.cores)
  for (const warning of clearance.warnings) say(`Warning: ${warning}`)
  if (maxNum < Math.min(clearance.nodes.length / 10, sourcesAtOnce(effects.cores))) {
    say(
      `maxNum lets ${maxNum} of ${clearance.nodes.length} nodes probe at once: without it, this takes a fraction of the time.`,
    )
  }
  if (clearance.nodes.length === 0)
    throw new UserError(2, 'There is nothing to probe: the cluster has no Linux node.')

  const board = floaterBoard(clearance.nodes, manifest.template)
  const deployed = !signal.aborted
  if (deployed) {
    await progress.during(STAGES.deploy, async (tell) => {
      try {
        if (!clearance.namespaceExists) await createNamespace(kubectl, namespaceManifest(config, runId))
        await applyFloater(kubectl, manifest)
      } catch (error) {
        // Ended in the middle, it may have created something: the run goes on to its end, and says so.
        if (!signal.aborted) throw withLeftovers(error, clearance.namespaceExists, config.namespace)
      }
      tell(image)
    })
    await progress.during(STAGES.wait, async (tell) => {
      const onChange = () => tell(describeBoard(board, clearance.nodes.length))
      await awaitFloaters(board, {
        kubectl,
        namespace: config.namespace,
        podWaitTime: config.podWaitTime,
        signal,
        onChange,
      })
      onChange()
    })
  }

  const plan = podToPodPlan(board.nodes(cluster.name), config.port)
  const store = recorder(plan.size)
  if (!signal.aborted) {
    await progress.during(STAGES.probe, async (tell) => {
      const counter = probeCounter(plan.size, now, tell)
      const ticker = setInterval(counter.show, TICK)
      await runPlan(plan, store, {
        kubectlOf: () => kubectl,
        namespace: config.namespace,
        expected: FLOATER_ANSWER,
        limits: {parallel: config.parallel, probeTimeout: config.cmdTimeout},
        maxNum,
        retries: config.retries,
        signal,
        on: counter,
        presentFloaters: async () => {
          const floaters = await presentFloaters(kubectl, config.namespace, manifest.template)
          return floaters && new Set(floaters.map(incarnation))
        },
      }).finally(() => clearInterval(ticker))
    })
  }
  const run: Run = {
    id: runId,
    tool: effects.version,
    startedAt,
    finishedAt: now().toISOString(),
    namespace: config.namespace,
    image,
    clusters: [clearance.facts],
    plan,
    results: store.results,
    notCovered: clearance.notCovered.map((one) => ({cluster: cluster.name, ...one})),
    caveats: caveatsOf(plan, store.results),
    ...(signal.aborted ? {interrupted: String(signal.reason)} : {}),
  }
  return {run, deployed}
}

/** A failure, with what it leaves behind where the namespace was ours to create. */
function withLeftovers(error: unknown, namespaceExisted: boolean, namespace: string): unknown {
  if (namespaceExisted || !(error instanceof UserError)) return error
  return new UserError(
    error.exitCode,
    `${error.message}\nNamespace ${namespace} may have been created: \`kubectl netdoctor clean\` removes it.`,
  )
}

/** What a reader must not take for proved. */
function caveatsOf(plan: Plan, results: Results): string[] {
  let [some, across] = [false, false]
  for (const probe of probesOf(plan)) {
    if (statusAt(results, probe.id) !== 'SUCCEEDED') continue
    some = true
    across ||= !isSelf(probe)
  }
  return [
    ...(some
      ? ['who answered. This floater says only OK, so any other at the same address would pass for it']
      : []),
    ...(some && !across ? ['the network. No probe that succeeded left its own node'] : []),
  ]
}

/** How often the elapsed time is shown while nothing else changes; milliseconds. */
const TICK = 1000

/** One kubectl costs about 80 ms of processor time and some 45 MB of memory while its probes wait. */
function sourcesAtOnce(cores: number): number {
  return Math.min(64, 8 * cores)
}

/** `12/15 ready; waiting for node-c (ImagePullBackOff ...)`. */
function describeBoard(board: Board, expected: number): string {
  const missing = board.missing().map(({node, obstacle}) => `${node} (${obstacle.text})`)
  return (
    `${board.ready()}/${expected} ready` +
    (missing.length > 0 ? `; without: ${printable(listed(missing, 3))}` : '')
  )
}

/** `4,200/9,801, 1,730/s, 2.4 s, 14 not SUCCEEDED so far`. */
function probeCounter(size: number, now: () => Date, tell: (text: string) => void) {
  const started = now().getTime()
  let [probed, failed, pass] = [0, 0, 'first']
  const show = () => {
    const elapsed = Math.max(1, now().getTime() - started)
    const rate = Math.round((probed * 1000) / elapsed)
    tell(
      [
        `${probed.toLocaleString('en')}/${size.toLocaleString('en')}`,
        `${rate.toLocaleString('en')}/s`,
        duration(elapsed),
        ...(failed > 0 ? [`${failed.toLocaleString('en')} not SUCCEEDED so far`] : []),
        ...(pass === 'second' ? ['probing what failed again'] : []),
      ].join(', '),
    )
  }
  return {
    show,
    probed: (more: number) => {
      probed = Math.min(size, probed + more)
      show()
    },
    failed: (more: number) => {
      failed += more
      show()
    },
    pass: (which: 'first' | 'second' | 'done') => {
      pass = which
      show()
    },
  }
}
