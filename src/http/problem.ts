// Every "no" of this door: application/problem+json (RFC 9457) with a stable code and a German and an English sentence.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isResponseSerializationError } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Problem, Refusal } from '../announcement/refusal.ts'
import { storeIsAway } from './store-away.ts'

export const problemType = 'application/problem+json'

export const problemSchema = z
  .object({
    type: z.string().meta({ example: 'urn:rundruf:problem:needs-approval' }),
    title: z.string().meta({ description: 'Worum es geht, kurz / what it is about, in short (German)' }),
    status: z.number().int(),
    code: z.string().meta({ description: 'Stable; scripts may hang on it', example: 'needs-approval' }),
    detail: z.string().meta({ description: 'Was zu tun ist, auf Deutsch' }),
    detailEn: z.string().meta({ description: 'What to do, in English' }),
    problems: z
      .array(z.object({ code: z.string(), place: z.string().nullable(), de: z.string(), en: z.string() }).readonly())
      .readonly()
      .meta({ description: 'Each single thing that was wrong, with its place in the request' }),
    instance: z.string().meta({ description: 'This very occurrence, as it stands in the log' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' })

type ProblemBody = z.infer<typeof problemSchema>

/** The status of each code of a `Refusal`; what is not here is 422: understood, but not acceptable. */
const statuses: Readonly<Record<string, number>> = {
  'invalid-input': 400,
  'invalid-json': 400,
  'not-an-object': 400,
  'invalid-request': 400,
  'idempotency-key-invalid': 400,
  'no-key': 401,
  'wrong-key': 401,
  'not-allowed': 403,
  'own-announcement': 403,
  'person-missing': 403,
  'writer-unknown': 403,
  'foreign-origin': 403,
  'unknown-route': 404,
  'unknown-city': 404,
  'unknown-channel': 404,
  'unknown-announcement': 404,
  'unknown-delivery': 404,
  'unknown-key': 404,
  'unknown-media': 404,
  'method-not-allowed': 405,
  'digest-mismatch': 409,
  'needs-approval': 409,
  'already-approved': 409,
  'already-released': 409,
  'already-retracted': 409,
  'not-released': 409,
  'not-held': 409,
  'channel-suspended': 409,
  'by-hand': 409,
  'changed-in-store': 409,
  unchanged: 409,
  'changed-meanwhile': 409,
  'still-a-draft': 409,
  'amendment-waits': 409,
  'nothing-waits': 409,
  'key-exists': 409,
  'idempotency-key-in-flight': 409,
  'body-too-large': 413,
  'media-too-large': 413,
  'content-type': 415,
  'too-many-requests': 429,
  'store-away': 503,
}

const titles: Readonly<Record<number, string>> = {
  400: 'Die Anfrage ist nicht lesbar',
  401: 'Schlüssel fehlt oder gilt nicht',
  403: 'Nicht erlaubt',
  404: 'Nicht gefunden',
  405: 'So nicht möglich',
  409: 'Passt nicht zum jetzigen Stand',
  413: 'Zu groß',
  415: 'Falsches Format',
  422: 'So nicht annehmbar',
  429: 'Zu viele Anfragen',
  500: 'Unerwarteter Fehler',
  503: 'Vorübergehend nicht erreichbar',
}

const unexpected: Problem = {
  code: 'unexpected',
  de: 'Das hätte nicht passieren dürfen; der Fehler ist im Protokoll vermerkt. Ob die Anfrage gewirkt hat, zeigt die Liste der Meldungen.',
  en: 'This should not have happened; the error is in the log. The list of announcements shows whether the request had an effect.',
}

const storeAway: Problem = {
  code: 'store-away',
  de: 'Die Datenbank ist gerade nicht erreichbar; die Anfrage ist nicht bestätigt. Bitte gleich noch einmal versuchen.',
  en: 'The database cannot be reached right now; the request is not confirmed. Please try again in a moment.',
}

const oneFile: Problem = {
  code: 'media-one-only',
  de: 'Bitte genau eine Datei je Anfrage senden.',
  en: 'Send exactly one file per request.',
  place: 'media',
}

/** What Fastify and its plug-ins refuse, in our words. */
const ofFastify: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'body-too-large', de: 'Die Anfrage ist zu groß.', en: 'The request is too large.' },
  FST_REQ_FILE_TOO_LARGE: { code: 'media-too-large', de: 'Die Datei ist größer als 200 MB.', en: 'The file is larger than 200 MB.' },
  FST_FILES_LIMIT: oneFile,
  FST_PARTS_LIMIT: oneFile,
  FST_FIELDS_LIMIT: oneFile,
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'unknown-route',
    de: 'Diese Adresse gibt es nicht: Sie ist zu lang.',
    en: 'There is no such address: it is too long.',
  },
  FST_ERR_BAD_URL: { code: 'invalid-request', de: 'Die Adresse ist nicht lesbar.', en: 'The address cannot be read.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'content-type',
    de: 'Diese Art von Inhalt wird hier nicht angenommen. Möglich ist JSON (application/json).',
    en: 'This type of content is not taken here. Possible is JSON (application/json).',
  },
}

const invalidRequest: Problem = { code: 'invalid-request', de: 'Die Anfrage ist fehlerhaft.', en: 'The request is malformed.' }

/** The problems of any thrown value. */
export const problemsOf = (error: unknown): readonly Problem[] => {
  if (error instanceof Refusal) return error.problems.length > 0 ? error.problems : [invalidRequest]
  if (storeIsAway(error)) return [storeAway]
  if (isUnstorable(error)) return [unstorable]
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>
  const known = code === undefined ? undefined : ofFastify[code]
  if (known) return [known]
  const clientsFault = statusCode !== undefined && statusCode >= 400 && statusCode < 500
  return [clientsFault && !isResponseSerializationError(error as object) ? invalidRequest : unexpected]
}

/** What PostgreSQL says to a NUL or half a character in a text (appendix A): the request's fault, wherever it came through. */
const isUnstorable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '22021' || error.code === '22P05')

const unstorable: Problem = {
  code: 'control-characters',
  de: 'Die Anfrage enthält ein Zeichen, das in keinen Text gehört (U+0000 oder ein halbes Zeichen). Bitte entfernen Sie es.',
  en: 'The request contains a character that belongs into no text (U+0000, or half of one). Please remove it.',
}

export const statusOf = (problem: Problem): number => {
  if (problem === unexpected) return 500
  const status = statuses[problem.code] ?? 422
  // What is unknown inside the body (`media.0.id`) is no wrong address.
  return status === 404 && problem.place?.includes('.') ? 422 : status
}

/** At most this many problems are listed: a broken file of 256 kB must not be answered by a megabyte. */
const mostListed = 20

const problemBody = (problems: readonly Problem[], requestId: string): ProblemBody => {
  const first = problems[0] ?? unexpected
  const status = statusOf(first)
  return {
    type: `urn:rundruf:problem:${first.code}`,
    title: titles[status] ?? 'Fehler',
    status,
    code: first.code,
    detail: first.de,
    detailEn: first.en,
    problems: problems.slice(0, mostListed).map(({ code, place, de, en }) => ({ code, place: place ?? null, de, en })),
    instance: `urn:uuid:${requestId}`,
  }
}

/** Sends the problem; the payload is a string, so that no response schema can get between. */
export const sendProblem = (request: FastifyRequest, reply: FastifyReply, problems: readonly Problem[]): FastifyReply => {
  const body = problemBody(problems, request.id)
  if (body.status === 401) reply.header('www-authenticate', 'Bearer realm="rundruf"')
  if (body.status === 503) reply.header('retry-after', '5')
  return reply.status(body.status).header('cache-control', 'no-store').type(problemType).send(JSON.stringify(body))
}
