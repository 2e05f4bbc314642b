import type {Kubectl} from '../kubectl/kubectl.ts'
import {UserError} from '../model/error.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {MANAGED_BY} from './labels.ts'
import type {FloaterManifest} from './manifest.ts'

/** Creates the namespace; never `apply`: our labels must not land on one that somebody else makes meanwhile. */
export async function createNamespace(
  kubectl: Kubectl,
  manifest: object & {metadata: {name: string}},
): Promise<void> {
  const {ok, stderr} = await kubectl.run(['create', '--validate=false', '-f', '-'], {
    input: JSON.stringify(manifest),
  })
  if (ok || stderr.includes('AlreadyExists')) return
  throw new UserError(3, `Could not create namespace ${manifest.metadata.name}: ${reasonIn(stderr)}`)
}

/** Creates the floaters' DaemonSet, or brings the one from last time up to date; both without a pod too many. */
export async function applyFloater(kubectl: Kubectl, {daemonSet}: FloaterManifest): Promise<void> {
  const {ok, stderr} = await kubectl.run(
    [
      'apply',
      '--server-side',
      '--force-conflicts',
      `--field-manager=${MANAGED_BY.value}`,
      '--validate=false',
      '-f',
      '-',
    ],
    {input: JSON.stringify(daemonSet)},
  )
  if (!ok) throw new UserError(3, `Could not apply DaemonSet ${daemonSet.metadata.name}: ${reasonIn(stderr)}`)
}
