import {createHash} from 'node:crypto'
import {mkdir, readFile, stat, symlink, writeFile} from 'node:fs/promises'
import {basename, dirname, join, relative} from 'node:path'
import {parse} from 'yaml'
import * as z from 'zod'
import {unpack} from './unpack.ts'

/** What krew and its index demand of a manifest; what is not named here we leave out. */
const line = z.string().regex(/^[^\r\n]+$/)
const lines = z
  .string()
  .refine((text) => text.split('\n').every((one) => one.length <= 80), 'a line is too long')

const platform = z
  .strictObject({
    selector: z.strictObject({
      matchLabels: z.strictObject({
        os: z.enum(['linux', 'darwin', 'windows']),
        arch: z.enum(['amd64', 'arm64']),
      }),
    }),
    uri: z.url({protocol: /^https?$/}).regex(/\.(tar\.gz|zip)$/),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bin: z.string().regex(/^(?!\.?\/)(?!.*\.\.)/),
  })
  .refine(
    ({selector, bin}) => selector.matchLabels.os !== 'windows' || bin.endsWith('.exe'),
    '.exe is missing',
  )

const plugin = z.strictObject({
  apiVersion: z.literal('krew.googlecontainertools.github.com/v1alpha2'),
  kind: z.literal('Plugin'),
  metadata: z.strictObject({name: z.string().regex(/^[\w-]+$/)}),
  spec: z.strictObject({
    version: z.string().regex(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/),
    homepage: z.url({protocol: /^https$/}),
    shortDescription: line.max(50),
    description: lines,
    caveats: lines,
    platforms: z
      .array(platform)
      .min(1)
      .refine(
        (all) => new Set(all.map(({selector}) => JSON.stringify(selector))).size === all.length,
        'two are for the same platform',
      ),
  }),
})

export type Plugin = z.infer<typeof plugin>
export type PlatformLabels = Plugin['spec']['platforms'][number]['selector']['matchLabels']

export async function readPlugin(manifestFile: string): Promise<Plugin> {
  const read = plugin.parse(parse(await readFile(manifestFile, 'utf8')))
  if (`${read.metadata.name}.yaml` !== basename(manifestFile))
    throw new Error(`the manifest of ${read.metadata.name} is called ${basename(manifestFile)}`)
  return read
}

/** Where krew puts a plugin. */
export interface Installed {
  /** To be on PATH. */
  bin: string
  /** What the archive held. */
  folder: string
}

/**
 * What `kubectl krew install --manifest` does, written after krew 0.4.5: internal/download/downloader.go and
 * internal/installation/install.go; and what the index asks for beyond it.
 */
export async function install(
  manifestFile: string,
  labels: PlatformLabels,
  root: string,
): Promise<Installed> {
  const {metadata, spec} = await readPlugin(manifestFile)
  const wanted = spec.platforms.find(
    ({selector: {matchLabels}}) => matchLabels.os === labels.os && matchLabels.arch === labels.arch,
  )
  if (wanted === undefined) throw new Error(`the plugin is not offered for ${labels.os} ${labels.arch}`)

  const response = await fetch(wanted.uri)
  if (!response.ok) throw new Error(`${wanted.uri}: HTTP ${response.status}`)
  const archive = Buffer.from(await response.arrayBuffer())
  const sum = createHash('sha256').update(archive).digest('hex')
  if (sum !== wanted.sha256)
    throw new Error(`the archive has sha256 ${sum}, the manifest says ${wanted.sha256}`)

  const folder = join(root, 'store', metadata.name, spec.version)
  await extract(archive, folder)
  await mustBe(join(folder, 'LICENSE'), 'LICENSE')
  const binary = join(folder, wanted.bin)
  const {mode} = await mustBe(binary, wanted.bin)
  if ((mode & 0o777) !== 0o755)
    throw new Error(`${wanted.bin} has mode 0${(mode & 0o777).toString(8)}, not 0755`)

  const link = join(root, 'bin', `kubectl-${metadata.name}${labels.os === 'windows' ? '.exe' : ''}`)
  await mkdir(dirname(link), {recursive: true})
  await symlink(relative(dirname(link), binary), link)
  return {bin: dirname(link), folder}
}

async function extract(archive: Buffer, folder: string): Promise<void> {
  for (const {name, kind, mode, contents} of await unpack(archive)) {
    if (name.includes('..')) throw new Error(`${name} leads out of the archive`)
    if (/^[/\\]/.test(name)) throw new Error(`${name} is an absolute path`)
    if (kind === 'other') throw new Error(`${name} is neither a file nor a folder`)
    const path = join(folder, name)
    if (kind === 'folder') {
      await mkdir(path, {recursive: true})
    } else {
      await mkdir(dirname(path), {recursive: true})
      await writeFile(path, contents, {mode})
    }
  }
}

async function mustBe(path: string, name: string): Promise<{mode: number}> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) throw new Error(`the archive holds no ${name}`)
  return found
}
