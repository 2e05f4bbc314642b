import {join} from 'node:path'
import {openDesk, type Desk} from '../desk/desk.ts'
import type {Contexts} from '../desk/kubeconfigs.ts'
import type {Cluster} from './cluster/cluster.ts'

/** A desk in front of one cluster, as its administrator unless told. */
export async function deskFor(cluster: Cluster, kubeconfig = cluster.kubeconfig): Promise<Desk> {
  return withoutQuestions(await openDesk({kubectl: join(cluster.toolsDirectory, 'kubectl'), kubeconfig}))
}

/** Most tests look at results, to which follow-up questions add nothing but seconds: those that ask say --follow-up. */
function withoutQuestions(desk: Desk): Desk {
  const calm = (args: readonly string[]) =>
    ['check', 'resume'].includes(args[0] ?? '') && !args.includes('--follow-up')
      ? [...args, '--no-follow-up']
      : args
  return {
    ...desk,
    run: async (...args) => await desk.run(...calm(args)),
    start: (args, env) => desk.start(calm(args), env),
  }
}

/** A desk in front of several clusters, each of them a context of its name here; the first is the current one. */
export async function deskForAll(
  clusters: Readonly<Record<string, Cluster>>,
  as: Contexts['as'] = 'one file',
): Promise<Desk> {
  const [first] = Object.values(clusters)
  if (first === undefined) throw new Error('a desk needs a cluster')
  const files = Object.entries(clusters).map(([name, {kubeconfig}]) => [name, kubeconfig] as const)
  const kubeconfig = {as, clusters: Object.fromEntries(files)}
  return withoutQuestions(await openDesk({kubectl: join(first.toolsDirectory, 'kubectl'), kubeconfig}))
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
