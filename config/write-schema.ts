// Writes config/city.schema.json, by which editors complete and check city files: `node config/write-schema.ts`.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { cityFile } from '../src/policy/schema.ts'

/** Where the schema stands; every city file names it in its first line. */
export const schemaFile = join(import.meta.dirname, 'city.schema.json')

/** The JSON Schema (draft 2020-12) of a city file, as text. */
export const schemaText = (): string => `${JSON.stringify(z.toJSONSchema(cityFile, { io: 'input' }), null, 2)}\n`

if (import.meta.main) writeFileSync(schemaFile, schemaText())
