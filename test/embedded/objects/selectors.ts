import type {KubeObject} from './object.ts'

export type Selection = (object: KubeObject) => boolean

/** `labelSelector` and `fieldSelector` of a request: =, ==, !=, existence, and (for labels) in and notin. */
export function selection(labelSelector: string | null, fieldSelector: string | null): Selection {
  const labels = requirements(labelSelector).map((text) => requirement(text, labelOf))
  const fields = requirements(fieldSelector).map((text) => requirement(text, fieldOf))
  return (object) => labels.every((holds) => holds(object)) && fields.every((holds) => holds(object))
}

/** Splits at commas, but not at those inside `in (a,b)`. */
function requirements(selector: string | null): string[] {
  if (selector === null || selector.trim() === '') return []
  return selector.split(/,(?![^(]*\))/).map((text) => text.trim())
}

type Lookup = (object: KubeObject, key: string) => string | undefined

const SET = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/
const EQUALITY = /^([^!=\s]+)\s*(==|=|!=)\s*(.*)$/

function requirement(text: string, lookup: Lookup): Selection {
  const set = SET.exec(text)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    return (object) => values.includes(lookup(object, key) ?? '\0') === (operator === 'in')
  }
  const equality = EQUALITY.exec(text)
  if (equality !== null) {
    const [, key = '', operator, value] = equality
    return (object) => (lookup(object, key) === value) === (operator !== '!=')
  }
  if (text.startsWith('!')) return (object) => lookup(object, text.slice(1)) === undefined
  return (object) => lookup(object, text) !== undefined
}

function labelOf({metadata}: KubeObject, key: string): string | undefined {
  return metadata.labels?.[key]
}

function fieldOf(object: KubeObject, path: string): string | undefined {
  let part: unknown = object
  for (const key of path.split('.')) {
    part = typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined
  }
  return typeof part === 'string' ? part : part === undefined ? undefined : JSON.stringify(part)
}
