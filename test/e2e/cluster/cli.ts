import {hideBin} from 'yargs/helpers'
import yargs from 'yargs'
import {faultsOf, openCluster} from './cluster.ts'
import {createCluster} from './create.ts'
import {createKwokCluster} from './create-kwok.ts'
import {wordsOf} from './fault-log.ts'
import {FAULTS, type FaultName} from './faults.ts'
import {layoutOf} from './layout.ts'
import {linkClusters} from './links.ts'
import {whyNoCluster} from './machine.ts'
import {existingRecord, isAbandoned, listRecords} from './record.ts'
import {removeCrashed, takeDown} from './take-down.ts'

/** The cluster that a developer means when none is named. */
const DEFAULT_NAME = 'dev'

const print = (text: string) => process.stdout.write(`${text}\n`)
const say = (text: string) => process.stderr.write(`${text}\n`)

interface Wish {
  name: string
  nodes: number
  imageless: number[]
  dualStack: boolean
  ipv6First: boolean
  podRange?: string
  kwok?: number
}

async function up(wish: Wish): Promise<void> {
  const reason = whyNoCluster()
  if (reason !== undefined) throw new Error(reason)
  const {name, kwok, ...real} = wish
  const person = {name, owner: 'person', say} as const
  const cluster =
    kwok === undefined
      ? await createCluster({...person, ...real})
      : await createKwokCluster({...person, nodes: kwok})
  const {nodes, floaterPort} = cluster
  if (floaterPort === undefined) print(`${name} is up: ${nodes.map((n) => `${n.name} ${n.ip}`).join(', ')}\n`)
  else print(`${name} is up: ${nodes.length} fake nodes, whose pods answer on port ${floaterPort}\n`)
  print(`export KUBECONFIG=${cluster.kubeconfig} PATH=${cluster.toolsDirectory}:$PATH\n`)
  if (floaterPort === undefined)
    print(`./scripts/cluster fault drop n1 n2 --name ${name}   # break it; fault undo mends it`)
  print(`./scripts/cluster down --name ${name}`)
}

async function list(): Promise<void> {
  for (const record of await listRecords()) {
    const owner = record.owner.kind === 'person' ? 'a person' : `process ${record.owner.pid}`
    const state = (await isAbandoned(record)) ? `${owner}, which is gone` : owner
    const faults = await faultsOf(record)
    const {fake} = record
    const count = fake === undefined ? `${record.nodes} nodes` : `${fake.count} fake nodes`
    const nodes = `${count} in ${layoutOf(record).range}`
    print(`${record.name}: ${nodes}, of ${state}${faults.length > 0 ? `; faults: ${faults.join(', ')}` : ''}`)
  }
}

async function fault(name: string, [what, ...args]: readonly string[]): Promise<void> {
  if (what === undefined) {
    for (const [fault, {args, describe}] of Object.entries(FAULTS))
      print(`${[fault, ...args].join(' ')}: ${describe}`)
    return
  }
  const cluster = await openCluster(name)
  if (what === 'undo') {
    const undone = await cluster.undoFaults()
    print(undone.length === 0 ? 'there is no fault' : `undone: ${undone.map(wordsOf).join(', ')}`)
  } else {
    await cluster.fault(what as FaultName, ...args)
  }
}

async function link(one: string, other: string, translated: boolean): Promise<void> {
  await linkClusters({name: one}, {name: other}, {translated})
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const map = await (await openCluster(from)).cidrMapTo({name: to})
    for (const [own, reached] of Object.entries(map))
      print(
        `${from} reaches the pods of ${to}, ${own}, ${own === reached ? 'as they are' : `under ${reached}`}`,
      )
  }
}

async function down(name: string, crashed: boolean): Promise<void> {
  if (crashed) {
    const removed = await removeCrashed()
    print(removed.length === 0 ? 'no crashed run left anything' : `removed: ${removed.join(', ')}`)
    return
  }
  await takeDown(await existingRecord(name))
  print(`${name} is gone`)
}

const nameOption = {type: 'string', default: DEFAULT_NAME, describe: 'name of the cluster'} as const

try {
  await yargs(hideBin(process.argv))
    .scriptName('./scripts/cluster')
    .locale('en')
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error instanceof Error ? error : new Error(message)
    })
    .command(
      'up',
      'raise a cluster that stays until you take it down',
      (args) =>
        args.options({
          name: nameOption,
          nodes: {type: 'number', default: 3, describe: 'how many nodes'},
          kwok: {type: 'number', describe: 'that many fake nodes instead, under a real control plane'},
          'dual-stack': {type: 'boolean', default: false, describe: 'IPv6 beside IPv4'},
          'ipv6-first': {
            type: 'boolean',
            default: false,
            describe: 'IPv4 beside IPv6: the API server, DNS and services have IPv6',
          },
          'pod-range': {
            type: 'string',
            describe: 'where pods get their addresses from, such as 10.244.0.0/17',
          },
          imageless: {
            type: 'array',
            number: true,
            default: [],
            describe: 'numbers of the nodes that lack the floater images (3 is n3)',
          },
        }),
      ({name, nodes, imageless, dualStack, ipv6First, podRange, kwok}) =>
        up({
          name,
          nodes,
          dualStack: dualStack || ipv6First,
          ipv6First,
          ...(podRange === undefined ? {} : {podRange}),
          imageless: imageless.map((number) => number - 1),
          ...(kwok === undefined ? {} : {kwok}),
        }),
    )
    .command(
      'kubeconfig',
      "print the path of the cluster's kubeconfig",
      (args) => args.options({name: nameOption}),
      async ({name}) => {
        print((await openCluster(name)).kubeconfig)
      },
    )
    .command(
      'link <one> <other>',
      'join two clusters: the pods and nodes of each reach those of the other',
      (args) =>
        args
          .positional('one', {type: 'string', demandOption: true})
          .positional('other', {type: 'string', demandOption: true})
          .options({
            translated: {
              type: 'boolean',
              default: false,
              describe:
                "under another range than their own, as clusters with the same pods' addresses need it",
            },
          }),
      ({one, other, translated}) => link(one, other, translated),
    )
    .command('list', 'show the clusters on this machine', {}, list)
    .command(
      'fault [what..]',
      'break the network: a fault and its arguments, or undo; alone it lists the faults',
      (args) =>
        args.options({name: nameOption}).positional('what', {type: 'string', array: true, default: []}),
      ({name, what}) => fault(name, what),
    )
    .command(
      'down',
      'take a cluster down',
      (args) =>
        args.options({
          name: nameOption,
          crashed: {type: 'boolean', default: false, describe: 'what crashed test runs left, instead'},
        }),
      ({name, crashed}) => down(name, crashed),
    )
    .demandCommand(1, 'Say what to do: up, kubeconfig, link, list, fault or down.')
    .parseAsync()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
