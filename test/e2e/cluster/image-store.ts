import {existsSync} from 'node:fs'
import {copyFile, mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {ImageName} from './images.ts'
import {withLock} from './lock.ts'
import {attempt, run} from './run.ts'

/** What of containerd's folder it writes in place; of all the rest, a new file takes the place of the old one. */
const DATABASES = [
  'io.containerd.metadata.v1.bolt/meta.db',
  'io.containerd.snapshotter.v1.overlayfs/metadata.db',
] as const

/** A containerd that lives only while it imports, and sees no folders of the machine's own. */
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
`

/**
 * The folder of a containerd that has imported all images, which is made where it is missing: most of the work of
 * raising a node would be to do that again. It lies beside the archives.
 */
export async function ensureStore(archives: Readonly<Record<ImageName, string>>): Promise<string> {
  const home = dirname(archives.pause)
  const store = join(home, 'store')
  if (existsSync(store)) return store
  await withLock(join(home, 'store.lock'), async () => {
    if (!existsSync(store)) await makeStore(Object.values(archives), store)
  })
  return store
}

async function makeStore(archives: readonly string[], store: string): Promise<void> {
  const scratch = await mkdtemp(`${store}-`)
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
    await run(['unshare', ...alone, 'sh', '-c', IMPORT, 'import', scratch, ...archives])
    await rename(root, store)
  } finally {
    await rm(scratch, {recursive: true, force: true})
  }
}

/** A node's own copy: links to what never changes, where both folders are on one file system. */
export async function copyStore(store: string, folder: string): Promise<void> {
  const linked = await attempt(['cp', '--archive', '--link', `${store}/.`, folder])
  if (linked.exitCode !== 0) await run(['cp', '--archive', '--force', `${store}/.`, folder])
  for (const database of DATABASES) {
    await rm(join(folder, database), {force: true})
    await copyFile(join(store, database), join(folder, database))
  }
}
