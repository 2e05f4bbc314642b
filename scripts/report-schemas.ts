// Writes schemas/ from what is parsed and written: node --import tsx scripts/report-schemas.ts
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {format, resolveConfig} from 'prettier'
import {schemaFiles} from '../src/schema/files.ts'

const folder = path.join(import.meta.dirname, '../schemas')
for (const [name, schema] of Object.entries(schemaFiles())) {
  const file = path.join(folder, name)
  await writeFile(
    file,
    await format(JSON.stringify(schema), {...(await resolveConfig(file)), filepath: file}),
  )
}
