import {join} from 'node:path'
import {IMAGES} from './images.ts'
import {bothFamilies, type Layout, type NodeLayout} from './layout.ts'
import {OVERLAY_MTU} from './network.ts'

export function containerdConfig(node: NodeLayout): string {
  return `version = 2
# The plugin "opt" would make a folder under /opt.
disabled_plugins = ["io.containerd.internal.v1.opt"]
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${IMAGES.pause.reference}"
disable_apparmor = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "overlayfs"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "${join(node.directory, 'cni')}"
`
}

export function cniConfig(node: NodeLayout): string {
  const {podCidr, v6} = node
  const ranges = [podCidr, ...(v6 === undefined ? [] : [v6.podCidr])].map((subnet) => [{subnet}])
  const routes = ['0.0.0.0/0', ...(v6 === undefined ? [] : ['::/0'])].map((dst) => ({dst}))
  const ipam = {type: 'host-local', ranges, routes, dataDir: '/run/cni-addresses'}
  const bridge = {type: 'bridge', bridge: 'cni0', isGateway: true, hairpinMode: true, mtu: OVERLAY_MTU, ipam}
  return JSON.stringify({cniVersion: '1.0.0', name: 'pods', plugins: [bridge]})
}

/** JSON is YAML. Pods of one process each are all that runs here, so nothing is reserved or evicted. */
export function kubeletConfig(layout: Layout, node: NodeLayout): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: {enabled: false},
      webhook: {enabled: true},
      x509: {clientCAFile: join(layout.directory, 'pki', 'ca.crt')},
    },
    authorization: {mode: 'Webhook'},
    clusterDNS: [layout.dnsIp],
    clusterDomain: 'cluster.local',
    resolvConf: join(node.directory, 'resolv.conf'),
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    volumePluginDir: join(node.directory, 'volume-plugins'),
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    evictionHard: {'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%'},
    imageGCHighThresholdPercent: 100,
    maxPods: 500,
    serializeImagePulls: false,
    nodeStatusUpdateFrequency: '3s',
    nodeLeaseDurationSeconds: 8,
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
    // It would watch its certificate's file, with an inotify instance of its own.
    featureGates: {ReloadKubeletServerCertificateFile: false},
  })
}

/** Flags, because a file of settings would be watched, with an inotify instance of its own. */
export function proxyFlags(layout: Layout): string[] {
  return [
    '--proxy-mode=iptables',
    `--cluster-cidr=${bothFamilies(layout, 'podRange')}`,
    `--kubeconfig=${join(layout.directory, 'kube-proxy.kubeconfig')}`,
    // These settings belong to the machine; a namespace cannot write them. 0 leaves them alone.
    '--conntrack-max-per-core=0',
    '--conntrack-min=0',
    '--conntrack-tcp-timeout-established=0s',
    '--conntrack-tcp-timeout-close-wait=0s',
  ]
}
