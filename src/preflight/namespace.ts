import * as z from 'zod'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {parseJson} from '../kubectl/parse.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {UserError} from '../model/error.ts'
import type {MeshMark} from '../model/cluster.ts'
import {meshOf} from './mesh.ts'

const words = z.record(z.string(), z.string()).catch({})

const namespaceSchema = z.object({
  metadata: z.object({labels: words, annotations: words}).catch({labels: {}, annotations: {}}),
  status: z.object({phase: z.string().default('')}).default({phase: ''}),
})

/** What is known of a namespace. */
export interface NamespaceState {
  readonly exists: boolean
  readonly terminating: boolean
  readonly labels?: Readonly<Record<string, string>>
  readonly mesh?: MeshMark | undefined
}

/** Asks for a namespace, in one request. Throws where it may not be read. */
export async function namespaceState(kubectl: Kubectl, namespace: string): Promise<NamespaceState> {
  const result = await kubectl.run(['get', 'namespace', namespace, '--ignore-not-found', '-o', 'json'])
  if (!result.ok) throw new UserError(3, `Could not read namespace ${namespace}: ${reasonIn(result.stderr)}`)
  if (result.stdout.trim() === '') return {exists: false, terminating: false}
  const {metadata, status} = parseJson(namespaceSchema, result, `kubectl get namespace ${namespace}`)
  const terminating = status.phase === 'Terminating'
  return {exists: true, terminating, labels: metadata.labels, mesh: meshOf(metadata)}
}
