import type {DaemonSet} from './objects/workload.ts'

export const NAMESPACE = 'kosmos-system'
export const MANAGED_BY = 'app.kubernetes.io/managed-by'

/** A DaemonSet like the one that the tool applies, cut down to what the embedded cluster looks at. */
export function floaterManifest(image = 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0'): DaemonSet {
  const labels = {app: 'netdoctor-floater', [MANAGED_BY]: 'kubectl-netdoctor'}
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: {name: 'netdoctor-floater', namespace: NAMESPACE, labels},
    spec: {
      selector: {matchLabels: {app: 'netdoctor-floater'}},
      template: {
        metadata: {labels},
        spec: {
          nodeSelector: {'kubernetes.io/os': 'linux'},
          tolerations: [{operator: 'Exists'}],
          containers: [
            {
              name: 'floater',
              image,
              env: [{name: 'PORT', value: '8889'}],
              ports: [{containerPort: 8889}],
            },
          ],
        },
      },
    },
  }
}
