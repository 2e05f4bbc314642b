import {IMAGES} from './images.ts'

const labels = {'k8s-app': 'kube-dns'}
const metadata = {name: 'coredns', namespace: 'kube-system'}

const corefile = `.:53 {
  errors
  health
  ready
  kubernetes cluster.local in-addr.arpa ip6.arpa {
    pods insecure
    fallthrough in-addr.arpa ip6.arpa
  }
  cache 30
}
`

/**
 * The cluster's DNS, as kubeadm installs it but without a way to names outside: this network ends at the machine. It runs
 * on `node`, so that a test which stops another one knows what becomes of names.
 */
export function corednsManifest(dnsIp: string, node: string): string {
  const readiness = {httpGet: {path: '/ready', port: 8181}, periodSeconds: 1}
  const container = {
    name: 'coredns',
    image: IMAGES.coredns.reference,
    imagePullPolicy: 'Never',
    args: ['-conf', '/etc/coredns/Corefile'],
    volumeMounts: [{name: 'config', mountPath: '/etc/coredns', readOnly: true}],
    ports: [
      {name: 'dns', containerPort: 53, protocol: 'UDP'},
      {name: 'dns-tcp', containerPort: 53, protocol: 'TCP'},
    ],
    readinessProbe: readiness,
  }
  const rules = [
    {apiGroups: [''], resources: ['services', 'pods', 'namespaces'], verbs: ['list', 'watch']},
    {apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch']},
  ]
  const name = 'system:coredns'
  const items = [
    {apiVersion: 'v1', kind: 'ServiceAccount', metadata},
    {apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: {name}, rules},
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: {name},
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name},
      subjects: [{kind: 'ServiceAccount', ...metadata}],
    },
    {apiVersion: 'v1', kind: 'ConfigMap', metadata, data: {Corefile: corefile}},
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {...metadata, labels},
      spec: {
        selector: {matchLabels: labels},
        template: {
          metadata: {labels},
          spec: {
            serviceAccountName: 'coredns',
            priorityClassName: 'system-cluster-critical',
            nodeSelector: {'kubernetes.io/hostname': node},
            tolerations: [{operator: 'Exists'}],
            // Its own name service is not itself.
            dnsPolicy: 'Default',
            containers: [container],
            volumes: [{name: 'config', configMap: {name: 'coredns'}}],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'kube-dns', namespace: 'kube-system', labels},
      spec: {
        clusterIP: dnsIp,
        selector: labels,
        ports: [
          {name: 'dns', port: 53, protocol: 'UDP'},
          {name: 'dns-tcp', port: 53, protocol: 'TCP'},
        ],
      },
    },
  ]
  return JSON.stringify({apiVersion: 'v1', kind: 'List', items})
}
