import {homedir} from 'node:os'
import {join} from 'node:path'

/** Where what is built once stays: outside the checkout, so that fresh clones find it. */
export const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kubectl-netdoctor')

/** One folder a cluster. On a disk, because containerd's overlayfs snapshots cannot lie on a tmpfs of every kernel. */
export const CLUSTERS = '/var/tmp/kubectl-netdoctor'

/** The pinned tools' Go modules. */
export const TOOLS_SOURCE = join(import.meta.dirname, '..', 'tools')
