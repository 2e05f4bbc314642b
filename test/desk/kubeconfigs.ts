import {readFile, writeFile} from 'node:fs/promises'
import {delimiter, join} from 'node:path'
import {parse} from 'yaml'

/** Clusters to offer in KUBECONFIG, each as a context of the name that it has here; the first is the current one. */
export interface Contexts {
  /** One file that holds all of them, or a list of files, as people have it. */
  as: 'one file' | 'list'
  /** The kubeconfig of each: its current context is taken. */
  clusters: Readonly<Record<string, string>>
}

interface Named {
  name: string
}

/** What is read of a kubeconfig. */
interface Kubeconfig {
  'current-context': string
  clusters: (Named & {cluster: object})[]
  users: (Named & {user: object})[]
  contexts: (Named & {context: {cluster: string; user: string}})[]
}

/** Writes the files into the folder; returns what KUBECONFIG has to be. */
export async function kubeconfigOffering({as, clusters}: Contexts, folder: string): Promise<string> {
  const configs = await Promise.all(
    Object.entries(clusters).map(async ([name, file]) => ({
      name,
      config: renamed(name, parse(await readFile(file, 'utf8')) as Kubeconfig),
    })),
  )
  const files = as === 'list' ? configs : [{name: 'all', config: merged(configs.map(({config}) => config))}]
  const paths = await Promise.all(
    files.map(async ({name, config}) => {
      const path = join(folder, `kubeconfig-${name}`)
      // JSON, which kubectl reads as well as YAML.
      await writeFile(path, JSON.stringify(config, undefined, 2), {mode: 0o600})
      return path
    }),
  )
  return paths.join(delimiter)
}

/** The current context alone; it, its cluster and its user get the name. */
function renamed(name: string, config: Kubeconfig): Kubeconfig {
  const {context} = called(config['current-context'], config.contexts)
  return {
    'current-context': name,
    clusters: [{name, cluster: called(context.cluster, config.clusters).cluster}],
    users: [{name, user: called(context.user, config.users).user}],
    contexts: [{name, context: {cluster: name, user: name}}],
  }
}

function called<T extends Named>(name: string, entries: readonly T[]): T {
  const found = entries.find((entry) => entry.name === name)
  if (found === undefined) throw new Error(`a kubeconfig lacks ${name}, which it names itself`)
  return found
}

function merged(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    'current-context': configs[0]?.['current-context'] ?? '',
    clusters: configs.flatMap(({clusters}) => clusters),
    users: configs.flatMap(({users}) => users),
    contexts: configs.flatMap(({contexts}) => contexts),
  }
}
