// Files that the program takes in when it is built, in a form of their own: `import what from './file?form'`.
import {createHash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from 'esbuild'
import {parse} from 'yaml'

/** Browsers that have DecompressionStream('deflate-raw'). */
const BROWSERS = ['chrome105', 'firefox113', 'safari16.4']

/** A script or style bundled for browsers, and the hash under which a Content-Security-Policy allows it. */
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

/** What YAML says, so that the program itself needs no parser of it. */
async function parsedModule(file) {
  return `export default ${JSON.stringify(parse(await readFile(file, 'utf8')))}`
}

/**
 * The plugins that let esbuild (for the program) and vite (for the tests) load what ends in `suffix`, and a hook of Node's, for what
 * tsx runs; `moduleOf` makes the text of a module of the file.
 */
function loadersOf(name, suffix, moduleOf) {
  // Under a name of its own, because vite takes files of some endings for its own.
  const prefix = `\0${name}:`
  return {
    forEsbuild: {
      name,
      setup(bundler) {
        const root = path.dirname(import.meta.dirname)
        bundler.onResolve({filter: suffix}, ({path: file, resolveDir}) => ({
          // Comments name it: it must not tell where the checkout is.
          path: path.relative(root, path.resolve(resolveDir, file.replace(suffix, ''))),
          namespace: name,
        }))
        bundler.onLoad({filter: /.*/, namespace: name}, async ({path: file}) => ({
          contents: await moduleOf(path.join(root, file)),
        }))
      },
    },
    forVite: {
      name,
      enforce: 'pre',
      resolveId: (source, importer) =>
        suffix.test(source)
          ? `${prefix}${path.resolve(path.dirname(importer), source.replace(suffix, ''))}.js`
          : undefined,
      load: (id) => (id.startsWith(prefix) ? moduleOf(id.slice(prefix.length, -'.js'.length)) : undefined),
    },
    async forNode(url, context, next) {
      if (!suffix.test(url)) return next(url, context)
      const source = await moduleOf(fileURLToPath(url.replace(suffix, '')))
      return {format: 'module', source, shortCircuit: true}
    },
  }
}

export const {
  forEsbuild: inlined,
  forVite: inlinedForVite,
  // scripts/inlining.js hands it to Node, by this name.
  forNode: load,
} = loadersOf('inlined', /\?inlined$/, inlinedModule)

export const {forEsbuild: parsed, forVite: parsedForVite} = loadersOf('parsed', /\?parsed$/, parsedModule)
