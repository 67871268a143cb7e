// Checks requests by their zod schemas and says in two languages what does not fit.
import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { type Problem, Refusal } from '../announcement/refusal.ts'

const german = z.locales.de().localeError
const english = z.locales.en().localeError

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
  return { code: 'invalid-input', place, ...sentences(issue, place) }
}

const sentences = (issue: Issue, place: string): { readonly de: string; readonly en: string } => {
  if (issue.code === 'invalid_type' && issue.input === undefined) return { de: `„${place}“ fehlt.`, en: `“${place}” is missing.` }
  if (issue.code === 'custom') return { de: `„${place}“: ${issue.message}`, en: `“${place}”: ${issue.message}` }
  return {
    de: `„${place}“: ${textOf(german(issue as z.core.$ZodRawIssue))}`,
    en: `“${place}”: ${textOf(english(issue as z.core.$ZodRawIssue))}`,
  }
}

/** Cut, because an issue may name what was sent (an unknown key of 200 kB). */
const textOf = (said: string | { message: string } | undefined | null): string =>
  (typeof said === 'string' ? said : (said?.message ?? '')).slice(0, 300)
