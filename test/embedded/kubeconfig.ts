/** The kubeconfig of an embedded cluster, as JSON, which kubectl reads as well as YAML. */
export function kubeconfigText(url: string): string {
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{name: 'embedded', cluster: {server: url}}],
      users: [{name: 'embedded', user: {token: 'embedded'}}],
      contexts: [{name: 'embedded', context: {cluster: 'embedded', user: 'embedded'}}],
      'current-context': 'embedded',
    },
    null,
    2,
  )
}
