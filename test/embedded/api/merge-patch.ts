/** JSON merge patch (RFC 7386). Strategic merge patches are treated alike: lists are replaced. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const merged = isRecord(target) ? {...target} : {}
  for (const [key, value] of Object.entries(patch)) merged[key] = mergePatch(merged[key], value)
  return Object.fromEntries(Object.entries(merged).filter(([key]) => patch[key] !== null))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
