import {shown, type Path, type Slip} from './slip.ts'
import {meantName, unknownField} from './suggestion.ts'
import type {Value} from './value.ts'

/** What is wrong with a value, each slip as deep inside as it can be placed. */
export function inspect(value: Value, found: unknown, path: Path): Slip[] {
  const inner = innerSlips(value, found, path)
  if (inner.length > 0 || value.schema.safeParse(found).success) return inner
  const say: Slip['say'] = (call) =>
    `${call(path)} must be ${value.allowed}; found ${shown(found)}${meantName(found, value.names)}`
  return [{path, at: 'value', say}]
}

function innerSlips({parts}: Value, found: unknown, path: Path): Slip[] {
  if (parts === undefined || typeof found !== 'object' || found === null) return []
  if (Array.isArray(found)) {
    if (parts.kind !== 'list') return []
    return found.flatMap((one, index) => inspect(parts.item, one, [...path, index]))
  }
  if (parts.kind === 'list') return []
  if (parts.kind === 'map') {
    return Object.entries(found).flatMap(([key, one]) => [
      ...inspect(parts.key, key, [...path, key]).map((slip): Slip => ({...slip, at: 'key'})),
      ...inspect(parts.value, one, [...path, key]),
    ])
  }
  const {members, required} = parts
  const missing = required.filter((name) => !Object.hasOwn(found, name))
  return [
    ...missing.map((name): Slip => ({path, at: 'value', say: (call) => `${call(path)} has no "${name}"`})),
    ...Object.entries(found).flatMap(([name, one]): Slip[] => {
      const member = Object.hasOwn(members, name) ? members[name] : undefined
      if (member !== undefined) return inspect(member, one, [...path, name])
      const say: Slip['say'] = (call) => unknownField(name, Object.keys(members), ` in ${call(path)}`)
      return [{path: [...path, name], at: 'key', say}]
    }),
  ]
}
