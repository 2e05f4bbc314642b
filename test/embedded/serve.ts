import {readFile} from 'node:fs/promises'
import {resolve} from 'node:path'
import {pathToFileURL} from 'node:url'
import {startEmbeddedCluster} from './cluster.ts'
import type {EmbeddedOptions, SerialisableOptions} from './options.ts'

/**
 * The embedded cluster as a process of its own:
 *
 *     tsx serve.ts ['{"nodes": 3}' | @options.json] [module that exports execAnswer]
 *
 * Prints one line of JSON, {"url", "kubeconfig"}, when it is ready. Ends on SIGTERM and SIGINT, and when its stdin
 * is closed, so that it never outlives the one who started it.
 */
async function serve(optionsText = '{"nodes": 3}', answers?: string): Promise<void> {
  const text = optionsText.startsWith('@') ? await readFile(optionsText.slice(1), 'utf8') : optionsText
  const options: EmbeddedOptions = JSON.parse(text) as SerialisableOptions
  if (answers !== undefined) {
    const module = (await import(pathToFileURL(resolve(answers)).href)) as Pick<EmbeddedOptions, 'execAnswer'>
    if (module.execAnswer === undefined) throw new Error(`${answers} does not export execAnswer`)
    options.execAnswer = module.execAnswer
  }
  const cluster = await startEmbeddedCluster(options)
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    void cluster.stop().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  process.stdin.once('end', stop).once('error', stop).resume()
  process.stdout.write(`${JSON.stringify({url: cluster.url, kubeconfig: cluster.kubeconfig})}\n`)
}

await serve(...process.argv.slice(2))
