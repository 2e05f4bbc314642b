import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {parseAllDocuments} from 'yaml'
import {NAMESPACE_OWNERSHIP, permissionsFor, type Permission} from '../../src/preflight/permissions.ts'

interface Role {
  readonly kind: string
  readonly metadata?: {readonly namespace?: string}
  readonly rules?: readonly {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly resourceNames?: readonly string[]
    readonly verbs: readonly string[]
  }[]
}

const read = async (name: string) => await readFile(path.join(import.meta.dirname, '../..', name), 'utf8')

/** `verb resource.group/subresource name` of every rule. */
function granted(yaml: string): string[] {
  const roles = parseAllDocuments(yaml).map((document) => document.toJS() as Role)
  return roles.flatMap(({rules = []}) =>
    rules.flatMap(({apiGroups, resources, resourceNames = [''], verbs}) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          verbs.flatMap((verb) => resourceNames.map((name) => [verb, group, resource, name].join(' '))),
        ),
      ),
    ),
  )
}

const asked = ({verb, group, resource, subresource, name}: Permission) =>
  [
    verb,
    group,
    subresource === undefined ? resource : `${resource}/${subresource}`,
    // A Role for a namespace is about none other.
    resource === 'namespaces' ? '' : (name ?? ''),
  ].join(' ')

const all = (services: boolean, apiServer: boolean) =>
  [...permissionsFor('netcheck', {services, apiServer}), ...NAMESPACE_OWNERSHIP].map(asked)

describe.each(['docs/permissions.yaml', 'README.md'])('%s', async (name) => {
  const text = await read(name)
  const yaml = name.endsWith('.md') ? (/## Permissions[^]*?```yaml\n([^]*?)```/.exec(text)?.[1] ?? '') : text

  test('names all that is asked for, and nothing else', () => {
    expect(granted(yaml).toSorted()).toEqual(all(true, true).toSorted())
  })
})

test('the Job of docs/examples has the rights of a check of pods in a namespace that is there, and no other', async () => {
  const needed = permissionsFor('kosmos-system', {services: false, apiServer: false}).map(asked)
  expect(granted(await read('docs/examples/job.yaml')).toSorted()).toEqual(needed.toSorted())
})

test.each<[boolean, boolean, RegExp, number]>([
  [false, false, /service|endpoint/, 0],
  [true, false, /service|endpoint/, 12],
  [false, true, /service|endpoint/, 1],
])(
  'with services %s and the API server %s, %s are asked for %i times',
  (services, apiServer, pattern, count) => {
    expect(all(services, apiServer).filter((one) => pattern.test(one))).toHaveLength(count)
  },
)
