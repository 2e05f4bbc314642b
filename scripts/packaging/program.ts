import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {build, type Metafile} from 'esbuild'
import {execa} from 'execa'
import {modules, script} from '../bundle.js'

/** What came out of the sources. */
export interface Bundled {
  files: readonly {path: string; contents: Uint8Array}[]
  metafile: Metafile
}

export const bundleModules = () => bundle(modules)
export const bundleScript = () => bundle(script)

async function bundle(options: typeof modules): Promise<Bundled> {
  const root = options.absWorkingDir ?? ''
  const {outputFiles, metafile} = await build({...options, write: false, metafile: true})
  const files = outputFiles.map(({path, contents}) => ({path: path.slice(root.length + 1), contents}))
  return {files, metafile}
}

/**
 * What a single executable carries: https://nodejs.org/docs/latest-v22.x/api/single-executable-applications.html.
 * Made by the version of Node that will read it. No code cache and no snapshot: they differ from run to run.
 */
export async function makeBlob({files: [file]}: Bundled, node: string): Promise<Buffer> {
  if (file === undefined) throw new Error('the bundler gave no file')
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-blob-'))
  try {
    // The names go into the blob as they are here: relative, so that the folder is not in it.
    const config = {main: file.path, output: 'blob', disableExperimentalSEAWarning: true}
    await writeFile(join(folder, file.path), file.contents)
    await writeFile(join(folder, 'sea.json'), JSON.stringify(config))
    await execa(node, ['--experimental-sea-config', 'sea.json'], {cwd: folder, env: {NODE_OPTIONS: ''}})
    return await readFile(join(folder, 'blob'))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}
