import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {ImageName} from './images.ts'
import {withLock} from './lock.ts'
import {attempt, run} from './run.ts'

/** What of containerd's folder never changes once it is there; all the rest is small. */
const UNCHANGING = [
  'io.containerd.content.v1.content/blobs',
  'io.containerd.snapshotter.v1.overlayfs/snapshots',
] as const

/** A containerd that lives only while it imports; its sockets and its state in /run are seen by nobody else. */
const IMPORT = `set -e
mount -t tmpfs -o mode=755 tmpfs /run
scratch=$1
shift
containerd --config "$scratch/containerd.conf" >"$scratch/log" 2>&1 &
until ctr version >"$scratch/answer" 2>&1; do
  kill -0 $! || { cat "$scratch/log" >&2; exit 1; }
  sleep 0.1
done
for archive; do ctr -n k8s.io images import "$archive"; done
kill $!
wait $! || [ $? -eq 143 ]
# Each node is to have one of its own.
rm -rf "$scratch/root/io.containerd.grpc.v1.introspection"
`

/**
 * The folder of a containerd that has imported all images, which is made where it is missing: most of the work of
 * raising a node would be to do that again. It lies beside the archives.
 */
export async function ensureStore(archives: Readonly<Record<ImageName, string>>): Promise<string> {
  const home = dirname(archives.pause)
  const store = join(home, `store-${await makersHash()}`)
  if (existsSync(store)) return store
  await withLock(join(home, 'store.lock'), async () => {
    if (existsSync(store)) return
    for (const entry of await readdir(home))
      if (entry.startsWith('making-')) await rm(join(home, entry), {recursive: true, force: true})
    await makeStore(Object.values(archives), store, join(home, 'making-'))
  })
  return store
}

/** A store is of one containerd, made as this file says. */
async function makersHash(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(import.meta.filename))
  hash.update(await run(['containerd', '--version']))
  return hash.digest('hex').slice(0, 12)
}

async function makeStore(archives: readonly string[], store: string, making: string): Promise<void> {
  const scratch = await mkdtemp(making)
  try {
    const root = join(scratch, 'root')
    await mkdir(root)
    await writeFile(
      join(scratch, 'containerd.conf'),
      `version = 2
root = "${root}"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.grpc.v1.cri"]
`,
    )
    const alone = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc']
    const command = ['unshare', ...alone, 'sh', '-c', IMPORT, 'import', scratch, ...archives]
    await run(command, {timeout: 600_000})
    await rename(root, store)
  } finally {
    await rm(scratch, {recursive: true, force: true})
  }
}

/** A node's own copy, with links to what never changes, where both folders are on one file system. */
export async function copyStore(store: string, folder: string): Promise<void> {
  const unchanging = UNCHANGING.map((entry) => join(store, entry))
  await cp(store, folder, {recursive: true, filter: (path) => !unchanging.includes(path)})
  for (const entry of UNCHANGING) {
    const [from, to] = [join(store, entry), dirname(join(folder, entry))]
    const linked = await attempt(['cp', '--archive', '--link', from, to])
    if (linked.exitCode !== 0) await run(['cp', '--archive', '--force', from, to])
  }
}
