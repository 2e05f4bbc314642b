import {existsSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {Layout} from './layout.ts'

/** Where the kernel shows its cgroups: v1 has one tree a controller below it, v2 a single one. */
const CGROUPS = '/sys/fs/cgroup'
/** The container runtime's parent of all containers, with one folder a container; clusters share it. */
const CONTAINERS = 'k8s.io'

/** Ids of the cluster's containers: each has a folder of its own at its node's runtime. */
export async function containersOf({nodes}: Layout): Promise<string[]> {
  const folders = nodes.map(({directory}) =>
    join(directory, 'containerd/io.containerd.runtime.v2.task', CONTAINERS),
  )
  return (await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))).flat()
}

/** The cgroups that these containers have now. */
export async function cgroupsOf(containers: readonly string[]): Promise<string[]> {
  const trees = await cgroupTrees()
  return trees.flatMap((tree) => containers.map((id) => join(tree, id))).filter((path) => existsSync(path))
}

export async function cgroupTrees(): Promise<string[]> {
  return ['', ...(await readdir(CGROUPS))].map((controller) => join(CGROUPS, controller, CONTAINERS))
}
