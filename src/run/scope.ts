import {flavourOf} from '../floater/flavour.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import type {ResumeEntry} from '../model/resume.ts'
import {subsetOf, type NodeFilter} from '../plan/cut.ts'
import {fullPlan} from '../plan/full.ts'
import type {PlanWish} from '../plan/wish.ts'
import {resumePlan} from '../plan/resume.ts'
import {namedNodes, wantedBy} from '../plan/wanted.ts'
import {selectNodes} from '../preflight/select.ts'
import {count} from '../text/wording.ts'
import type {Scope} from './check.ts'
import type {ClearedSite} from './site.ts'
import type {Targets} from './targets.ts'

/** What `check` probes: everything, or the subset that the config names. */
export async function checkScope(config: Config, sites: readonly ClearedSite[]): Promise<Scope> {
  const {from, to, bothWays, sample} = config.subset
  const clusters = sites.map(({cluster, kubectl, clearance}) => ({
    cluster: cluster.name,
    kubectl,
    nodes: clearance.nodes.map(({name}) => name),
  }))
  const [sources, targets] = await Promise.all([
    from === undefined ? undefined : selectNodes(from, '--from', clusters),
    to === undefined ? undefined : selectNodes(to, '--to', clusters),
  ])
  return {
    // One side alone still needs the other: all nodes.
    needs: (cluster, node) =>
      sources === undefined ||
      targets === undefined ||
      sources.has(`${cluster}/${node}`) ||
      targets.has(`${cluster}/${node}`),
    // Two, so that every node has one that is elsewhere; those first that are wanted as destinations.
    behind: (cluster, candidates) => {
      const isWanted = (node: string) => targets === undefined || targets.has(`${cluster}/${node}`)
      return [...candidates.filter(isWanted), ...candidates.filter((node) => !isWanted(node))].slice(0, 2)
    },
    plan: (nodes, others) => {
      const full = fullPlan(nodes, wishOf(config, others))
      const within = (chosen: ReadonlySet<string> | undefined): NodeFilter | undefined => {
        const isChosen = chosen && full.nodes.map((node) => chosen.has(keyOf(node)))
        return isChosen && ((index) => isChosen[index] === true)
      }
      return subsetOf(full, {from: within(sources), to: within(targets), bothWays, sample})
    },
    partial: [
      ...(from === undefined ? [] : [`only from ${from}`]),
      ...(to === undefined ? [] : [`only to ${to}`]),
      ...(bothWays ? ['and the other way round'] : []),
      ...(sample === undefined ? [] : [`a sample of ${count(sample, 'destination')} a node`]),
    ],
  }
}

/** What `resume` probes: the entries of its file, and nothing else. */
export function resumeScope(
  config: Config,
  entries: readonly ResumeEntry[],
  file: string,
  sites: readonly ClearedSite[],
): Scope {
  const members = sites.map(({cluster, clearance}) => ({
    cluster: cluster.name,
    names: new Set(clearance.nodes.map(({name}) => name)),
  }))
  const wanted = wantedBy(entries, members, file)
  const unsuitable = (cluster: string, name: string) =>
    sites.find((site) => site.cluster.name === cluster)?.clearance.notCovered.find(({node}) => node === name)
      ?.cause
  const needed = new Set(namedNodes(wanted).map(keyOf))
  return {
    needs: (cluster, node) => needed.has(`${cluster}/${node}`),
    // The floaters of that check: another one behind a service would be another path.
    behind: (cluster, candidates, type) => {
      const named = wanted.flatMap(({entry, target, gate}) => {
        const node = type === 'NodePort' ? gate : entry.mode === 'service' ? target : undefined
        return node?.cluster === cluster ? [node.name] : []
      })
      return named.length > 0 ? [...new Set(named)] : candidates.slice(0, 2)
    },
    plan: (nodes, targets) => resumePlan(nodes, wanted, wishOf(config, targets), file, unsuitable),
    partial: [`only the ${count(entries.length, 'entry', 'entries')} of ${file}`],
  }
}

function wishOf(config: Config, targets: Targets): PlanWish {
  return {...config, ...targets, identity: flavourOf(config).identity}
}

function keyOf({cluster, name}: Pick<NodeUnderTest, 'cluster' | 'name'>): string {
  return `${cluster}/${name}`
}
