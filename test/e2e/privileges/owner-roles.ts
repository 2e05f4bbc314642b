import {rolesIn} from '../../docs/rights.ts'

/**
 * The rights of a user who lets the tool make its namespace, as docs/permissions.yaml says it: for a namespace to come, all
 * of it for the whole cluster, and a list of every kind.
 */
export function ownerRoles(permissions: string, user: string): string {
  const named = ['netdoctor', 'netdoctor-nodes', 'netdoctor-namespaces']
  const rules = rolesIn(permissions)
    .filter(({metadata}) => named.includes(metadata.name))
    .flatMap(({rules: own = []}) => own)
  const every = {apiGroups: ['*'], resources: ['*'], verbs: ['list']}
  const [apiGroup, metadata] = ['rbac.authorization.k8s.io', {name: 'netdoctor-owner'}]
  const role = {kind: 'ClusterRole', metadata, rules: [...rules, every]}
  const roleRef = {apiGroup, kind: role.kind, name: metadata.name}
  const subjects = [{apiGroup, kind: 'User', name: user}]
  const binding = {kind: 'ClusterRoleBinding', metadata, roleRef, subjects}
  const items = [role, binding].map((one) => ({apiVersion: `${apiGroup}/v1`, ...one}))
  return JSON.stringify({apiVersion: 'v1', kind: 'List', items})
}
