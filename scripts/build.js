// Builds dist/: one entry, a chunk a command, so that a command loads only what it needs.
import {readFile, rm} from 'node:fs/promises'
import path from 'node:path'
import {build} from 'esbuild'

const root = path.dirname(import.meta.dirname)
const {version} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))

/** `import text from './file?raw'`, as vite has it. */
const raw = {
  name: 'raw',
  setup(bundler) {
    bundler.onResolve({filter: /\?raw$/}, ({path: file, resolveDir}) => ({
      path: path.resolve(resolveDir, file.slice(0, -'?raw'.length)),
      namespace: 'raw',
    }))
    bundler.onLoad({filter: /.*/, namespace: 'raw'}, async ({path: file}) => ({
      contents: await readFile(file, 'utf8'),
      loader: 'text',
    }))
  },
}

await rm(path.join(root, 'dist'), {recursive: true, force: true})
await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  define: {VERSION: JSON.stringify(version)},
  plugins: [raw],
  // Bundled CommonJS calls require().
  banner: {
    js: "import {createRequire as makeRequire} from 'node:module'; const require = makeRequire(import.meta.url);",
  },
  chunkNames: 'chunks/[name]-[hash]',
  logLevel: 'warning',
})
