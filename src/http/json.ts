// Reads JSON bodies: strict UTF-8, no prototype tricks, an empty body is no body.
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../announcement/refusal.ts'

/** Bytes of a JSON request: an announcement in five languages has fewer than 50 kB. */
const jsonLimit = 256 * 1024

/** Makes JSON the only content type of this scope. */
export const takeOnlyJson = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: jsonLimit }, (request, bytes, done) => {
    if (bytes.length === 0) return done(null, undefined)
    const text = textOf(bytes as Buffer)
    if (text === undefined) return done(notJson())
    return parse(request, text, (error, body) => (error ? done(notJson(error)) : done(null, body)))
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

const textOf = (bytes: Buffer): string | undefined => {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

const notJson = (cause?: unknown): Refusal =>
  new Refusal(
    {
      code: 'invalid-json',
      de: 'Der Inhalt ist kein gültiges JSON in UTF-8.',
      en: 'The content is not valid JSON in UTF-8.',
      place: 'body',
    },
    { cause },
  )
