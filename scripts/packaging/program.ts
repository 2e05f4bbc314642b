import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path, {join} from 'node:path'
import {build, type Metafile} from 'esbuild'
import {execa} from 'execa'
import {program} from '../bundle.js'

/** What came out of the sources. */
export interface Bundled {
  /** Where it stands in a checkout, and in the npm package. */
  path: string
  contents: Uint8Array
  metafile: Metafile
}

/** Bundles the program as the build does. */
export async function bundleProgram(): Promise<Bundled> {
  const {outputFiles, metafile} = await build({...program, write: false, metafile: true})
  const [file] = outputFiles
  if (file === undefined) throw new Error('the bundler gave no file')
  return {path: path.relative(program.absWorkingDir, file.path), contents: file.contents, metafile}
}

/**
 * What a single executable carries: https://nodejs.org/docs/latest-v22.x/api/single-executable-applications.html.
 * Made by the version of Node that will read it. No code cache and no snapshot: they differ from run to run.
 */
export async function makeBlob({path: file, contents}: Bundled, node: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-blob-'))
  try {
    // The names go into the blob as they are here: relative, so that the folder is not in it.
    const main = path.basename(file)
    const config = {main, output: 'blob', disableExperimentalSEAWarning: true}
    await writeFile(join(folder, main), contents)
    await writeFile(join(folder, 'sea.json'), JSON.stringify(config))
    await execa(node, ['--experimental-sea-config', 'sea.json'], {cwd: folder, env: {NODE_OPTIONS: ''}})
    return await readFile(join(folder, 'blob'))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
