// What a request to X says: its JSON, and the fields that it wants back.
import type { Ask } from '../room.ts'
import { invalid } from './answers.ts'

/** The body as a JSON object; an empty one where there is none. */
export const jsonOf = ({ body }: Ask): object => {
  const parsed = parse(body)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw invalid('body', 'The body must be a JSON object.')
  return parsed
}

const parse = (body: Buffer): unknown => {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

/** `post.fields=entities,created_at`; the older name for the fields of posts is understood as well. */
export const fieldsIn = (query: URLSearchParams, ...names: readonly string[]): ReadonlySet<string> =>
  new Set(names.flatMap((name) => query.get(name)?.split(',') ?? []))

/** Refuses what an object has beside the names that it may have. */
export const only = (given: object, names: readonly string[]): void => {
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) throw invalid(unknown, `The parameter [${unknown}] is not one of [${names.join(',')}]`)
}

/** A segment of an upload, from a form; its bytes may come without a file name. */
export const segmentIn = ({ headers, body }: Ask): { readonly bytes: Buffer; readonly index: number } => {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1] ?? ''
  const fields = new Map(
    (boundary === '' ? [] : body.toString('latin1').split(`--${boundary}`)).flatMap((part) => {
      const { name, content } = /name="(?<name>\w+)"[\s\S]*?\r\n\r\n(?<content>[\s\S]*)\r\n$/.exec(part)?.groups ?? {}
      return name === undefined ? [] : [[name, content ?? '']]
    }),
  )
  const media = fields.get('media')
  const index = Number(fields.get('segment_index') ?? Number.NaN)
  if (media === undefined) throw invalid('media', 'media is required.')
  if (!Number.isInteger(index) || index < 0 || index > 999) throw invalid('segment_index', 'segment_index must be from 0 to 999.')
  return { bytes: Buffer.from(media, 'latin1'), index }
}
