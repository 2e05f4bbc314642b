import * as z from 'zod'
import {NAME_LABEL} from '../floater/labels.ts'
import {sidecarsIn} from '../floater/sidecars.ts'
import {documentsIn} from '../kubectl/documents.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import type {PreflightInput} from './input.ts'
import type {Inventory} from './inventory.ts'
import type {SeenFloater} from './policies.ts'

/** The answer to a pod that would be made. */
export interface Trial {
  readonly problems: readonly string[]
  /** When the server would have made it: by its own clock. */
  readonly servedAt: number | undefined
  /** The pods as admission would let them in. */
  readonly made: readonly unknown[]
}

const madeSchema = z.object({metadata: z.object({creationTimestamp: z.string()})})

/** A namespace's PodSecurity level admits a DaemonSet and then refuses its pods: so a pod is what is asked about. */
export async function tryPods(
  kubectl: Kubectl,
  {trialPods}: PreflightInput,
  {daemonSets}: Inventory,
): Promise<Trial> {
  const {ok, stdout, stderr} = await kubectl.run(
    ['create', '--dry-run=server', '--validate=false', '-f', '-', '-o', 'json'],
    {
      input: JSON.stringify({apiVersion: 'v1', kind: 'List', items: trialPods}),
    },
  )
  const made = documentsIn(stdout)
  const first = made.flatMap((document) => madeSchema.safeParse(document).data ?? [])[0]
  const time = Date.parse(first?.metadata.creationTimestamp ?? '')
  const answer = {servedAt: Number.isNaN(time) ? undefined : time, made}
  // Floaters that are there already have used the quota up themselves.
  if (ok || (daemonSets.length > 0 && stderr.includes('exceeded quota'))) return {...answer, problems: []}
  return {...answer, problems: [`The floaters' pods would not be admitted: ${reasonIn(stderr)}`]}
}

const port = z.object({
  name: z.string().default(''),
  containerPort: z.number(),
  protocol: z.string().default('TCP'),
})
const podSchema = z.object({
  metadata: z.object({labels: z.record(z.string(), z.string()).default({})}),
  spec: z.object({containers: z.array(z.object({ports: z.array(port).default([])}))}),
})

/** Each kind of floater as policies will see it: with what admission adds, where that is known. */
export function seenFloaters(
  {kinds, trialPods}: Pick<PreflightInput, 'kinds' | 'trialPods'>,
  made: readonly unknown[],
): SeenFloater[] {
  const admitted = made.flatMap((pod) => podSchema.safeParse(pod).data ?? [])
  return kinds.map((kind, index) => {
    const own = podSchema.safeParse(trialPods[index]).data
    const labels = own?.metadata.labels ?? {}
    const same = admitted.find(({metadata}) => metadata.labels[NAME_LABEL] === labels[NAME_LABEL])
    const ports = (own?.spec.containers ?? []).flatMap((container) => container.ports)
    return {
      kind,
      labels: {...labels, ...same?.metadata.labels},
      ports: ports.map(({name, containerPort, protocol}) => ({name, number: containerPort, protocol})),
    }
  })
}

/** What webhooks would put beside the floaters. */
export function sidecarsToCome({made}: Pick<Trial, 'made'>): string[] {
  return [...new Set(made.flatMap(sidecarsIn))]
}
