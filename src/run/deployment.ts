import {floaterBoard, type Board} from '../floater/board.ts'
import {applyObjects, createNamespace} from '../floater/deploy.ts'
import type {Hold} from '../floater/hold.ts'
import {namespaceManifest, type DaemonSet, type FloaterManifest} from '../floater/manifest.ts'
import {awaitFloaters} from '../floater/wait.ts'
import type {Bystander, FloaterKind, FloaterState, NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Effects} from './effects.ts'
import {STAGES} from './progress.ts'
import type {ClearedSite} from './site.ts'
import {describeBoard} from './words.ts'

/** What came up. */
export interface Deployed {
  readonly nodes: readonly NodeUnderTest[]
  readonly bystanders: readonly Bystander[]
}

/**
 * Creates what is missing, and waits for the floaters of those nodes that `needed` names. Gives those nodes, with what came
 * up on them and why the rest did not; after an interruption as far as it got.
 */
export async function deploy(
  site: ClearedSite,
  needed: (node: string) => boolean,
  config: Config,
  hold: Hold,
  {progress, signal, runId}: Effects,
): Promise<Deployed> {
  const {cluster, kubectl, manifests, clearance, image} = site
  const {namespace, podWaitTime} = config
  const nodes = clearance.nodes.filter(({name}) => needed(name))
  const boards = manifests.map(({kind, template}) => ({kind, board: floaterBoard(nodes, template)}))
  if (!signal.aborted) {
    await progress.during(cluster.name, STAGES.deploy, async (tell) => {
      try {
        if (!clearance.namespaceExists) await createNamespace(kubectl, namespaceManifest(config, runId))
        await hold.begin(async (claim) => {
          await applyObjects(kubectl, claimed(manifests, claim))
        })
      } catch (error) {
        // Ended in the middle, it may have created something: the run goes on to its end, and says so.
        if (!signal.aborted) throw withLeftovers(error, clearance.namespaceExists, namespace)
      }
      tell(image)
    })
    await progress.during(cluster.name, STAGES.wait, async (tell) => {
      const onChange = () =>
        tell(boards.map(({kind, board}) => describeBoard(board, nodes.length, kind)).join('; '))
      await Promise.all(
        boards.map(({kind, board}) =>
          awaitFloaters(board, {kubectl, namespace, kind, podWaitTime, signal, onChange}),
        ),
      )
      onChange()
    })
  }
  return {
    nodes: nodesUnderTest(cluster.name, nodes, boards),
    bystanders: boards.flatMap(({board}) =>
      board.bystanders().map(({node, addresses}) => ({cluster: cluster.name, name: node, addresses})),
    ),
  }
}

/** The DaemonSets with the run's claim on them. */
function claimed(manifests: readonly FloaterManifest[], annotations: Record<string, string>): DaemonSet[] {
  return manifests.map(({daemonSet}) => ({...daemonSet, metadata: {...daemonSet.metadata, annotations}}))
}

function nodesUnderTest(
  cluster: string,
  nodes: ClearedSite['clearance']['nodes'],
  boards: readonly {readonly kind: FloaterKind; readonly board: Board}[],
): NodeUnderTest[] {
  const states = boards.map(({kind, board}) => ({
    kind,
    of: new Map(board.states().map(({node, state}) => [node, state])),
  }))
  return nodes.map(({name, addresses, traits}) => {
    const floaters: Partial<Record<FloaterKind, FloaterState>> = {}
    for (const {kind, of} of states) {
      const state = of.get(name)
      if (state) floaters[kind] = state
    }
    return {cluster, name, addresses, traits, floaters}
  })
}

/** A failure, with what it leaves behind where the namespace was ours to create. */
function withLeftovers(error: unknown, namespaceExisted: boolean, namespace: string): unknown {
  if (namespaceExisted || !(error instanceof UserError)) return error
  return new UserError(
    error.exitCode,
    `${error.message}\nNamespace ${namespace} may have been created: \`kubectl netdoctor clean\` removes it.`,
  )
}
