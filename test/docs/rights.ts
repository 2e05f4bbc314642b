import {parseAllDocuments} from 'yaml'

/** Something that a Role or a ClusterRole allows. */
export interface Right {
  readonly verb: string
  /** `daemonsets.apps`, `pods/exec` */
  readonly resource: string
  /** Where it is limited to one object. */
  readonly name?: string
  /** Of a Role. */
  readonly namespace?: string
}

export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** A document of a file of roles and bindings. */
export interface RoleDocument {
  readonly kind: string
  readonly metadata: {readonly name: string; readonly namespace?: string}
  /** None in a binding. */
  readonly rules?: readonly Rule[]
}

export function rolesIn(yaml: string): readonly RoleDocument[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as RoleDocument)
}

export function rightsIn(yaml: string): readonly Right[] {
  return rolesIn(yaml).flatMap(({metadata: {namespace}, rules = []}) =>
    rules.flatMap(({apiGroups, resources, resourceNames, verbs}) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((kind) =>
          verbs.flatMap((verb) =>
            (resourceNames ?? [undefined]).map((name) => ({
              verb,
              resource: resourceOf(group, kind),
              ...(name === undefined ? {} : {name}),
              ...(namespace === undefined ? {} : {namespace}),
            })),
          ),
        ),
      ),
    ),
  )
}

/** As kubectl has it, with the group behind the kind. */
function resourceOf(group: string, kind: string): string {
  const [resource = '', subresource] = kind.split('/')
  return [[resource, group].filter(Boolean).join('.'), subresource].filter(Boolean).join('/')
}
