import type {Kubectl} from '../kubectl/kubectl.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {UserError} from '../model/error.ts'
import {listed} from '../text/wording.ts'

/** A cluster whose nodes can be chosen. */
export interface Selectable {
  readonly cluster: string
  readonly kubectl: Kubectl
  /** Names of its nodes. */
  readonly nodes: readonly string[]
}

/**
 * The nodes that `text` means, as `cluster/node`: names, `cluster/node` where there are several clusters, or a label
 * selector, which the API server reads. Throws a UserError where it means none; `flag` is for its message.
 */
export async function selectNodes(
  text: string,
  flag: string,
  clusters: readonly Selectable[],
): Promise<ReadonlySet<string>> {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const named = words.map((word) =>
    clusters.flatMap(({cluster, nodes}) =>
      nodes
        .filter((node) => node === word || `${cluster}/${node}` === word)
        .map((node) => `${cluster}/${node}`),
    ),
  )
  if (words.length > 0 && named.every((found) => found.length > 0)) return new Set(named.flat())
  if (named.some((found) => found.length > 0)) {
    const unknown = words.filter((_, index) => named[index]?.length === 0)
    throw new UserError(2, `${flag}: there is no node ${listed(unknown)}.`)
  }
  // kubectl takes an empty selector for every node.
  const asked = words.length > 0 ? clusters : []
  const found = await Promise.all(asked.map(async (one) => await matching(text, flag, one)))
  const all = new Set(found.flat())
  if (all.size === 0) throw new UserError(2, `${flag}: no node is named or labelled "${text}".`)
  return all
}

async function matching(
  selector: string,
  flag: string,
  {cluster, kubectl, nodes}: Selectable,
): Promise<string[]> {
  const {ok, stdout, stderr} = await kubectl.run(['get', 'nodes', `--selector=${selector}`, '-o', 'name'])
  if (!ok) throw new UserError(2, `${flag}: "${selector}" is no label selector: ${reasonIn(stderr)}`)
  const names = new Set(stdout.split('\n').map((line) => line.trim().replace(/^node\//, '')))
  return nodes.filter((node) => names.has(node)).map((node) => `${cluster}/${node}`)
}
