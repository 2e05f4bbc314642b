import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {mkdir, mkdtemp, readdir, readFile, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {withLock} from './lock.ts'
import {CACHE} from '../../../scripts/cache.ts'
import {TOOLS_SOURCE} from './paths.ts'
import {run} from './run.ts'

const KUBERNETES = 'v1.35.4'
const version = 'k8s.io/component-base/version'

/** What is built: binaries by name, with their package; one Go module with pinned versions for each group. */
const MODULES = {
  kubernetes: {
    ldflags: `-X ${version}.gitVersion=${KUBERNETES} -X ${version}.gitMajor=1 -X ${version}.gitMinor=35`,
    binaries: {
      kubelet: 'k8s.io/kubernetes/cmd/kubelet',
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
      agnhost: 'k8s.io/kubernetes/test/images/agnhost',
    },
  },
  etcd: {ldflags: '', binaries: {etcd: 'go.etcd.io/etcd/server/v3'}},
  coredns: {ldflags: '', binaries: {coredns: 'github.com/coredns/coredns'}},
  kwok: {ldflags: '', binaries: {kwok: 'sigs.k8s.io/kwok/cmd/kwok'}},
  images: {ldflags: '', binaries: {'clusterlink-floater': './clusterlink-floater', pause: './pause'}},
} as const

export type ToolModule = keyof typeof MODULES

/** What a cluster of real nodes is made of. */
export const REAL_NODES: readonly ToolModule[] = ['kubernetes', 'etcd', 'coredns', 'images']

/** What a control plane with fake nodes is made of. */
export const FAKE_NODES: readonly ToolModule[] = ['kubernetes', 'etcd', 'kwok', 'images']

/** Builds what is missing of the modules' binaries and returns the folder that holds them. */
export async function ensureTools(
  modules: readonly ToolModule[],
  say: (text: string) => void,
): Promise<string> {
  const home = join(CACHE, `tools-${await sourceHash()}`)
  const bin = join(home, 'bin')
  const missing = () => modules.filter((name) => !Object.keys(MODULES[name].binaries).every(isBuilt))
  const isBuilt = (binary: string) => existsSync(join(bin, binary))
  if (missing().length === 0) return bin
  await withLock(join(home, 'lock'), async () => {
    await mkdir(bin, {recursive: true})
    for (const name of missing()) {
      say(`building ${Object.keys(MODULES[name].binaries).join(', ')} (once; minutes)`)
      await build(name, home, bin)
    }
  })
  return bin
}

/** Builds into a folder of its own and moves each finished binary into place, so that no half of one is ever found. */
async function build(name: ToolModule, home: string, bin: string): Promise<void> {
  const {binaries, ldflags} = MODULES[name]
  const scratch = await mkdtemp(join(home, 'build-'))
  try {
    const env = {...goEnvironment(), CGO_ENABLED: '0'}
    const flags = ['-trimpath', '-ldflags', `-s -w ${ldflags}`]
    const cwd = join(TOOLS_SOURCE, name)
    // One build for the whole module compiles shared packages in parallel; its outputs are named by package.
    const packages = Object.values(binaries)
    const output = packages.length > 1 ? `${scratch}/` : join(scratch, Object.keys(binaries)[0] ?? '')
    await run(['go', 'build', ...flags, '-o', output, ...packages], {env, cwd, timeout: 45 * 60_000})
    for (const binary of Object.keys(binaries)) await rename(join(scratch, binary), join(bin, binary))
  } finally {
    await rm(scratch, {recursive: true, force: true})
  }
}

/** The person's own Go settings: module proxy, caches. */
function goEnvironment(): Record<string, string> {
  const wanted = ([name]: [string, string | undefined]) =>
    /^(GO[A-Z0-9]*|HOME|PATH|.*_proxy|.*_PROXY)$/.test(name)
  const found = Object.entries(process.env).filter(wanted)
  return Object.fromEntries(found.map(([name, value]) => [name, value ?? '']))
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(MODULES))
  const files = (await readdir(TOOLS_SOURCE, {recursive: true})).filter((file) =>
    /\.(mod|sum|go)$/.test(file),
  )
  for (const file of files.sort()) hash.update(file).update(await readFile(join(TOOLS_SOURCE, file)))
  return hash.digest('hex').slice(0, 12)
}
