// How the program becomes JavaScript: `modules` is dist/, which npm carries, `script` is the one file of the executables.
import {readFileSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {inlined, parsed} from './loaders.js'

const root = path.dirname(import.meta.dirname)
const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

/** `import text from './file?raw'`, as vite has it. */
const raw = {
  name: 'raw',
  setup(bundler) {
    bundler.onResolve({filter: /\?raw$/}, ({path: file, resolveDir}) => ({
      // Comments name it: it must not tell where the checkout is.
      path: path.relative(root, path.resolve(resolveDir, file.slice(0, -'?raw'.length))),
      namespace: 'raw',
    }))
    bundler.onLoad({filter: /.*/, namespace: 'raw'}, async ({path: file}) => ({
      contents: await readFile(path.join(root, file), 'utf8'),
      loader: 'text',
    }))
  },
}

const common = {
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  bundle: true,
  platform: 'node',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  plugins: [raw, inlined, parsed],
  logLevel: 'warning',
}
const define = {VERSION: JSON.stringify(version)}

/** One entry, a chunk a command, so that a command loads only what it needs. */
export const modules = {
  ...common,
  outdir: 'dist',
  splitting: true,
  format: 'esm',
  target: 'node20.19',
  define,
  // Bundled CommonJS calls require().
  banner: {
    js: "import {createRequire as makeRequire} from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  chunkNames: 'chunks/[name]-[hash]',
}

/** CommonJS, which is all that a single executable starts with. What is imported late is in it, and runs late. */
export const script = {
  ...common,
  outfile: 'kubectl-netdoctor.cjs',
  format: 'cjs',
  target: 'node22',
  // yargs asks where it is.
  define: {...define, 'import.meta.url': 'importMetaUrl'},
  banner: {js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;"},
  // All of it is read at every start; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
}
