import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {inject} from 'postject'
import {withoutSections} from './elf.ts'
import {signedAdHoc} from './macho-signature.ts'
import {withoutSignature} from './pe.ts'
import type {Target} from './targets.ts'

/** Where Node looks for the program: https://nodejs.org/docs/latest-v22.x/api/single-executable-applications.html */
export const RESOURCE = 'NODE_SEA_BLOB'
export const MACHO_SEGMENT = 'NODE_SEA'
export const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

interface Format {
  /** What Node's executable must lose first. */
  before: (node: Buffer) => Buffer
  after: (executable: Buffer) => Buffer
}

const same = (executable: Buffer) => executable

const FORMATS: Record<Target['os'], Format> = {
  linux: {before: withoutSections, after: same},
  // The signature of Node's makers is removed by postject.
  darwin: {before: same, after: (executable) => signedAdHoc(executable, 'kubectl-netdoctor')},
  windows: {before: withoutSignature, after: same},
}

/** Node's executable with the program in it. */
export async function makeExecutable({os}: Target, node: Buffer, blob: Buffer): Promise<Buffer> {
  const {before, after} = FORMATS[os]
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-executable-'))
  try {
    const file = join(folder, 'executable')
    await writeFile(file, before(node))
    await inject(file, RESOURCE, blob, {sentinelFuse: FUSE, machoSegmentName: MACHO_SEGMENT})
    return after(await readFile(file))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
