import {createHash} from 'node:crypto'
import {createReadStream, existsSync} from 'node:fs'
import {chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {withLock} from './lock.ts'
import {CACHE} from '../../../scripts/cache.ts'
import {attempt, run} from './run.ts'

export type ImageName = keyof typeof IMAGES

/** Files of a layer, by their place in the image; the libraries of those from Debian come along. */
type Files = Readonly<Record<string, string>>

export interface Image {
  reference: string
  /** What the original holds of Debian's programs, a layer each. */
  userland: readonly Files[]
  /** Binaries of our own: names in the folder of the tools, or whole paths. */
  files: Files
  entrypoint: readonly string[]
  cmd?: readonly string[]
}

/**
 * What the originals add to Alpine, whose shell, ping and nslookup are busybox's, is curl, and in netdr-floater the nc
 * of OpenBSD. That and the ping of iputils stand in for Alpine's busybox in the other images: the nc of Debian's busybox
 * knows no UDP, and its ping wants raw sockets, where Alpine's makes do with net.ipv4.ping_group_range.
 */
export const ALPINE: Files = {
  '/bin/busybox': '/bin/busybox',
  '/usr/bin/curl': '/usr/bin/curl',
  '/usr/bin/nc': '/bin/nc.openbsd',
  '/usr/bin/ping': '/bin/ping',
}

/** With the ping of busybox, which only root may use. */
const BUSYBOX: Files = {'/bin/busybox': '/bin/busybox', '/usr/bin/curl': '/usr/bin/curl'}

/** agnhost's nslookup and dig are BIND's, and it has a bash. */
const AGNHOST_TOOLS: Files = {
  '/usr/bin/dig': '/usr/bin/dig',
  '/usr/bin/nslookup': '/usr/bin/nslookup',
  '/bin/bash': '/bin/bash',
}

/** The images of a cluster, under the names that users have. No registry holds them here: they are made locally. */
export const IMAGES = {
  pause: {
    reference: 'kubectl-netdoctor.test/pause:1',
    userland: [],
    files: {'/pause': 'pause'},
    entrypoint: ['/pause'],
  },
  coredns: {
    reference: 'kubectl-netdoctor.test/coredns:1',
    userland: [],
    files: {'/coredns': 'coredns'},
    entrypoint: ['/coredns'],
  },
  floater: {
    reference: 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0',
    userland: [ALPINE],
    files: {'/bin/clusterlink-floater': 'clusterlink-floater'},
    entrypoint: [],
    cmd: ['clusterlink-floater'],
  },
  // The same program under another name.
  netdr: {
    reference: 'ghcr.io/kosmos-io/netdr-floater:v0.2.0',
    userland: [ALPINE],
    files: {'/bin/netdr-floater': 'clusterlink-floater'},
    entrypoint: [],
    cmd: ['netdr-floater'],
  },
  agnhost: {
    reference: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
    userland: [ALPINE, AGNHOST_TOOLS],
    files: {'/agnhost': 'agnhost'},
    entrypoint: ['/agnhost'],
    cmd: ['pause'],
  },
  // One of a user's own.
  plain: {
    reference: 'kubectl-netdoctor.test/plain:1',
    userland: [BUSYBOX],
    files: {'/agnhost': 'agnhost'},
    entrypoint: ['/agnhost'],
  },
} as const satisfies Readonly<Record<string, Image>>

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
  const programs = [ALPINE, BUSYBOX, AGNHOST_TOOLS].flatMap((files) => Object.values(files))
  for (const file of [import.meta.filename, ...programs]) hash.update(await readFile(file))
  return hash.digest('hex').slice(0, 12)
}

/** An archive as `docker save` writes it: layers, their config, and a manifest that names them. */
export async function makeArchive(image: Image, bin: string, archive: string): Promise<void> {
  const scratch = await mkdtemp(`${archive}-`)
  try {
    const own = Object.entries(image.files).map(([place, binary]) => [place, resolve(bin, binary)] as const)
    const contents = [...image.userland, Object.fromEntries(own)]
    const layers: string[] = []
    for (const [index, files] of contents.entries())
      layers.push(await makeLayer(files, join(scratch, `layer-${index}`)))
    await writeFile(join(scratch, 'config.json'), JSON.stringify(await configOf(image, layers)))
    const names = layers.map((layer) => basename(layer))
    const manifest = [{Config: 'config.json', RepoTags: [image.reference], Layers: names}]
    await writeFile(join(scratch, 'manifest.json'), JSON.stringify(manifest))
    const parts = ['manifest.json', 'config.json', ...names]
    await run(['tar', '-C', scratch, '-cf', join(scratch, 'image.tar'), ...parts])
    await rename(join(scratch, 'image.tar'), archive)
  } finally {
    await rm(scratch, {recursive: true, force: true})
  }
}

/** The same files make the same bytes, so that a node keeps a layer once, whatever number of images has it. */
async function makeLayer(files: Files, root: string): Promise<string> {
  await mkdir(join(root, 'tmp'), {recursive: true})
  await chmod(join(root, 'tmp'), 0o1777)
  if (Object.hasOwn(files, '/bin/busybox')) await addApplets(root)
  for (const [place, file] of Object.entries(files)) {
    await addFile(root, file, place)
    for (const library of await librariesOf(file)) await addFile(root, library, library)
  }
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0']
  await run(['tar', '-C', root, ...same, '-cf', `${root}.tar`, '.'])
  return `${root}.tar`
}

async function configOf(image: Image, layers: readonly string[]): Promise<object> {
  const hashes = await Promise.all(
    layers.map(async (layer) => {
      const hash = createHash('sha256')
      await pipeline(createReadStream(layer), hash)
      return `sha256:${hash.digest('hex')}`
    }),
  )
  return {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Entrypoint: image.entrypoint,
      Cmd: image.cmd ?? [],
    },
    rootfs: {type: 'layers', diff_ids: hashes},
  }
}

/** What ldd knows; nothing for a program that stands alone. */
async function librariesOf(file: string): Promise<string[]> {
  const {stdout} = await attempt(['ldd', file])
  return [...stdout.matchAll(/\/\S+(?= \(0x)/g)].map(([path]) => path)
}

/** busybox under all its names, and the people it may run as. */
async function addApplets(root: string): Promise<void> {
  await mkdir(join(root, 'bin'))
  for (const applet of (await run(['/bin/busybox', '--list'])).split('\n'))
    if (applet !== 'busybox') await symlink('busybox', join(root, 'bin', applet))
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
