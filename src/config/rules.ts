import type {ConfigFields, FieldName} from './fields.ts'
import {cidrMapBreaches} from './rules-of-cidr-map.ts'
import {shown, type Path, type Slip} from './slip.ts'

/** A slip of fields that are right by themselves. */
export interface Breach extends Slip {
  /** Other fields that it speaks of: where one of them is wrong, the breach may be none. */
  readonly about?: readonly FieldName[]
}

/** What does not go together. The fields are each right by themselves, those of the file and the flags as one. */
export function breaches(fields: ConfigFields): Breach[] {
  return [
    ...besideClusters(fields),
    ...secondCluster(fields),
    ...clusterNames(fields),
    ...cidrMapBreaches(['cidrMap'], fields.cidrMap),
    ...(fields.clusters ?? []).flatMap(({cidrMap}, index) =>
      cidrMapBreaches(['clusters', index, 'cidrMap'], cidrMap),
    ),
    ...customTargets(fields),
    ...bothWays(fields),
    ...customFloater(fields),
    ...tolerations(fields),
  ]
}

function breach(
  path: Path,
  about: readonly FieldName[],
  say: (call: (path: Path) => string) => string,
): Breach {
  return {path, at: path.length === 1 ? 'key' : 'value', about, say}
}

const OF_ONE_CLUSTER = {
  srcKubeConfig: 'kubeconfig',
  srcContext: 'context',
  srcImageRepository: 'imageRepository',
  dstKubeConfig: 'kubeconfig',
  dstContext: 'context',
  dstImageRepository: 'imageRepository',
} as const satisfies Partial<Record<FieldName, string>>

function besideClusters(fields: ConfigFields): Breach[] {
  if (fields.clusters === undefined) return []
  return (Object.keys(OF_ONE_CLUSTER) as (keyof typeof OF_ONE_CLUSTER)[])
    .filter((name) => fields[name] !== undefined)
    .map((name) =>
      breach(
        [name],
        ['clusters'],
        (call) =>
          `${call([name])} cannot stand beside ${call(['clusters'])}: write it as "${OF_ONE_CLUSTER[name]}" of a cluster there`,
      ),
    )
}

function secondCluster({dstKubeConfig, dstContext, dstImageRepository, clusters}: ConfigFields): Breach[] {
  if (dstImageRepository === undefined || clusters !== undefined) return []
  if (dstKubeConfig !== undefined || dstContext !== undefined) return []
  return [
    breach(
      ['dstImageRepository'],
      ['dstKubeConfig', 'dstContext', 'clusters'],
      (call) =>
        `${call(['dstImageRepository'])} is for a second cluster, which neither ${call(['dstKubeConfig'])} nor ${call(['dstContext'])} names`,
    ),
  ]
}

function clusterNames({clusters = []}: ConfigFields): Breach[] {
  const names = clusters.map(({name}) => name)
  return names.flatMap((name, index) => {
    const first = names.indexOf(name)
    if (first === index) return []
    return [
      breach(
        ['clusters', index, 'name'],
        [],
        (call) =>
          `${call(['clusters', index, 'name'])} is ${shown(name)}, and so is ${call(['clusters', first, 'name'])}`,
      ),
    ]
  })
}

function customTargets(fields: ConfigFields): Breach[] {
  const [hosts, ports] = ['customizedTargetIPList', 'customizedTargetPortList'] as const
  if (fields[hosts] === undefined && fields[ports] !== undefined) {
    return [breach([ports], [hosts], (call) => `${call([ports])} needs ${call([hosts])}: the ports of what?`)]
  }
  const withPorts = [fields.protocol ?? 'tcp'].flat().filter((name) => name === 'tcp' || name === 'udp')
  if (fields[hosts] === undefined || fields[ports] !== undefined || withPorts.length === 0) return []
  const why = `protocol ${withPorts.join(', ')} asks a port`
  return [breach([hosts], [ports, 'protocol'], (call) => `${call([hosts])} needs ${call([ports])}: ${why}`)]
}

function bothWays({bothWays, from, to}: ConfigFields): Breach[] {
  if (bothWays !== true || from !== undefined || to !== undefined) return []
  return [
    breach(
      ['bothWays'],
      ['from', 'to'],
      (call) =>
        `${call(['bothWays'])} needs ${call(['from'])} or ${call(['to'])}: without them it is both ways`,
    ),
  ]
}

function customFloater(fields: ConfigFields): Breach[] {
  if (fields.floater !== 'custom') {
    return (['command', 'answer'] as const)
      .filter((name) => fields[name] !== undefined)
      .map((name) =>
        breach([name], ['floater'], (call) => `${call([name])} is for ${call(['floater'])} "custom" only`),
      )
  }
  return (['image', 'answer'] as const)
    .filter((name) => fields[name] === undefined)
    .map((name) =>
      breach(['floater'], [name], (call) => `${call(['floater'])} "custom" needs ${call([name])}`),
    )
}

/* What the API server would refuse: k8s.io/kubernetes/pkg/apis/core/validation, ValidateTolerations. */
function tolerations({tolerations = []}: ConfigFields): Breach[] {
  return tolerations.flatMap(({key, operator, value = '', effect, tolerationSeconds}, index) => {
    const wrong = (sentence: string) =>
      breach(['tolerations', index], [], (call) => `${call(['tolerations', index])} ${sentence}`)
    return [
      ...(key === undefined && operator !== 'Exists' ? [wrong('without a key needs operator "Exists"')] : []),
      ...(operator === 'Exists' && value !== ''
        ? [wrong('has operator "Exists", which takes no value')]
        : []),
      ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
        ? [wrong('has tolerationSeconds, which need effect "NoExecute"')]
        : []),
    ]
  })
}
