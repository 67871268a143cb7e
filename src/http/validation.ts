// Checks requests by their zod schemas and says in two languages what does not fit.
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { type Problem, Refusal } from '../announcement/refusal.ts'

const readInside = new WeakSet<z.ZodType>()

/** Marks a schema that only describes: a command reads the input itself and names the faults better than a schema can. */
export const readByTheCommand = <Schema extends z.ZodType>(schema: Schema): Schema => {
  readInside.add(schema)
  return schema
}

/** Fastify's validator compiler: what does not fit becomes a `Refusal` with one problem per field. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = 'body' }) =>
  (data: unknown) => {
    if (readInside.has(schema)) return { value: data }
    const result = schema.safeParse(data ?? undefined, { reportInput: true })
    return result.success ? { value: result.data } : { error: new Refusal(result.error.issues.map((issue) => problemOf(issue, httpPart))) }
  }

type Issue = z.core.$ZodIssue

const problemOf = (issue: Issue, part: string): Problem => {
  const place = issue.path.length > 0 ? issue.path.map(String).join('.').slice(0, 200) : part
  const [de, en] = sentencesOf(issue)
  return { code: 'invalid-input', place, de: `»${place}« ${de}.`, en: `“${place}” ${en}.` }
}

type Sentences = readonly [de: string, en: string]

/** What goes on after the name of the place. A number comes from the schema, a name may come from outside and is cut. */
const sentencesOf = (issue: Issue): Sentences => {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return ['fehlt', 'is missing']
      return [
        `hat die falsche Art; erwartet wird: ${kinds[issue.expected] ?? issue.expected}`,
        `has the wrong type; expected is: ${issue.expected}`,
      ]
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ')
      return [`gibt es so nicht; möglich sind: ${values}`, `is not known; possible are: ${values}`]
    }
    case 'too_small':
      return [`ist zu klein; mindestens ${issue.minimum}${unit(issue.origin)}`, `is too small; at least ${issue.minimum}`]
    case 'too_big':
      return [`ist zu groß; höchstens ${issue.maximum}${unit(issue.origin)}`, `is too large; at most ${issue.maximum}`]
    case 'invalid_format':
      return formats[issue.format] ?? ['hat nicht die erwartete Form', 'does not have the expected form']
    case 'unrecognized_keys': {
      const names = issue.keys.join(', ').slice(0, 100)
      return [`enthält Unbekanntes: ${names}`, `has unknown fields: ${names}`]
    }
    default:
      return ['ist so nicht gültig', 'is not valid']
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'Text',
  number: 'eine Zahl',
  int: 'eine ganze Zahl',
  boolean: 'true oder false',
  array: 'eine Liste',
  object: 'ein Objekt',
}

const unit = (origin: string): string => ({ string: ' Zeichen', array: ' Einträge' })[origin] ?? ''

const formats: Readonly<Record<string, Sentences>> = {
  uuid: ['ist keine Kennung (UUID)', 'is not a UUID'],
  url: ['ist keine Webadresse mit https:// oder http://', 'is not a web address with https:// or http://'],
}
