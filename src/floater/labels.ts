/** The label that everything we create carries, and what selects the floaters' pods. */
export const MANAGED_BY = {key: 'app.kubernetes.io/managed-by', value: 'kubectl-netdoctor'} as const
export const MANAGED_BY_US = `${MANAGED_BY.key}=${MANAGED_BY.value}`
export const FLOATER_NAME = 'netdoctor-floater'
/** Name of the floater's container. */
export const CONTAINER = 'floater'
export const FLOATER_PODS = `app.kubernetes.io/name=${FLOATER_NAME},${MANAGED_BY_US}`

/** On a pod: which version of the template it was made from. */
export const TEMPLATE_LABEL = 'kubectl-netdoctor/template'
/** On objects, never in a pod template: the run that made or last used them. */
export const RUN_ANNOTATION = 'kubectl-netdoctor/run-id'
