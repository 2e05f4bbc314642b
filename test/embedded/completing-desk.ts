import {expect} from 'vitest'
import {openDesk, type Desk} from '../desk/desk.ts'
import {installPlugin} from '../desk/plugin.ts'
import {startEmbeddedCluster, type EmbeddedCluster} from './cluster.ts'
import {kubectlFromNpm, type KubectlVersion} from './kubectl.ts'

/** A desk where completion was installed, in front of one cluster under two contexts. */
export async function atCompletingDesk(
  version: KubectlVersion,
  work: (desk: Desk, cluster: EmbeddedCluster) => Promise<void>,
): Promise<void> {
  const namespaces = [{name: 'netcheck'}, {name: 'other'}]
  const cluster = await startEmbeddedCluster({nodes: 1, namespaces})
  const clusters = {staging: cluster.kubeconfig, production: cluster.kubeconfig}
  const desk = await openDesk({
    kubectl: await kubectlFromNpm(version),
    kubeconfig: {as: 'one file', clusters},
  })
  try {
    const {PATH} = await installPlugin(desk)
    const env = {...desk.env, PATH}
    expect((await desk.start(['completion', 'install'], env).end).exitCode).toBe(0)
    await work({...desk, env}, cluster)
  } finally {
    await desk.remove()
    await cluster.stop()
  }
}
