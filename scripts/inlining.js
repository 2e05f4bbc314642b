// `node --import tsx --import ./scripts/inlining.js FILE`: programs that tsx runs can load the HTML report.
import {register} from 'node:module'

register('./loaders.js', import.meta.url)
