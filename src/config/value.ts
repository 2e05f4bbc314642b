import * as z from 'zod'

/** What may stand in a place of the config. Lists, maps and objects know their parts, so that a slip is found where it is. */
export interface Value<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema
  /** Completes "must be ...". */
  readonly allowed: string
  /** How a flag's text is read. `words`: a list whose items may hold commas; `pairs`: `a=b,c=d`. */
  readonly typed: 'text' | 'number' | 'switch' | 'choices' | 'list' | 'words' | 'pairs' | 'json'
  /** The words that may stand there, where they are a closed list. */
  readonly names?: readonly string[]
  readonly parts?:
    | {readonly kind: 'list'; readonly item: Value}
    | {readonly kind: 'map'; readonly key: Value; readonly value: Value}
    | {readonly kind: 'object'; readonly members: Members; readonly required: readonly string[]}
}

type Members = Readonly<Record<string, Value & {readonly describe: string}>>

/** The schemas of an object's members; those that are not required may be left out. */
type Shape<M extends Members, Required extends keyof M> = {
  [Name in keyof M]: Name extends Required ? M[Name]['schema'] : z.ZodExactOptional<M[Name]['schema']>
}

export function whole(min: number, max: number) {
  const allowed = `a whole number from ${min} to ${max}`
  return {schema: z.number().int().min(min).max(max), allowed, typed: 'number'} as const satisfies Value
}

export function text(pattern: RegExp, allowed: string) {
  return {schema: z.string().regex(pattern), allowed, typed: 'text'} as const satisfies Value
}

export const trueOrFalse = {
  schema: z.boolean(),
  allowed: 'true or false',
  typed: 'switch',
} as const satisfies Value

export function oneOf<const Name extends string>(names: readonly [Name, ...Name[]]) {
  return {schema: z.enum(names), allowed: quoted(names), typed: 'text', names} as const satisfies Value
}

/** One of the names, or a list of them. */
export function someOf<const Name extends string>(names: readonly [Name, ...Name[]]) {
  const schema = z.union([z.enum(names), z.array(z.enum(names)).min(1)])
  const allowed = `${quoted(names)}, or a list of them`
  return {schema, allowed, typed: 'choices', names} as const satisfies Value
}

/** Kosmos' netctl writes "" where a field is not set. */
export function orEmpty<S extends z.ZodType>({schema, allowed, typed, names = []}: Value<S>) {
  return {schema: z.union([z.literal(''), schema]), allowed, typed, names} as const satisfies Value
}

interface Size {
  readonly min?: number
  readonly max: number
}

export function listOf<S extends z.ZodType>(
  item: Value<S>,
  allowed: string,
  {min = 0, max}: Size,
  typed: 'list' | 'words' | 'json' = 'list',
) {
  return {
    schema: z.array(item.schema).min(min).max(max),
    allowed,
    typed,
    parts: {kind: 'list', item},
  } as const satisfies Value
}

export function mapOf<S extends z.ZodType<string>>(
  key: Value<z.ZodString>,
  value: Value<S>,
  allowed: string,
) {
  return {
    schema: z.record(key.schema, value.schema),
    allowed,
    typed: 'pairs',
    parts: {kind: 'map', key, value},
  } as const satisfies Value
}

export function objectOf<M extends Members, Required extends keyof M & string>(
  members: M,
  required: readonly Required[],
  allowed: string,
) {
  const shape = Object.entries(members).map(([name, {schema, describe}]) => {
    const described = schema.describe(describe)
    return [name, (required as readonly string[]).includes(name) ? described : z.exactOptional(described)]
  })
  return {
    schema: z.strictObject(Object.fromEntries(shape) as Shape<M, Required>),
    allowed,
    typed: 'json',
    parts: {kind: 'object', members, required},
  } as const satisfies Value
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
