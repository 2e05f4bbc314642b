import {join} from 'node:path'
import {openDesk, type Desk} from '../desk/desk.ts'
import type {Cluster} from './cluster/cluster.ts'

/** A desk in front of one cluster, as its administrator unless told. */
export async function deskFor(cluster: Cluster, kubeconfig = cluster.kubeconfig): Promise<Desk> {
  return await openDesk({kubectl: join(cluster.toolsDirectory, 'kubectl'), kubeconfig})
}

/** Every object of the cluster but those that come and go by themselves, a line each: kind, namespace, name, uid. */
export async function everyObject(cluster: Cluster): Promise<string[]> {
  const kinds = await cluster.kubectl(['api-resources', '--verbs=list', '-o', 'name'])
  const passing = /^(events|leases|componentstatuses)(\.|$)|metrics/
  const listed = kinds.stdout.split('\n').filter((kind) => kind !== '' && !passing.test(kind))
  const template =
    '{range .items[*]}{.kind}{" "}{.metadata.namespace}{" "}{.metadata.name}{" "}{.metadata.uid}{"\\n"}{end}'
  const objects = await cluster.kubectl(['get', listed.join(','), '-A', '-o', `jsonpath=${template}`])
  return objects.stdout.split('\n').filter(Boolean).sort()
}
