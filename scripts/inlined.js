// What `import page from './file.ts?inlined'` (or `.css`) gives: the file bundled for browsers, and the hash under which a
// Content-Security-Policy allows it. For esbuild, vite, and Node itself.
import {createHash} from 'node:crypto'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'

const SUFFIX = /\?inlined$/

/** Browsers that have DecompressionStream('deflate-raw'). */
const BROWSERS = ['chrome105', 'firefox113', 'safari16.4']

async function inlinedModule(file) {
  const {outputFiles} = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'iife',
    minify: true,
    charset: 'ascii',
    target: BROWSERS,
    legalComments: 'none',
    logLevel: 'warning',
  })
  const text = outputFiles[0].text.trim()
  const hash = `sha256-${createHash('sha256').update(text).digest('base64')}`
  return `export default ${JSON.stringify({text, hash})}`
}

/** esbuild's, for dist/ and the executables. */
export const inlined = {
  name: 'inlined',
  setup(bundler) {
    const root = path.dirname(import.meta.dirname)
    bundler.onResolve({filter: SUFFIX}, ({path: file, resolveDir}) => ({
      // Comments name it: it must not tell where the checkout is.
      path: path.relative(root, path.resolve(resolveDir, file.replace(SUFFIX, ''))),
      namespace: 'inlined',
    }))
    bundler.onLoad({filter: /.*/, namespace: 'inlined'}, async ({path: file}) => ({
      contents: await inlinedModule(path.join(root, file)),
    }))
  },
}

/** vite's, for the tests; under a name of its own, because vite takes every file of style for its own. */
export const inlinedForVite = {
  name: 'inlined',
  enforce: 'pre',
  resolveId: (source, importer) =>
    SUFFIX.test(source)
      ? `${VITE_PREFIX}${path.resolve(path.dirname(importer), source.replace(SUFFIX, ''))}.js`
      : undefined,
  load: (id) =>
    id.startsWith(VITE_PREFIX) ? inlinedModule(id.slice(VITE_PREFIX.length, -'.js'.length)) : undefined,
}
const VITE_PREFIX = '\0inlined:'

/** Node's, for what tsx runs; scripts/inlining.js hands it to Node. */
export async function load(url, context, next) {
  if (!SUFFIX.test(url)) return next(url, context)
  const source = await inlinedModule(fileURLToPath(url.replace(SUFFIX, '')))
  return {format: 'module', source, shortCircuit: true}
}
