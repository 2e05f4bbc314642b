import {createHash} from 'node:crypto'
import {createReadStream, existsSync} from 'node:fs'
import {chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {withLock} from './lock.ts'
import {CACHE} from './paths.ts'
import {run} from './run.ts'

export type ImageName = keyof typeof IMAGES

interface Image {
  reference: string
  /** Debian's busybox, curl, ping and nc: what the Alpine-based originals hold. */
  userland: boolean
  /** Binaries of our own, by their place in the image. */
  files: Readonly<Record<string, string>>
  entrypoint: readonly string[]
  cmd?: readonly string[]
}

/** The images of a cluster, under the names that users have. No registry holds them here: they are made locally. */
export const IMAGES = {
  pause: {
    reference: 'kubectl-netdoctor.test/pause:1',
    userland: false,
    files: {'/pause': 'pause'},
    entrypoint: ['/pause'],
  },
  coredns: {
    reference: 'kubectl-netdoctor.test/coredns:1',
    userland: false,
    files: {'/coredns': 'coredns'},
    entrypoint: ['/coredns'],
  },
  floater: {
    reference: 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0',
    userland: true,
    files: {'/usr/local/bin/clusterlink-floater': 'clusterlink-floater'},
    entrypoint: [],
    cmd: ['clusterlink-floater'],
  },
  agnhost: {
    reference: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
    userland: true,
    files: {'/agnhost': 'agnhost'},
    entrypoint: ['/agnhost'],
    cmd: ['pause'],
  },
} as const satisfies Readonly<Record<string, Image>>

/** By their place in the image; their libraries come along. */
const USERLAND: Readonly<Record<string, string>> = {
  '/bin/busybox': '/bin/busybox',
  '/bin/ping': '/bin/ping',
  '/bin/nc': '/bin/nc.openbsd',
  '/usr/bin/curl': '/usr/bin/curl',
}

/** Makes the image archives that are missing; returns the archive of each image. */
export async function ensureImages(bin: string): Promise<Readonly<Record<ImageName, string>>> {
  const names = Object.keys(IMAGES) as ImageName[]
  const home = join(CACHE, `images-${await sourceHash(bin)}`)
  const archives = Object.fromEntries(names.map((name) => [name, join(home, `${name}.tar`)])) as Record<
    ImageName,
    string
  >
  const missing = () => names.filter((name) => !existsSync(archives[name]))
  if (missing().length > 0) {
    await withLock(join(home, 'lock'), async () => {
      for (const name of missing()) await makeArchive(IMAGES[name], bin, archives[name])
    })
  }
  return archives
}

/** The archives are those of this file's text, these tools and these Debian binaries. */
async function sourceHash(bin: string): Promise<string> {
  const hash = createHash('sha256').update(bin)
  for (const file of [import.meta.filename, ...Object.values(USERLAND)]) hash.update(await readFile(file))
  return hash.digest('hex').slice(0, 12)
}

/** An archive as `docker save` writes it: one layer, its config, and a manifest that names both. */
async function makeArchive(image: Image, bin: string, archive: string): Promise<void> {
  const scratch = await mkdtemp(`${archive}-`)
  try {
    const root = join(scratch, 'root')
    await mkdir(join(root, 'tmp'), {recursive: true})
    await chmod(join(root, 'tmp'), 0o1777)
    if (image.userland) await addUserland(root)
    for (const [place, binary] of Object.entries(image.files)) await addFile(root, join(bin, binary), place)
    await run(['tar', '-C', root, '--owner=0', '--group=0', '-cf', join(scratch, 'layer.tar'), '.'])
    await writeFile(join(scratch, 'config.json'), JSON.stringify(await configOf(image, scratch)))
    const manifest = [{Config: 'config.json', RepoTags: [image.reference], Layers: ['layer.tar']}]
    await writeFile(join(scratch, 'manifest.json'), JSON.stringify(manifest))
    const parts = ['manifest.json', 'config.json', 'layer.tar']
    await run(['tar', '-C', scratch, '-cf', join(scratch, 'image.tar'), ...parts])
    await rename(join(scratch, 'image.tar'), archive)
  } finally {
    await rm(scratch, {recursive: true, force: true})
  }
}

async function configOf(image: Image, scratch: string): Promise<object> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(join(scratch, 'layer.tar')), hash)
  return {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: image.entrypoint,
      Cmd: image.cmd ?? [],
    },
    rootfs: {type: 'layers', diff_ids: [`sha256:${hash.digest('hex')}`]},
  }
}

async function addUserland(root: string): Promise<void> {
  const libraries = new Set<string>()
  for (const [place, file] of Object.entries(USERLAND)) {
    await addFile(root, file, place)
    for (const [path] of (await run(['ldd', file])).matchAll(/\/\S+(?= \(0x)/g)) libraries.add(path)
  }
  for (const library of libraries) await addFile(root, library, library)
  for (const applet of (await run(['/bin/busybox', '--list'])).split('\n')) {
    const place = join(root, 'bin', applet)
    if (!existsSync(place)) await symlink('busybox', place)
  }
  await mkdir(join(root, 'etc'))
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
  )
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n')
}

async function addFile(root: string, from: string, place: string): Promise<void> {
  const to = join(root, place)
  await mkdir(dirname(to), {recursive: true})
  await copyFile(from, to)
  await chmod(to, 0o755)
}
