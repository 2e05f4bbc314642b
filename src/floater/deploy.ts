import type {Kubectl} from '../kubectl/kubectl.ts'
import {UserError} from '../model/error.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {printableUpTo} from '../text/printable.ts'
import {listed} from '../text/wording.ts'
import {MANAGED_BY} from './labels.ts'

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

/**
 * Creates our objects, or brings those from last time up to date. Gives them as the server has them. Never by force: what
 * somebody else has made or changed stays as it is.
 */
export async function applyObjects(kubectl: Kubectl, objects: readonly KubernetesObject[]): Promise<string> {
  const {ok, stdout, stderr} = await kubectl.run(
    [
      'apply',
      '--server-side',
      `--field-manager=${MANAGED_BY.value}`,
      '--validate=false',
      '-f',
      '-',
      '-o',
      'json',
    ],
    {input: JSON.stringify({apiVersion: 'v1', kind: 'List', items: objects})},
  )
  if (ok) return stdout
  const names = objects.map(({kind, metadata}) => `${kind} ${metadata.name}`)
  throw new UserError(3, `Could not apply ${listed(names)}: ${ownerIn(stderr) ?? reasonIn(stderr)}`)
}

/** kubectl puts a page of advice behind the one line that says whose fields these are. */
function ownerIn(stderr: string): string | undefined {
  const [, who] = /^.*\bApply failed with \d+ conflicts?: (.*)/m.exec(stderr) ?? []
  return (
    who &&
    `somebody else has made or changed what is there (${printableUpTo(200, who)}). It was left as it is: \`kubectl netdoctor clean\` removes what is ours, and --namespace sets another place`
  )
}

export interface KubernetesObject {
  readonly kind: string
  readonly metadata: {readonly name: string}
}
