import type {Kubectl} from '../kubectl/kubectl.ts'
import {parseJson} from '../kubectl/parse.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {describeClaim, refuseFor} from '../floater/claim.ts'
import type {ClusterFacts, NodeFacts} from '../model/cluster.ts'
import {UserError} from '../model/error.ts'
import {listed} from '../text/wording.ts'
import {naturally} from '../text/order.ts'
import {serverVersion} from './connect.ts'
import type {PreflightInput} from './input.ts'
import {inventoryFrom, listSchema, type Inventory} from './inventory.ts'
import {
  accessReviews,
  describePermission,
  isFor,
  NAMESPACE_OWNERSHIP,
  permissionsFor,
  refused,
  type Permission,
} from './permissions.ts'
import {namespaceState} from './namespace.ts'
import {policiesOn} from './policies.ts'
import {claimOfAnother, stateProblems, warningsAbout} from './problems.ts'
import {seenFloaters, sidecarsToCome, tryPods} from './trial.ts'
import {unsuitability} from './suitable.ts'

/** What holds in a cluster before anything is created in it. */
export interface Clearance {
  readonly facts: ClusterFacts
  /** Nodes that a floater can run on, in natural order. */
  readonly nodes: readonly NodeFacts[]
  readonly notCovered: readonly {readonly node: string; readonly cause: string; readonly leftOut: boolean}[]
  readonly namespaceExists: boolean
  /** Services that earlier runs have left, each for one floater; none where another run may be using them. */
  readonly leftServices: readonly string[]
  /** Worth telling, but no reason to stop. */
  readonly warnings: readonly string[]
  /** By how much the server's clock is ahead of ours, where it is known; milliseconds. */
  readonly clockAhead: number
}

/** A permission, and whether the user has it. */
export interface Grant {
  readonly permission: Permission
  readonly granted: boolean
}

/** What was found, good or bad. */
export interface Examination extends Clearance {
  /** Why nothing may be created, a sentence each. */
  readonly problems: readonly string[]
  /** Those that are needed here. */
  readonly permissions: readonly Grant[]
}

/** Asks everything that must hold, creates nothing. Throws one UserError with every problem that it finds. */
export async function preflight(kubectl: Kubectl, input: PreflightInput): Promise<Clearance> {
  const {problems, ...clearance} = await examine(kubectl, input)
  if (problems.length > 0) {
    const where = `context ${input.destination.context}`
    throw new UserError(3, [`Nothing was created, because of this (${where}):`, ...problems].join('\n  '))
  }
  return clearance
}

/** The same without a verdict. Throws a UserError where the API server cannot be asked. */
export async function examine(kubectl: Kubectl, input: PreflightInput): Promise<Examination> {
  const {cluster, namespace, destination, image} = input
  const wanted = permissionsFor(namespace, input.extras)
  const asked = missingPermissions(kubectl, wanted)
  // A server that cannot be reached fails both; its own sentence is the one to show.
  asked.catch(() => undefined)
  const version = await serverVersion(kubectl, destination)
  const ofServer = (all: readonly Permission[]) => all.filter((one) => isFor(version, one))
  const [permissions, missing] = [ofServer(wanted), ofServer(await asked)]
  const denied = missing.filter(({optional}) => !optional)
  const may = (verb: string, resource: string) =>
    !missing.some((permission) => permission.verb === verb && permission.resource === resource)

  const isWanted = (kind: string) => kind !== 'services' || input.extras.services
  const [space, inventory] = await Promise.all([
    may('get', 'namespaces') ? namespaceState(kubectl, namespace) : undefined,
    takeInventory(kubectl, namespace, (kind) => isWanted(kind) && may('list', kind)),
  ])
  const exists = space?.exists ?? true
  const needed = exists ? denied.filter((permission) => !NAMESPACE_OWNERSHIP.includes(permission)) : denied
  const problems = [
    ...needed.map(
      (permission) => `You may not ${describePermission(permission)}; README.md has a ready Role for it.`,
    ),
    ...stateProblems(input, space?.terminating ?? false, inventory),
  ]
  const trial = problems.length === 0 && exists ? await tryPods(kubectl, input, inventory) : undefined
  const clockAhead = (trial?.servedAt ?? NaN) - input.now().getTime() || 0
  const claim = await claimOfAnother(inventory, input.now().getTime() + clockAhead, input.isOver)
  problems.push(...(trial?.problems ?? []))
  if (claim !== undefined && !input.force) problems.push(refuseFor(claim, namespace))
  const made = trial?.made ?? []
  const policies = policiesOn(
    {floaters: seenFloaters(input, made), namespaceLabels: space?.labels},
    inventory.policies,
  )
  const relevant = exists ? permissions : [...permissions, ...NAMESPACE_OWNERSHIP]
  const lacking = new Set(missing.map(describePermission))

  const judged = inventory.nodes.map((node) => ({node, unsuitable: unsuitability(node, input.floater)}))
  return {
    facts: {
      ...{name: cluster, ...destination, version, image},
      ...(may('list', 'networkpolicies') ? {policies} : {}),
      ...(space?.mesh === undefined ? {} : {mesh: space.mesh}),
    },
    nodes: judged
      .filter(({unsuitable}) => unsuitable === undefined)
      .map(({node}) => node)
      .sort((a, b) => naturally(a.name, b.name)),
    notCovered: judged.flatMap(({node, unsuitable}) =>
      unsuitable === undefined ? [] : [{node: node.name, ...unsuitable}],
    ),
    namespaceExists: exists,
    leftServices: claim === undefined ? inventory.ourServices : [],
    warnings: [
      ...warningsAbout(namespace, inventory, {policies, sidecars: sidecarsToCome({made})}, missing),
      ...(claim !== undefined && input.force
        ? [`${describeClaim(claim, namespace)}. Going on all the same.`]
        : []),
    ],
    clockAhead,
    problems,
    permissions: relevant.map((permission) => ({
      permission,
      granted: !lacking.has(describePermission(permission)),
    })),
  }
}

async function missingPermissions(
  kubectl: Kubectl,
  needed: readonly Permission[],
): Promise<readonly Permission[]> {
  const permissions = [...needed, ...NAMESPACE_OWNERSHIP]
  const result = await kubectl.run(['create', '--validate=false', '-f', '-', '-o', 'json'], {
    input: JSON.stringify(accessReviews(permissions)),
  })
  if (!result.ok)
    throw new UserError(3, `Could not ask what you may do: ${reasonIn(result.stderr)}. Nothing was created.`)
  return refused(permissions, result.stdout)
}

const KINDS = ['nodes', 'daemonsets', 'services', 'networkpolicies', 'resourcequotas', 'limitranges']

async function takeInventory(
  kubectl: Kubectl,
  namespace: string,
  isListed: (kind: string) => boolean,
): Promise<Inventory> {
  const kinds = KINDS.filter(isListed)
  if (kinds.length === 0) return inventoryFrom([])
  const result = await kubectl.run([
    'get',
    kinds.map((kind) => (kind === 'daemonsets' ? 'daemonsets.apps' : kind)).join(','),
    `--namespace=${namespace}`,
    '-o',
    'json',
  ])
  // A 404 must not pass for an empty list.
  if (!result.ok)
    throw new UserError(
      3,
      `Could not list ${listed(kinds)}: ${reasonIn(result.stderr)}. Nothing was created.`,
    )
  if (!kinds.includes('nodes') && result.stdout.trim() === '') return inventoryFrom([])
  return parseJson(
    listSchema.transform(({items}) => inventoryFrom(items)),
    result,
    'kubectl get nodes',
  )
}
