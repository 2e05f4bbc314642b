import {homedir} from 'node:os'
import {join} from 'node:path'

/** Where what is fetched or built once stays: outside the checkout, so that fresh clones find it. */
export const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kubectl-netdoctor')
