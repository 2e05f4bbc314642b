import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {Agent, get} from 'node:https'
import {join} from 'node:path'
import {auditFlags, writeAuditPolicy} from './audit.ts'
import {createAuthority, kubeconfigOf, sign, type Authority} from './certificates.ts'
import {bothFamilies, type Layout} from './layout.ts'
import {startDaemon} from './processes.ts'
import type {ClusterRecord} from './record.ts'
import {waitFor} from './wait.ts'

export const CONTROL_PLANE = ['etcd', 'apiserver', 'controller-manager', 'scheduler'] as const
export type Component = (typeof CONTROL_PLANE)[number]

/** Certificates and kubeconfigs of everybody who talks to the API server, people included. */
export async function prepareIdentities({name}: ClusterRecord, layout: Layout): Promise<Authority> {
  const authority = await createAuthority(join(layout.directory, 'pki'))
  const services = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost']
  const ips = [layout.apiServerIp, layout.apiServiceIp, '127.0.0.1']
  const clients: Readonly<Record<string, {user: string; groups?: string[]}>> = {
    admin: {user: 'kubernetes-admin', groups: ['system:masters']},
    'controller-manager': {user: 'system:kube-controller-manager'},
    scheduler: {user: 'system:kube-scheduler'},
    'kube-proxy': {user: 'system:kube-proxy'},
    kwok: {user: 'kwok', groups: ['system:masters']},
    ...Object.fromEntries(
      layout.nodes.map((node) => [node.name, {user: `system:node:${node.name}`, groups: ['system:nodes']}]),
    ),
  }
  await Promise.all([
    sign(authority, 'apiserver', {user: 'kube-apiserver', ips, names: services}),
    sign(authority, 'kubelet-client', {user: 'kube-apiserver', groups: ['system:masters']}),
    ...Object.entries(clients).map(async ([client, subject]) => {
      await sign(authority, client, subject)
      const text = await kubeconfigOf(authority, layout.server, client, client === 'admin' ? name : undefined)
      await writeFile(join(layout.directory, `${client}.kubeconfig`), text, {mode: 0o600})
    }),
  ])
  await mkdir(join(layout.directory, 'log'), {recursive: true})
  return authority
}

/** Returns when the API server answers. */
export async function startControlPlane(record: ClusterRecord, layout: Layout, bin: string): Promise<void> {
  await writeAuditPolicy(layout)
  await startComponent('etcd', record, layout, bin)
  await startComponent('apiserver', record, layout, bin)
  await waitFor('the API server', async () => await isServing(layout), {
    limit: 60_000,
    logs: [logOf(layout, 'etcd'), logOf(layout, 'apiserver')],
  })
  await Promise.all([
    startComponent('controller-manager', record, layout, bin),
    startComponent('scheduler', record, layout, bin),
  ])
}

export async function startComponent(
  component: Component,
  record: ClusterRecord,
  layout: Layout,
  bin: string,
): Promise<void> {
  const [binary, ...flags] = commandOf(component, record, layout)
  await startDaemon({
    token: record.token,
    role: component,
    command: [join(bin, binary ?? ''), ...flags],
    log: logOf(layout, component),
  })
}

function logOf(layout: Layout, component: Component): string {
  return join(layout.directory, 'log', `${component}.log`)
}

/** Asks as anybody may: /readyz needs no certificate. */
export async function isServing(layout: Layout): Promise<true | undefined> {
  const ca = await readFile(join(layout.directory, 'pki', 'ca.crt'))
  const agent = new Agent({ca})
  return await new Promise((resolve, reject) => {
    get(`${layout.server}/readyz`, {agent, timeout: 2000}, (response) => {
      response.resume()
      resolve(response.statusCode === 200 ? true : undefined)
    }).on('error', reject)
  })
}

function commandOf(component: Component, {ports}: ClusterRecord, layout: Layout): string[] {
  const pki = (file: string) => join(layout.directory, 'pki', file)
  const etcd = `http://127.0.0.1:${ports.etcd}`
  const peers = `http://127.0.0.1:${ports.etcdPeers}`
  const kubeconfig = `--kubeconfig=${join(layout.directory, `${component}.kubeconfig`)}`
  // The defaults, 20 and 30, make a DaemonSet of hundreds of pods wait for its turn.
  const pace = ['--kube-api-qps=500', '--kube-api-burst=1000']
  switch (component) {
    case 'etcd':
      return [
        'etcd',
        `--data-dir=${join(layout.directory, 'etcd')}`,
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${peers}`,
        `--initial-advertise-peer-urls=${peers}`,
        `--initial-cluster=default=${peers}`,
        // The data is thrown away with the cluster: nothing is gained by waiting for the disk.
        '--unsafe-no-fsync',
      ]
    case 'apiserver':
      return [
        'kube-apiserver',
        `--etcd-servers=${etcd}`,
        `--bind-address=${layout.apiServerIp}`,
        `--advertise-address=${layout.apiServerIp}`,
        `--secure-port=${ports.apiServer}`,
        `--service-cluster-ip-range=${bothFamilies(layout, 'serviceRange')}`,
        '--authorization-mode=Node,RBAC',
        '--enable-admission-plugins=NodeRestriction',
        '--allow-privileged=true',
        `--client-ca-file=${pki('ca.crt')}`,
        `--tls-cert-file=${pki('apiserver.crt')}`,
        `--tls-private-key-file=${pki('apiserver.key')}`,
        `--kubelet-client-certificate=${pki('kubelet-client.crt')}`,
        `--kubelet-client-key=${pki('kubelet-client.key')}`,
        '--kubelet-preferred-address-types=InternalIP',
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        `--service-account-key-file=${pki('service-accounts.key')}`,
        `--service-account-signing-key-file=${pki('service-accounts.key')}`,
        `--cert-dir=${join(layout.directory, 'apiserver')}`,
        ...auditFlags(layout),
      ]
    case 'controller-manager':
      return [
        'kube-controller-manager',
        kubeconfig,
        '--leader-elect=false',
        '--secure-port=0',
        ...pace,
        '--use-service-account-credentials=true',
        // Its default is a folder under /usr, which it would make.
        `--flex-volume-plugin-dir=${join(layout.directory, 'volume-plugins')}`,
        `--root-ca-file=${pki('ca.crt')}`,
        `--service-account-private-key-file=${pki('service-accounts.key')}`,
        // A stopped kubelet shows as NotReady after 12 s instead of 50 s; the kubelets report every 3 s, fake ones 10 s.
        ...(layout.fake ? [] : ['--node-monitor-period=2s', '--node-monitor-grace-period=12s']),
      ]
    case 'scheduler':
      return ['kube-scheduler', kubeconfig, '--leader-elect=false', '--secure-port=0', ...pace]
  }
}
