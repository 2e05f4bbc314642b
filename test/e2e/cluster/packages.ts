import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {join} from 'node:path'
import {withLock} from './lock.ts'
import {CACHE} from '../../../scripts/cache.ts'
import {attempt, run} from './run.ts'

/** Names of Debian packages, each with a file that it brings. */
type Packages = Readonly<Record<string, string>>

/**
 * What a node needs from Debian. busybox, not busybox-static: the shell of the
 * static one prefers its own applets over /bin/ping and /bin/nc.
 */
const OF_NODES: Packages = {
  containerd: '/usr/bin/containerd',
  runc: '/usr/sbin/runc',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  iptables: '/usr/sbin/iptables',
  nftables: '/usr/sbin/nft',
  iproute2: '/usr/sbin/bridge',
  conntrack: '/usr/sbin/conntrack',
  busybox: '/bin/busybox',
  'iputils-ping': '/bin/ping',
  'netcat-openbsd': '/bin/nc.openbsd',
  curl: '/usr/bin/curl',
  'bind9-dnsutils': '/usr/bin/dig',
  openssl: '/usr/bin/openssl',
}

/** Installs the Debian packages that are missing, without starting what they bring. */
export async function ensurePackages(say: (text: string) => void, wanted = OF_NODES): Promise<void> {
  if ((await missing(wanted)).length === 0) return
  await withLock(join(CACHE, 'packages.lock'), async () => {
    const names = await missing(wanted)
    if (names.length === 0) return
    say(`installing ${names.join(', ')}`)
    // RUNLEVEL=1 makes invoke-rc.d refuse to start a system containerd.
    const env = {DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1'}
    await run(['apt-get', 'update', '-q'], {env, timeout: 300_000})
    await run(['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...names], {
      env,
      timeout: 600_000,
    })
  })
}

async function missing(wanted: Packages): Promise<string[]> {
  const names: string[] = []
  for (const [name, file] of Object.entries(wanted)) {
    const present = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (!present || (name === 'busybox' && (await isStatic()))) names.push(name)
  }
  return names
}

/** A static busybox has no dynamic loader to show. */
async function isStatic(): Promise<boolean> {
  return (await attempt(['ldd', '/bin/busybox'])).exitCode !== 0
}
