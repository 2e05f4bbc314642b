import {existsSync} from 'node:fs'
import {delimiter, join} from 'node:path'

/** Why this machine cannot raise a cluster, as a sentence; undefined where it can. */
export function whyNoCluster(): string | undefined {
  if (process.platform !== 'linux') return `a cluster of real nodes needs Linux, this is ${process.platform}`
  if (process.getuid?.() !== 0) return 'a cluster of real nodes needs root'
  if (!onPath('go')) return 'a cluster of real nodes needs Go to build its parts, and there is none on PATH'
  if (!existsSync('/usr/bin/apt-get') && !onPath('containerd'))
    return 'a cluster of real nodes needs Debian packages'
  return undefined
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}
