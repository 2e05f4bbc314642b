// How the program becomes JavaScript: the same for npm and for the executables.
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

/**
 * One file of CommonJS, which is all that a single executable starts with, and what Node loads fastest: of modules each takes it a
 * millisecond. What is imported late is in it, and runs late.
 */
export const program = {
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/main.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  // yargs asks where it is.
  define: {VERSION: JSON.stringify(version), 'import.meta.url': 'importMetaUrl'},
  banner: {
    // Strict, as modules are: esbuild's own directive comes behind this, where it is none.
    js: "'use strict'; const importMetaUrl = require('node:url').pathToFileURL(__filename).href;",
  },
  // All of it is read at every start; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  plugins: [raw, inlined, parsed],
  logLevel: 'warning',
}
