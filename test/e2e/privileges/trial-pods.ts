import type {ConfigFields} from '../../../src/config/fields.ts'
import {normalise} from '../../../src/config/normalise.ts'
import {floaterManifest, trialPod} from '../../../src/floater/manifest.ts'
import type {FloaterKind} from '../../../src/model/cluster.ts'

const FLOATERS: readonly ConfigFields[] = [
  {floater: 'clusterlink-floater'},
  {floater: 'netdr-floater'},
  {floater: 'agnhost'},
  {floater: 'custom', image: 'example.com/web', answer: 'OK', command: ['/web', '$(POD_UID)']},
]
const WISHES: readonly ConfigFields[] = [
  {},
  {protocol: ['tcp', 'udp', 'icmp', 'dns'], port: 80, mtu: true, sameNode: true},
]

/** A pod of each floater of the kind, with as little as can be asked of it and with as much. */
export function trialPodsOf(kind: FloaterKind): object[] {
  return FLOATERS.flatMap((floater) =>
    WISHES.map((wish) => {
      const config = normalise({...floater, ...wish}, {home: '/', identity: {}})
      return trialPod(floaterManifest(kind, 'example.com', config)) as object
    }),
  )
}
