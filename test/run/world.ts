import {MANAGED_BY_US} from '../../src/floater/labels.ts'
import type {Config} from '../../src/model/config.ts'
import type {Effects} from '../../src/run/effects.ts'
import {askedBy, OK, script, type Asked, type Job} from '../probe/asked.ts'
import {podJson} from '../floater/pod.ts'
import {fakeKubectl, failure, type Behaviour, type Call} from '../kubectl/fake.ts'

/** What a call is for. */
export type Step =
  | 'config'
  | 'version'
  | 'permissions'
  | 'namespace'
  | 'inventory'
  | 'trial'
  | 'labels'
  | 'create'
  | 'apply'
  | 'claim'
  | 'rivals'
  | 'watch'
  | 'events'
  | 'exec'
  | 'pods'

export interface ClusterParts {
  readonly nodes: readonly string[]
  /** The uid of each node begins so; the cluster's name unless told. */
  readonly uids?: string
  readonly denied?: readonly string[]
  readonly namespaceExists?: boolean
  /** Nodes whose pods never come. */
  readonly without?: readonly string[]
  /** What a floater's probe is answered; a success unless told. */
  readonly answer?: (asked: Asked, target: string, job: Job) => string | undefined
  /** Comes first; where it gives nothing, the cluster is a healthy one. */
  readonly behave?: (step: Step, call: Call) => Behaviour | undefined | Promise<Behaviour | undefined>
}

export interface World {
  readonly config: Config
  readonly effects: Effects
  readonly interruption: AbortController
  /** `cluster step`, in the order of the calls. */
  readonly steps: readonly string[]
  readonly said: readonly string[]
  /** `cluster stage: latest text`, as each ended; `failed` for one that threw. */
  readonly stages: readonly string[]
}

/** Clusters in memory, by name, and a config of all of them. */
export function worldOf(
  clusters: Readonly<Record<string, ClusterParts>>,
  changes: Partial<Config> = {},
): World {
  const interruption = new AbortController()
  const [steps, said, stages]: string[][] = [[], [], []]
  const kubectls = new Map(
    Object.entries(clusters).map(([name, parts], index) => {
      const cluster = healthy(name, index, parts)
      const kubectl = fakeKubectl(async (call) => {
        const step = stepOf(call)
        steps?.push(`${name} ${step}`)
        const own = await parts.behave?.(step, call)
        // kubectl obeys the signal, and then has failed.
        if (interruption.signal.aborted) return {...own, ok: false, exitCode: undefined}
        return own ?? cluster(step, call)
      })
      return [name, kubectl]
    }),
  )
  const effects: Effects = {
    kubectlFor: ({context = ''}) => kubectls.get(context) ?? fakeKubectl(() => failure('no such context')),
    progress: {
      async during(cluster, stage, work) {
        let text = ''
        try {
          const value = await work((latest) => (text = latest))
          stages?.push(`${cluster} ${stage}: ${text}`)
          return value
        } catch (error) {
          stages?.push(`${cluster} ${stage}: failed`)
          throw error
        }
      },
      say: () => undefined,
    },
    say: (line) => said?.push(line),
    signal: interruption.signal,
    now: () => new Date('2030-01-02T03:04:05Z'),
    runId: 'a1b2c3',
    force: false,
    isOver: () => Promise.resolve(false),
    followUp: false,
    lastKubectlFor: ({context = ''}) =>
      kubectls.get(context) ?? fakeKubectl(() => failure('no such context')),
    cores: 2,
    version: '0.1.0',
  }
  return {
    config: configOf(Object.keys(clusters), changes),
    effects,
    interruption,
    steps: steps ?? [],
    said: said ?? [],
    stages: stages ?? [],
  }
}

function configOf(names: readonly string[], changes: Partial<Config>): Config {
  return {
    namespace: 'netcheck',
    version: 'v0.2.0',
    port: 8889,
    podWaitTime: 30,
    cmdTimeout: 10,
    parallel: 64,
    retries: 1,
    clusters: names.map((name) => ({
      name,
      connection: {context: name},
      imageRepository: 'registry.example',
      cidrMap: [],
    })),
    intra: false,
    modes: ['pod'],
    protocols: ['tcp'],
    ipFamily: 'auto',
    customTargets: [],
    subset: {bothWays: false},
    lookups: [{name: 'kubernetes.default.svc'}],
    floater: {flavour: 'clusterlink-floater', imagePullSecrets: [], nodeSelector: {}},
    sameNode: false,
    mtu: false,
    autoClean: false,
    ...changes,
  }
}

function stepOf({args, input}: Call): Step {
  const [verb = '', what = ''] = args
  if (verb === 'config' || verb === 'version' || verb === 'exec' || verb === 'apply') return verb
  if (verb === 'patch') return 'claim'
  if (verb === 'create') {
    if (input.includes('SelfSubjectAccessReview')) return 'permissions'
    return args.includes('--dry-run=server') ? 'trial' : 'create'
  }
  if (what === 'namespace') return 'namespace'
  if (what === 'events') return 'events'
  if (what === 'pods') return args.includes('--watch') ? 'watch' : 'pods'
  if (what === 'daemonsets.apps' && args.includes(`--selector=${MANAGED_BY_US}`)) return 'rivals'
  return args.some((arg) => arg.startsWith('--selector=')) ? 'labels' : 'inventory'
}

/** A cluster where all goes well. */
function healthy(cluster: string, index: number, parts: ClusterParts): (step: Step, call: Call) => Behaviour {
  const {nodes, uids = cluster, denied = [], namespaceExists = false, without = []} = parts
  let template = ''
  let applied: readonly object[] = []
  const pods = () =>
    nodes
      .filter((node) => !without.includes(node))
      .map((node) => {
        const podIP = `10.${index}.0.${nodes.indexOf(node) + 1}`
        const labels = {'kubectl-netdoctor/template': template}
        const status = {podIP, podIPs: [{ip: podIP}]}
        return podJson({node, uid: `${cluster}-${node}`, labels, status})
      })
  return (step, call) => {
    switch (step) {
      case 'config':
        return json({
          'current-context': cluster,
          clusters: [{cluster: {server: `https://${cluster}.example`}}],
        })
      case 'version':
        return json({serverVersion: {gitVersion: 'v1.35.4', major: '1', minor: '35'}})
      case 'permissions':
        return {stdout: reviews(call, denied)}
      case 'namespace':
        return namespaceExists ? json({status: {phase: 'Active'}}) : {stdout: ''}
      case 'inventory':
        return json({items: nodes.map((name) => nodeJson(name, `${uids}-${name}`))})
      case 'labels':
        return {stdout: ''}
      case 'apply': {
        const {items} = JSON.parse(call.input) as {
          items: [{spec: {template: {metadata: {labels: Record<string, string>}}}}]
        }
        applied = items
        template = items[0].spec.template.metadata.labels['kubectl-netdoctor/template'] ?? ''
        return {}
      }
      case 'watch':
        return {lines: pods().map((object) => JSON.stringify({type: 'ADDED', object})), hold: true}
      case 'pods':
        return json({items: pods()})
      case 'rivals':
        return json({items: applied})
      case 'events':
        return json({items: []})
      case 'exec': {
        const asked = askedBy(call)
        return script(asked, (target, job) => (parts.answer ? parts.answer(asked, target, job) : OK))
      }
      case 'create':
      case 'claim':
      case 'trial':
        return {}
    }
  }
}

function json(value: object): Behaviour {
  return {stdout: JSON.stringify(value)}
}

function nodeJson(name: string, uid: string): object {
  return {
    kind: 'Node',
    metadata: {name, uid, labels: {'kubernetes.io/os': name.startsWith('win') ? 'windows' : 'linux'}},
    status: {conditions: [{type: 'Ready', status: 'True'}]},
  }
}

function reviews({input}: Call, denied: readonly string[]): string {
  const {items} = JSON.parse(input) as {
    items: {spec: {resourceAttributes: {verb: string; resource: string}}}[]
  }
  return items
    .map((review) => {
      const {verb, resource} = review.spec.resourceAttributes
      const status = {allowed: !denied.includes(`${verb} ${resource}`)}
      return `${JSON.stringify({...review, status}, undefined, 4)}\n`
    })
    .join('')
}

/** Opens when as many have come as there are `names`: whoever waits for the other before it goes on never comes through. */
export function barrier(names: readonly string[]): (name: string) => Promise<undefined> {
  const missing = new Set(names)
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return async (name) => {
    missing.delete(name)
    if (missing.size === 0) open()
    await opened
    return undefined
  }
}
