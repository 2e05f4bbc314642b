import type {Config, CustomTarget, Lookup} from '../model/config.ts'
import type {Mode, ProtocolName} from '../model/plan.ts'
import type {ResumeEntry} from '../model/resume.ts'
import {PATHS} from './modes.ts'
import {isAbout} from './wanted.ts'

/**
 * The config with what the entries say of modes, protocols and targets in the place of what it says itself, so that
 * yesterday's file is resumed by today's config.
 */
export function resumeConfig(entries: readonly ResumeEntry[], config: Config): Config {
  const modes = new Set<Mode | undefined>()
  const protocols = new Set<ProtocolName | undefined>()
  const [targets, lookups] = [new Map<string, CustomTarget>(), new Map<string, Lookup>()]
  let [mtu, sameNode] = [false, false]
  for (const entry of entries) {
    const {mode, protocol, check, dstNodeName, targetIP, port} = entry
    protocols.add(protocol)
    mtu ||= check === 'mtu'
    sameNode ||= entry.to === 'neighbour'
    if (mode === 'custom' && port !== undefined)
      targets.set(`${dstNodeName} ${port}`, {host: dstNodeName, port})
    else if (protocol === 'dns') {
      lookups.set(`${dstNodeName} ${targetIP}`, {
        name: dstNodeName,
        ...(targetIP === '' ? {} : {server: targetIP}),
      })
    }
    if (mode !== 'custom' && (mode !== undefined || isAbout(entry, 'node'))) modes.add(mode)
  }
  const foreign = entries.some(({mode}) => mode === undefined)
  // The seed's tool asks floaters at their own addresses, whatever today's config asks.
  const usual = config.modes.filter((mode) => PATHS[mode].to !== undefined)
  return {
    ...config,
    modes: saidOr(modes, usual.length > 0 ? usual : ['pod']),
    protocols: saidOr(protocols, config.protocols),
    ipFamily: 'auto',
    mtu,
    sameNode,
    customTargets: [...targets.values(), ...(foreign ? config.customTargets : [])],
    lookups: [...lookups.values(), ...(foreign ? config.lookups : [])],
    subset: {bothWays: false},
  }
}

/** The values that the entries say, and what is usual where one of them says nothing. */
function saidOr<Word extends string>(said: ReadonlySet<Word | undefined>, usual: readonly Word[]): Word[] {
  const words = said.has(undefined) ? [...said, ...usual] : [...said]
  return [...new Set(words)].filter((word) => word !== undefined)
}
