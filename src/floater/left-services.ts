import type {Kubectl} from '../kubectl/kubectl.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {hasEndpointSlices} from '../kubectl/version.ts'
import {UserError} from '../model/error.ts'
import {printable} from '../text/printable.ts'
import {listed} from '../text/wording.ts'
import {MANAGED_BY_US, SERVICE_NAME_LABEL} from './labels.ts'

/** Services and what is behind them, which we create only for some modes. */
const SLICES = 'endpointslices.discovery.k8s.io'
const SERVICE_KINDS = ['services', SLICES, 'endpoints']

/** What checks have left of services, as `kind/name`, and what is to be said besides. */
export interface LeftServices {
  readonly objects: readonly string[]
  readonly notes: readonly string[]
}

/** Only some modes make services: who may not list them still cleans the rest, and is told. */
export async function leftServices(kubectl: Kubectl, selection: readonly string[]): Promise<LeftServices> {
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
  const kinds = SERVICE_KINDS.filter((kind) => hidden.includes(kind))
  return {
    objects: found.flat(),
    notes:
      kinds.length === 0
        ? []
        : [
            `you may not list ${listed(kinds)}: what a check of mode service or nodeport made here may be left`,
          ],
  }
}

/** Each by its name: the controllers that mirror one of them may have been faster. */
export async function removeServices(
  kubectl: Kubectl,
  namespace: string,
  {objects}: LeftServices,
): Promise<void> {
  if (objects.length === 0) return
  const {ok, stderr} = await kubectl.run([
    'delete',
    ...objects,
    `--namespace=${namespace}`,
    '--ignore-not-found',
    // It would get each of them, which is a right more.
    '--wait=false',
  ])
  if (!ok) throw new UserError(3, `Could not remove everything: ${reasonIn(stderr)}. Run this again.`)
}

/**
 * Removes services of ours that nobody needs any more, and gives the cause where the server does not let it. Slices go first: the
 * server keeps what no controller of its own has made, and a service that is still there is found again. Endpoints go with theirs.
 */
export async function removeNeedless(
  kubectl: Kubectl,
  namespace: string,
  names: readonly string[],
  version: string,
): Promise<string | undefined> {
  const ofThem = `${MANAGED_BY_US},${SERVICE_NAME_LABEL} in (${names.join()})`
  const deletions = [
    ...(hasEndpointSlices(version) ? [[SLICES, `--selector=${ofThem}`]] : []),
    names.map((name) => `service/${name}`),
  ]
  for (const what of deletions) {
    const args = ['delete', ...what, `--namespace=${namespace}`, '--ignore-not-found', '--wait=false']
    const {ok, stderr} = await kubectl.run(args)
    if (!ok) return reasonIn(stderr)
  }
  return undefined
}
