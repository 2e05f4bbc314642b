import {setTimeout} from 'node:timers/promises'
import * as z from 'zod'
import type {Kubectl, KubectlResult} from '../kubectl/kubectl.ts'
import {parseJson} from '../kubectl/parse.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {UserError} from '../model/error.ts'
import {printable} from '../text/printable.ts'
import {listed} from '../text/wording.ts'
import {holds, refuseFor, type Claim} from './claim.ts'
import {DAEMON_SETS, ourDaemonSets} from './daemon-sets.ts'
import {MANAGED_BY, MANAGED_BY_US} from './labels.ts'

/** Services and what is behind them, which we create only for some modes. */
const SERVICE_KINDS = ['services', 'endpointslices.discovery.k8s.io', 'endpoints']
/** How long deleted objects may take to be gone; seconds. */
const PATIENCE = 90
/** Milliseconds. */
const BETWEEN_LOOKS = 250

/** Whose claims do not count. */
export interface Leave {
  /** Nobody's does. */
  readonly force: boolean
  /** That of a run which is known to be over does not. */
  readonly isOver: (run: string) => Promise<boolean>
}

/** What `clean` did in one cluster, as sentences. */
export interface Cleaned {
  readonly said: readonly string[]
}

/**
 * Removes everything that carries our label from the namespace, and the namespace if it is ours and otherwise empty. Throws
 * before that where a run uses the floaters, and `leave` does not say that its claim is nothing.
 */
export async function cleanCluster(kubectl: Kubectl, namespace: string, leave: Leave): Promise<Cleaned> {
  const space = await readNamespace(kubectl, namespace)
  if (space === undefined) return {said: [`namespace ${namespace} does not exist: nothing to remove`]}
  const {removed, notes} = await removeObjects(kubectl, namespace, leave)
  const said = [...removed.map((object) => `removed ${object}`), ...notes]
  if (!space.ours) {
    return {said: removed.length > 0 ? said : [`nothing of ours in namespace ${namespace}`, ...notes]}
  }
  if (space.terminating) {
    await awaitNamespaceGone(kubectl, namespace)
    return {said: [...said, `namespace ${namespace} was already being deleted, and is gone now`]}
  }
  const foreign = await foreignObjects(kubectl, namespace)
  if (foreign.length > 0) {
    return {said: [...said, `kept namespace ${namespace}: it holds what is not ours (${listed(foreign)})`]}
  }
  await startDeletion(kubectl, ['namespace', namespace])
  await awaitNamespaceGone(kubectl, namespace)
  return {said: [...said, `removed namespace/${namespace}`]}
}

async function stands(claim: Claim, {force, isOver}: Leave): Promise<boolean> {
  return !force && holds(claim, Date.now()) && !(await isOver(claim.run))
}

const namespaceSchema = z.object({
  metadata: z.object({
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
})

async function readNamespace(kubectl: Kubectl, namespace: string) {
  const result = await kubectl.run(['get', 'namespace', namespace, '-o', 'json'])
  if (isNoNamespace(result, namespace)) return undefined
  if (!result.ok) throw new UserError(3, `Could not read namespace ${namespace}: ${reasonIn(result.stderr)}`)
  const {metadata} = parseJson(namespaceSchema, result, `kubectl get namespace ${namespace}`)
  return {
    ours: metadata.labels[MANAGED_BY.key] === MANAGED_BY.value,
    terminating: metadata.deletionTimestamp !== undefined,
  }
}

/** In the API server's own words: kubectl's --ignore-not-found takes any 404 for them, also a proxy's. */
function isNoNamespace({ok, stderr}: KubectlResult, namespace: string): boolean {
  return !ok && stderr.includes(`namespaces "${namespace}" not found`)
}

async function removeObjects(kubectl: Kubectl, namespace: string, leave: Leave): Promise<Removed> {
  const selection = [`--namespace=${namespace}`, `--selector=${MANAGED_BY_US}`]
  const floaters = await ourDaemonSets(kubectl, namespace)
  for (const {claim} of floaters) {
    if (claim !== undefined && (await stands(claim, leave)))
      throw new UserError(3, `Nothing was removed: ${refuseFor(claim, namespace)}`)
  }
  const services = await removeServices(kubectl, selection)
  const found = floaters.map(({name}) => `daemonset.apps/${printable(name)}`)
  // Foreground: the object goes when its pods have gone.
  if (found.length > 0) {
    await startDeletion(kubectl, [DAEMON_SETS, ...selection, '--cascade=foreground'])
    await awaitGone(kubectl, [DAEMON_SETS, ...selection])
  }
  // Pods that a deletion in the background, ours or an earlier one, has left on their way out.
  await awaitGone(kubectl, ['pods', ...selection])
  return {removed: [...services.removed, ...found], notes: services.notes}
}

/** Only some modes make services: who may not list them still cleans the rest, and is told. */
async function removeServices(kubectl: Kubectl, selection: readonly string[]): Promise<Removed> {
  const hidden: string[] = []
  const found = await Promise.all(
    SERVICE_KINDS.map(async (kind) => {
      const {ok, stdout, stderr} = await kubectl.run(['get', kind, ...selection, '-o', 'name'])
      if (ok) return stdout.split('\n').map(printable).filter(Boolean)
      if (/doesn't have a resource type/i.test(stderr)) return []
      if (/forbidden/i.test(stderr)) {
        hidden.push(kind)
        return []
      }
      throw new UserError(3, `Could not list ${kind}: ${reasonIn(stderr)}`)
    }),
  )
  const objects = found.flat()
  const notes =
    hidden.length === 0
      ? []
      : [
          `you may not list ${listed(SERVICE_KINDS.filter((kind) => hidden.includes(kind)))}: what a check of mode service or nodeport made here may be left`,
        ]
  if (objects.length === 0) return {removed: [], notes}
  // Each by its name: the controllers that mirror one of them may have been faster.
  const {ok, stderr} = await kubectl.run(['delete', ...objects, selection[0] ?? '', '--ignore-not-found'])
  if (!ok) throw new UserError(3, `Could not remove everything: ${reasonIn(stderr)}. Run this again.`)
  return {removed: objects, notes}
}

/** What was removed, and what is to be said besides. */
interface Removed {
  readonly removed: string[]
  readonly notes: readonly string[]
}

async function startDeletion(kubectl: Kubectl, what: readonly string[]): Promise<void> {
  const {ok, stderr} = await kubectl.run(['delete', ...what, '--ignore-not-found', '--wait=false'])
  if (ok) return
  throw new UserError(3, `Could not remove everything: ${reasonIn(stderr)}. Run this again.`)
}

/** Looks until nothing is left. `kubectl delete --wait` would need the right to watch, and without it not wait at all. */
async function awaitGone(kubectl: Kubectl, what: readonly string[]): Promise<void> {
  await awaitNone(() => names(kubectl, ['get', ...what, '-o', 'name']))
}

async function awaitNamespaceGone(kubectl: Kubectl, namespace: string): Promise<void> {
  await awaitNone(async () =>
    (await readNamespace(kubectl, namespace)) === undefined ? [] : [`namespace/${namespace}`],
  )
}

async function awaitNone(look: () => Promise<readonly string[]>): Promise<void> {
  const end = Date.now() + PATIENCE * 1000
  for (;;) {
    const left = await look()
    if (left.length === 0) return
    if (Date.now() > end) {
      throw new UserError(
        3,
        `Still there after ${PATIENCE} s: ${listed(left)}. A pod on a node that does not answer stays until the node is back or removed, and one that no DaemonSet owns any more until somebody deletes it: kubectl delete pods --selector=${MANAGED_BY_US}`,
      )
    }
    await setTimeout(BETWEEN_LOOKS)
  }
}

async function names(kubectl: Kubectl, args: readonly string[]): Promise<string[]> {
  const {ok, stdout, stderr} = await kubectl.run(args)
  if (!ok) throw new UserError(3, `Could not run \`kubectl ${args.join(' ')}\`: ${reasonIn(stderr)}`)
  return stdout.split('\n').map(printable).filter(Boolean)
}

/* What every namespace has, or gets from the cluster without anybody asking for it. */
const NATIVE = [
  /^configmap\/kube-root-ca\.crt$/,
  /^serviceaccount\/default$/,
  // Up to Kubernetes 1.23, the default ServiceAccount's.
  /^secret\/default-token-/,
  /^event(\.events\.k8s\.io)?\//,
  /^lease\.coordination\.k8s\.io\//,
]

/** Everything in the namespace that neither we nor the cluster put there; a kind that we may not list counts as one. */
async function foreignObjects(kubectl: Kubectl, namespace: string): Promise<string[]> {
  const known = await kubectl.run(['api-resources', '--verbs=list', '--namespaced', '-o', 'name'])
  // An API that does not answer hides its kinds, and what there is of them.
  if (!known.ok) return [`kinds that could not be listed: ${reasonIn(known.stderr)}`]
  const kinds = known.stdout.split('\n').filter(Boolean)
  const listing = await kubectl.run([
    'get',
    kinds.join(','),
    `--namespace=${namespace}`,
    `--selector=${MANAGED_BY.key}!=${MANAGED_BY.value}`,
    '-o',
    'name',
  ])
  const objects = listing.stdout.split('\n').map(printable).filter(Boolean)
  const foreign = objects.filter((object) => !NATIVE.some((pattern) => pattern.test(object)))
  return listing.ok ? foreign : [...foreign, reasonIn(listing.stderr)]
}
