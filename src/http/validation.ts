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
    if (!result.success) return { error: new Refusal(result.error.issues.map((issue) => problemOf(issue, httpPart))) }
    const unstorable = httpPart === 'headers' ? undefined : unstorableIn(result.data, [])
    return unstorable === undefined ? { value: result.data } : { error: new Refusal(unstorableAt(unstorable, httpPart)) }
  }

/** The place of the first string that no store takes: one with a NUL, or with half of a surrogate pair. Names of fields count, too. */
const unstorableIn = (value: unknown, place: readonly string[]): readonly string[] | undefined => {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? place : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, inside] of Object.entries(value)) {
    const found = unstorableIn(name, place) ?? unstorableIn(inside, [...place, name])
    if (found) return found
  }
  return undefined
}

const unstorableAt = (path: readonly string[], part: string): Problem => {
  const place = path.length > 0 ? path.join('.').slice(0, 200) : part
  return {
    code: 'control-characters',
    place,
    de: `»${place}« enthält ein Zeichen, das in keinen Text gehört (U+0000 oder ein halbes Zeichen).`,
    en: `“${place}” contains a character that belongs into no text (U+0000, or half of one).`,
  }
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
