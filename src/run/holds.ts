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
  /** Gives all of them back; says so where another run had taken them meanwhile. */
  readonly release: () => Promise<void>
}

export function holdsOf(
  sites: readonly ClearedSite[],
  {namespace}: Config,
  {runId, force, now, say, lastKubectlFor}: Effects,
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
    }),
  }))
  const told = new Set<string>()
  const lostBy = async (still: (hold: Hold) => Promise<boolean>) => {
    const kept = await Promise.all(held.map(async ({name, hold}) => (await still(hold)) || told.has(name)))
    const lost = held.filter((_, index) => kept[index] === false).map(({name}) => name)
    for (const name of lost) told.add(name)
    const where = sites.length > 1 ? `Clusters ${lost.join(', ')}: ` : ''
    return lost.length === 0
      ? undefined
      : `${where}another run, or somebody's \`clean\`, has taken the floaters in namespace ${namespace}`
  }
  return {
    of(site) {
      const found = held.find(({name}) => name === site.cluster.name)
      if (found === undefined) throw new Error(`There is no cluster "${site.cluster.name}"`)
      return found.hold
    },
    async confirm() {
      const lost = await lostBy((hold) => hold.renew())
      if (lost === undefined) return
      if (!force) throw new UserError(3, `${lost} as this one was about to use them. Nothing was probed.`)
      say(`${lost}. Going on all the same.`)
    },
    async release() {
      const lost = await lostBy((hold) => hold.release())
      if (lost !== undefined) say(`${lost} while this one used them: probes may have suffered.`)
    },
  }
}
