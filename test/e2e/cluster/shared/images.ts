import {afterAll, beforeAll, expect, test} from 'vitest'
import {AGNHOST_PORT, succeed} from '../floaters.ts'
import {IMAGES, type ImageName} from '../images.ts'
import {describeOnCluster} from '../require.ts'

/** As a namespace that enforces the restricted profile has it. */
const container = {
  imagePullPolicy: 'Never',
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: {drop: ['ALL']},
  },
}
const user = {runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534}
/** A safe sysctl: everybody may ping. */
const pingable = {sysctls: [{name: 'net.ipv4.ping_group_range', value: '0 2147483647'}]}
const netexec = {args: ['netexec', `--http-port=${AGNHOST_PORT}`, `--udp-port=${AGNHOST_PORT}`]}

const PODS = [
  pod('floater', 'floater', pingable),
  pod('netdr', 'netdr', pingable),
  pod('agnhost', 'agnhost', pingable, netexec),
  pod('plain', 'floater', {}),
]

describeOnCluster('the images, for a user who is not root', (cluster) => {
  let target: string

  beforeAll(async () => {
    const list = {apiVersion: 'v1', kind: 'List', items: PODS}
    await succeed(cluster().kubectl(['create', '-f', '-'], {input: JSON.stringify(list)}))
    await succeed(cluster().kubectl(['wait', 'pods', '--all', '--for=condition=Ready', '--timeout=60s']))
    target = await succeed(cluster().kubectl(['get', 'pod', 'agnhost', '-o', 'jsonpath={.status.podIP}']))
  })

  afterAll(async () => {
    const names = PODS.map(({metadata}) => metadata.name)
    await succeed(cluster().kubectl(['delete', 'pods', ...names, '--grace-period=1']))
  })

  const inPod = async (name: string, script: string) =>
    await cluster().kubectl(['exec', name, '--', 'sh', '-c', script])

  test.each([
    ['floater', '/bin/nslookup'],
    ['netdr', '/bin/nslookup'],
    ['agnhost', '/usr/bin/nslookup /usr/bin/dig /bin/bash'],
  ])('%s has curl, nc, ping and %s', async (name, more) => {
    const script = 'for name in curl nc ping nslookup dig bash; do command -v $name; done'
    const places = (await inPod(name, script)).stdout.trim().replaceAll('\n', ' ')
    expect(places).toBe(`/usr/bin/curl /usr/bin/nc /usr/bin/ping ${more}`)
  })

  test.each(['floater', 'netdr', 'agnhost'])(
    '%s pings, asks over TCP and UDP, and finds names',
    async (name) => {
      const asked = [
        `ping -c 1 -W 2 ${target} >/dev/null && echo ping`,
        `curl -sf -m 2 -o /dev/null http://${target}:${AGNHOST_PORT}/ && echo curl`,
        `echo hostname | nc -u -w 1 ${target} ${AGNHOST_PORT}; echo`,
        'nslookup kubernetes.default.svc.cluster.local >/dev/null && echo nslookup',
      ]
      expect((await inPod(name, asked.join('\n'))).stdout).toBe('ping\ncurl\nagnhost\nnslookup')
    },
  )

  test.each([
    ['ping', 'Operation not permitted'],
    ['busybox ping', 'permission denied (are you root?)'],
  ])('%s is refused without the sysctl: %s', async (ping, message) => {
    const {exitCode, stderr} = await inPod('plain', `${ping} -c 1 -W 2 ${target}`)
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain(message)
  })
})

function pod(name: string, image: ImageName, securityContext: object, more: object = {}) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name},
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: {...user, ...securityContext},
      containers: [{name, image: IMAGES[image].reference, ...container, ...more}],
    },
  }
}
