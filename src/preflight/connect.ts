import * as z from 'zod'
import type {Kubectl, KubectlResult} from '../kubectl/kubectl.ts'
import {parseJson} from '../kubectl/parse.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {UserError} from '../model/error.ts'
import {printable} from '../text/printable.ts'

/** Where kubectl would go, as its configuration has it. */
export interface Destination {
  readonly context: string
  readonly server: string
}

const configSchema = z.object({
  'current-context': z.string().default(''),
  clusters: z
    .array(z.object({cluster: z.object({server: z.string().default('')})}))
    .nullish()
    .transform((clusters) => clusters ?? []),
})

/** Reads context and server from kubectl's own configuration; touches no cluster. */
export async function destinationOf(kubectl: Kubectl, cluster: string): Promise<Destination> {
  const result = await kubectl.run(['config', 'view', '--minify', '-o', 'json'])
  if (!result.ok) {
    // Without any kubeconfig kubectl goes by its pod's service account, or to a server on this machine.
    if (/current-context must exist|no configuration/i.test(result.stderr)) {
      return {context: '(none)', server: "kubectl's default"}
    }
    throw new UserError(
      2,
      `Cluster ${cluster}: ${reasonIn(result.stderr)}. Check --kubeconfig, --context and KUBECONFIG.`,
    )
  }
  const config = parseJson(configSchema, result, 'kubectl config view')
  return {
    context: printable(config['current-context']) || '(none)',
    server: printable(withoutLogin(config.clusters[0]?.cluster.server ?? '')) || "kubectl's default",
  }
}

/** kubectl hides tokens and passwords in what it shows of its configuration, but not in an address. */
function withoutLogin(server: string): string {
  return server.replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')
}

const versionSchema = z.object({
  serverVersion: z.object({gitVersion: z.string(), major: z.string(), minor: z.string()}),
})

/** The server's version, such as `v1.35.4`. Throws where it cannot be reached or is too old. */
export async function serverVersion(kubectl: Kubectl, {context, server}: Destination): Promise<string> {
  const result = await kubectl.run(['version', '-o', 'json'])
  const known = result.ok ? parseJson(versionSchema, result, 'kubectl version').serverVersion : undefined
  if (known === undefined) {
    const refused = /^Error from server \(\w+\): unknown$/m.test(result.stderr)
    throw new UserError(
      3,
      refused ? await refusal(kubectl, context, server) : unreachable(result, context, server),
    )
  }
  const [major, minor] = [known.major, known.minor].map((text) => Number.parseInt(text, 10))
  if (major === 1 && minor !== undefined && minor < 16) {
    throw new UserError(
      3,
      `${server} runs Kubernetes ${printable(known.gitVersion)}; 1.16 or later is needed.`,
    )
  }
  return printable(known.gitVersion)
}

function unreachable({stderr, timedOut}: KubectlResult, context: string, server: string): string {
  const why = timedOut ? 'it did not answer in time' : reasonIn(stderr)
  return context === '(none)'
    ? `kubectl has no current context, and without one: ${why}. Set --context, or KUBECONFIG. Nothing was created.`
    : `Could not reach the API server ${server} (context ${context}): ${why}. Nothing was created.`
}

/** A user who may not even ask, such as one who may not impersonate: `kubectl version` keeps the server's words to itself. */
async function refusal(kubectl: Kubectl, context: string, server: string): Promise<string> {
  const {stderr} = await kubectl.run(['get', '--raw', '/version'])
  return `The API server ${server} (context ${context}) refuses: ${reasonIn(stderr)}. Nothing was created.`
}
