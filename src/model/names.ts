/** A name as Kubernetes gives one to a container; 63 characters at most. */
export const CONTAINER_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
/** The same of a NetworkPolicy; 253 at most. */
export const POLICY_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/
