// Builds dist/.
import {rm} from 'node:fs/promises'
import path from 'node:path'
import {build} from 'esbuild'
import {program} from './bundle.js'

await rm(path.join(path.dirname(import.meta.dirname), 'dist'), {recursive: true, force: true})
await build(program)
