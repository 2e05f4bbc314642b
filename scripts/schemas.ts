// Writes schemas/ from what the program itself checks: `node --import tsx scripts/schemas.ts`. With --check nothing is
// written, and a file that is not as it would be is an error.
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import * as prettier from 'prettier'
import * as z from 'zod'
import {DEFAULTS, FIELD_NAMES, FIELDS, type Field} from '../src/config/fields.ts'
import {schemaFiles} from '../src/schema/files.ts'

const folder = join(import.meta.dirname, '../schemas')

function config(): z.ZodType {
  const defaults: Readonly<Record<string, unknown>> = DEFAULTS
  const properties = FIELD_NAMES.map((name) => {
    const {schema, describe, allowed, typed}: Field = FIELDS[name]
    const meta = {
      description: typed === 'switch' ? describe : `${describe}. Must be ${allowed}.`,
      ...(name in defaults ? {default: defaults[name]} : {}),
    }
    return [name, schema.meta(meta).optional()] as const
  })
  return z
    .strictObject({$schema: z.string().optional(), ...Object.fromEntries(properties)})
    .meta({title: 'kubectl netdoctor: config.json', description: 'Times are in seconds.'})
}

/** The name is its `$id` as well: a relative one is true wherever the file lies. Draft 7 is what editors know. */
function configSchema(): object {
  const {$schema, ...rest} = z.toJSONSchema(config(), {target: 'draft-07'})
  return {$schema, $id: 'config.schema.json', ...rest}
}

const isCheck = process.argv.includes('--check')
await mkdir(folder, {recursive: true})
for (const [name, schema] of Object.entries({...schemaFiles(), 'config.schema.json': configSchema()})) {
  const file = join(folder, name)
  const options = {...(await prettier.resolveConfig(file)), parser: 'json'}
  const text = await prettier.format(JSON.stringify(schema), options)
  if (!isCheck) {
    await writeFile(file, text)
  } else if (text !== (await readFile(file, 'utf8').catch(() => undefined))) {
    console.error(`schemas/${name} is not what the code says: run node --import tsx scripts/schemas.ts`)
    process.exitCode = 1
  }
}
