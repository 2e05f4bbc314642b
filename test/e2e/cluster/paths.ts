import {join} from 'node:path'

/** One folder a cluster. On a disk, because containerd's overlayfs snapshots cannot lie on a tmpfs of every kernel. */
export const CLUSTERS = '/var/tmp/kubectl-netdoctor'

/** The pinned tools' Go modules. */
export const TOOLS_SOURCE = join(import.meta.dirname, '..', 'tools')
