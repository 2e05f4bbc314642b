import type {Floater, FloaterKind} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import type {ProtocolName} from '../model/plan.ts'

/** An image that can be a floater: how it is started, and what it answers. */
export interface Flavour {
  readonly image: (imageRepository: string, config: Config) => string
  /** Kubernetes' `command`; `$(PORT)`, `$(NODE_NAME)`, `$(POD_UID)` and `$(POD_IPS)` stand for themselves. */
  readonly command: readonly string[]
  /** The same answer from everyone, or undefined where each has its own. */
  readonly answer: string | undefined
  /** What this floater answers, and no other does; undefined where nothing tells them apart. */
  readonly identity: (floater: Floater, protocol: ProtocolName, kind: FloaterKind) => string | undefined
  /** It replies to UDP. */
  readonly udp: boolean
}

const nobody = () => undefined

function seedFlavour(name: string): Flavour {
  return {
    image: (imageRepository, {version}) => `${imageRepository}/${name}:${version}`,
    command: [name],
    answer: 'OK',
    identity: nobody,
    udp: false,
  }
}

/** Where Kubernetes publishes it; another repository is taken where the user names one. */
const AGNHOST_HOME = 'registry.k8s.io/e2e-test-images'
const SEED_HOME = 'ghcr.io/kosmos-io'
const AGNHOST_VERSION = '2.53'

/**
 * agnhost's netexec. With --http-override every request gets the same answer, which says who answers, and which closes
 * /shell, that would let anyone run commands. UDP is bound to the pod's own address, so that replies come from it. Over
 * UDP it says its host name: the pod's name, and for a host floater that of the machine, which proves nothing.
 */
const agnhost: Flavour = {
  image: (imageRepository) =>
    `${imageRepository === SEED_HOME ? AGNHOST_HOME : imageRepository}/agnhost:${AGNHOST_VERSION}`,
  command: [
    '/agnhost',
    'netexec',
    '--http-port=$(PORT)',
    '--udp-port=$(PORT)',
    '--udp-listen-addresses=$(POD_IPS)',
    '--http-override=/echo?msg=$(NODE_NAME)/$(POD_UID)',
  ],
  answer: undefined,
  identity: ({node, uid, pod}, protocol, kind) => {
    if (protocol === 'tcp') return `${node}/${uid}`
    return protocol === 'udp' && kind !== 'host' ? pod : undefined
  },
  udp: true,
}

/** The flavour that the config chooses. */
export function flavourOf({floater}: Config): Flavour {
  const {flavour, image, command, answer} = floater
  const base = FLAVOURS[flavour]
  const chosen = flavour === 'custom' ? {...base, command: command ?? [], answer: answer ?? ''} : base
  return image === undefined ? chosen : {...chosen, image: () => image}
}

/** Why the config asks for what its floater cannot do; undefined where it can. */
export function refusalOf(config: Config): string | undefined {
  if (!config.protocols.includes('udp') || flavourOf(config).udp) return undefined
  return `protocol udp: the floater ${config.floater.flavour} does not reply to UDP, and without a reply nobody can say whether a packet arrived. Set floater to agnhost.`
}

const FLAVOURS: Readonly<Record<Config['floater']['flavour'], Flavour>> = {
  'clusterlink-floater': seedFlavour('clusterlink-floater'),
  'netdr-floater': seedFlavour('netdr-floater'),
  agnhost,
  custom: {image: () => '', command: [], answer: '', identity: nobody, udp: false},
}
