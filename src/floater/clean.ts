import * as z from 'zod'
import type {Kubectl, KubectlResult} from '../kubectl/kubectl.ts'
import {parseJson} from '../kubectl/parse.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {UserError} from '../model/error.ts'
import {printable} from '../text/printable.ts'
import {listed} from '../text/wording.ts'
import {holds, refuseFor, type Claim} from './claim.ts'
import {DAEMON_SETS, ourDaemonSets, type ClaimedDaemonSet} from './daemon-sets.ts'
import {awaitGone, namesOfLeft} from './gone.ts'
import {MANAGED_BY, MANAGED_BY_US} from './labels.ts'
import {leftServices, removeServices} from './left-services.ts'

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
 * before that where a run uses the floaters, and `leave` does not say that its claim is nothing; in the midst of it where one has
 * come meanwhile.
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
  await refuseNewcomers(await ourDaemonSets(kubectl, namespace), namespace, leave)
  await startDeletion(kubectl, ['namespace', namespace])
  await awaitNamespaceGone(kubectl, namespace)
  return {said: [...said, `removed namespace/${namespace}`]}
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
  // Between the look at the claims and the deletion of the DaemonSets that carry them there is nothing that takes time. Services
  // may take long, and come behind it: what is on its way out nobody can claim, and put to use with the services that go.
  const services = await leftServices(kubectl, selection)
  const floaters = await ourDaemonSets(kubectl, namespace)
  const claim = await standing(floaters, leave)
  if (claim !== undefined) throw new UserError(3, `Nothing was removed: ${refuseFor(claim, namespace)}`)
  const found = floaters.map(named)
  // Foreground: the object goes when its pods have gone.
  if (found.length > 0) await startDeletion(kubectl, [DAEMON_SETS, ...selection, '--cascade=foreground'])
  await removeServices(kubectl, namespace, services)
  // The list that tells what is left tells of newcomers, too.
  const daemonSetsLeft = async () => {
    const left = await ourDaemonSets(kubectl, namespace)
    await refuseNewcomers(left, namespace, leave)
    return left.map(named)
  }
  const orNewcomer = (look: () => Promise<readonly string[]>) => async () => {
    const left = await look()
    if (left.length > 0) await refuseNewcomers(await ourDaemonSets(kubectl, namespace), namespace, leave)
    return left
  }
  if (found.length > 0) await awaitGone(daemonSetsLeft)
  // Pods that a deletion in the background, ours or an earlier one, has left on their way out.
  await awaitGone(orNewcomer(async () => await namesOfLeft(kubectl, ['pods', ...selection])))
  if (services.objects.length > 0)
    await awaitGone(orNewcomer(async () => (await leftServices(kubectl, selection)).objects))
  return {removed: [...found, ...services.objects], notes: services.notes}
}

function named({name}: ClaimedDaemonSet): string {
  return `daemonset.apps/${printable(name)}`
}

/** The first claim that counts. */
async function standing(
  floaters: readonly ClaimedDaemonSet[],
  {force, isOver}: Leave,
): Promise<Claim | undefined> {
  for (const {claim} of floaters)
    if (claim !== undefined && !force && holds(claim, Date.now()) && !(await isOver(claim.run))) return claim
  return undefined
}

/** Throws where a run has made itself at home since all that was there began to go: what is there now is its own. */
async function refuseNewcomers(
  floaters: readonly ClaimedDaemonSet[],
  namespace: string,
  leave: Leave,
): Promise<void> {
  const claim = await standing(
    floaters.filter(({leaving}) => !leaving),
    leave,
  )
  if (claim !== undefined)
    throw new UserError(
      3,
      `What was there was deleted, and a run has come meanwhile, whose floaters and namespace stay. ${refuseFor(claim, namespace)}`,
    )
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

async function awaitNamespaceGone(kubectl: Kubectl, namespace: string): Promise<void> {
  await awaitGone(async () =>
    (await readNamespace(kubectl, namespace)) === undefined ? [] : [`namespace/${namespace}`],
  )
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
