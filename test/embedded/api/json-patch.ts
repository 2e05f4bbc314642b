/** One step of a JSON patch (RFC 6902); only those that change a field of an object are known here. */
export interface PatchStep {
  op: string
  path: string
  value?: unknown
}

/** The object with the steps done; undefined where a test fails, or a field to be removed is not there. */
export function jsonPatch(target: object, steps: readonly PatchStep[]): unknown {
  const patched: unknown = structuredClone(target)
  for (const {op, path, value} of steps) {
    const keys = path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = keys.pop() ?? ''
    let place = patched as Record<string, unknown> | undefined
    for (const key of keys) place = place?.[key] as Record<string, unknown> | undefined
    if (place === undefined) return undefined
    if (op === 'test' && place[last] !== value) return undefined
    if (op === 'remove' && !(last in place)) return undefined
    if (op === 'remove') Reflect.deleteProperty(place, last)
    if (op === 'add') place[last] = value
  }
  return patched
}
