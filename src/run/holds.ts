import {pause} from '../kubectl/pause.ts'
import {timeText} from '../floater/claim.ts'
import {holdOf, type Hold} from '../floater/hold.ts'
import type {Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Effects} from './effects.ts'
import type {ClearedSite} from './site.ts'

/** A run's holds on the floaters of all its clusters. */
export interface Holds {
  readonly of: (site: ClearedSite) => Hold
  /** Just before the floaters are used: throws where another run has taken them, without `force` at least. */
  readonly confirm: () => Promise<void>
  /**
   * Gives all of them back; says so where another run had taken them meanwhile, and where they could not be given back, and tells
   * whether none is left of these.
   */
  readonly release: () => Promise<boolean>
}

export function holdsOf(
  sites: readonly ClearedSite[],
  {namespace}: Config,
  {runId, force, isOver, now, say, signal, lastKubectlFor}: Effects,
): Holds {
  const held = sites.map((site) => ({
    name: site.cluster.name,
    hold: holdOf({
      kubectl: site.kubectl,
      lastKubectl: lastKubectlFor(site.cluster.connection),
      namespace,
      names: site.manifests.map(({daemonSet}) => daemonSet.metadata.name),
      run: runId,
      now: () => now().getTime() + site.clearance.clockAhead,
      respects: async (run) => !force && !(await isOver(run)),
      signal,
      pause: async (milliseconds) => {
        await pause(milliseconds, signal)
      },
    }),
  }))
  const told = new Set<string>()
  const where = (name: string) => (sites.length > 1 ? `Cluster ${name}: ` : '')
  const taken = (names: readonly string[]) => {
    const lost = names.filter((name) => !told.has(name))
    for (const name of lost) told.add(name)
    return lost.map(
      (name) =>
        `${where(name)}another run, or somebody's \`clean\`, has taken the floaters in namespace ${namespace}`,
    )
  }
  return {
    of(site) {
      const found = held.find(({name}) => name === site.cluster.name)
      if (found === undefined) throw new Error(`There is no cluster "${site.cluster.name}"`)
      return found.hold
    },
    async confirm() {
      const kept = await Promise.all(held.map(({hold}) => hold.confirm()))
      const lost = taken(held.filter((_, index) => kept[index] === false).map(({name}) => name))
      if (lost.length === 0) return
      if (!force)
        throw new UserError(3, `${lost.join('\n')} as this one was about to use them. Nothing was probed.`)
      for (const line of lost) say(`${line}. Going on all the same.`)
    },
    async release() {
      const ends = await Promise.all(held.map(async ({name, hold}) => ({name, end: await hold.release()})))
      const lost = taken(ends.filter(({end}) => end === 'taken').map(({name}) => name))
      for (const line of lost) say(`${line} while this one used them: probes may have suffered.`)
      const stuck = ends.flatMap(({name, end}) => (typeof end === 'string' ? [] : [{name, ...end}]))
      for (const {name, reason, until} of stuck)
        say(
          `${where(name)}The floaters in namespace ${namespace} could not be given back (${reason}). Other runs there have to wait until ${timeText(until)}, or to be told --force.`,
        )
      return stuck.length === 0
    },
  }
}
