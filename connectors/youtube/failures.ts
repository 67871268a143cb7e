// What YouTube's refusals mean, by status and reason: https://developers.google.com/youtube/v3/docs/errors
import { z } from 'zod'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, retryAfterMs } from '../../src/connector/http.ts'

/** Too much for today or for this minute; quotas begin anew at midnight in California, so we ask once an hour. */
const tooMuch: ReadonlySet<string> = new Set([
  'quotaExceeded',
  'dailyLimitExceeded',
  'uploadLimitExceeded',
  'rateLimitExceeded',
  'userRateLimitExceeded',
])
const pauseMs = 3_600_000

/** Refusals with 403 that speak of this post and not of the channel. */
const ofThePost: ReadonlySet<string> = new Set(['commentsDisabled', 'forbiddenPrivacySetting', 'forbiddenLicenseSetting'])

/** What a person can do about it, beside YouTube's own sentence. */
const advice: Readonly<Record<string, string>> = {
  quotaExceeded: 'Das Tageskontingent des Google-Projekts ist verbraucht; es beginnt um Mitternacht in Kalifornien neu.',
  uploadLimitExceeded: 'Auf diesen Kanal wurden in 24 Stunden zu viele Videos hochgeladen.',
  youtubeSignupRequired: 'Zu diesem Google-Konto gehört kein YouTube-Kanal; bitte dort einen anlegen.',
  insufficientPermissions: 'Dem Zugang fehlt das Recht youtube.force-ssl; bitte das Konto neu verbinden.',
  invalidTitle: 'Der Titel darf höchstens 100 Zeichen haben und keine spitzen Klammern.',
  invalidDescription: 'Der Text darf höchstens 5000 Bytes haben und keine spitzen Klammern.',
  commentsDisabled: 'Unter diesem Video sind Kommentare ausgeschaltet.',
}

const problem = z.object({
  error: z.union([
    z.string().transform((message) => ({ message, errors: [] })),
    z.object({ message: z.string(), errors: z.array(z.object({ reason: z.string() })).default([]) }),
  ]),
})

/** YouTube's reason (`quotaExceeded`) and sentence; undefined when something in between answered in its place. */
const saidIn = (answer: Answer): { readonly reason: string; readonly message: string } | undefined => {
  try {
    const { error } = problem.parse(JSON.parse(answer.text))
    return { reason: error.errors[0]?.reason ?? '', message: error.message.replace(/<[^>]*>/g, '') }
  } catch {
    return undefined
  }
}

export const reasonOf = (answer: Answer): string => saidIn(answer)?.reason ?? ''

/** True where YouTube itself says that it is not (or no longer) there. */
export const isGone = (answer: Answer): boolean => (answer.status === 404 || answer.status === 410) && saidIn(answer) !== undefined

/** The class of an answer that is not a success. */
export const refusal = (answer: Answer, kind: CallKind): Error => {
  const { status, headers } = answer
  const said = saidIn(answer)
  const sentence = said && [`${said.reason} ${said.message}`.trim(), advice[said.reason]].filter(Boolean).join(' ')
  const words = `YouTube antwortet ${status}: ${answer.quote(sentence)}`
  if (headers.has('retry-after') && (status === 429 || status === 403 || status === 503))
    return new NotYetError(words, retryAfterMs(headers, Date.now()))
  if (status === 429 || tooMuch.has(said?.reason ?? '')) return new NotYetError(words, pauseMs)
  if (status >= 500 || status === 408) return kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  if (said === undefined) return new UnreachableError(words)
  const channel = status === 401 || (status === 403 && !ofThePost.has(said.reason))
  return channel ? new ChannelError(words) : new RejectedError(words)
}
