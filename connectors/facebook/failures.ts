// What the Graph API's errors mean. https://developers.facebook.com/docs/graph-api/guides/error-handling
import { z } from 'zod'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, retryAfterMs } from '../../src/connector/http.ts'

const problem = z.object({
  error: z.object({
    message: z.string(),
    code: z.number(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    error_user_msg: z.string().optional(),
  }),
})
type Problem = z.infer<typeof problem>['error']

/** The API's own words; undefined when something in between answered in its place. */
const problemOf = (answer: Answer): Problem | undefined => {
  try {
    return problem.parse(JSON.parse(answer.text)).error
  } catch {
    return undefined
  }
}

const minute = 60_000

/** The page behind a link cannot be read; nothing was posted. */
class UnreadableLink extends RejectedError {}
export const isUnreadableLink = (error: unknown): boolean => error instanceof UnreadableLink

/** 2207008: Instagram cannot publish this container for the moment, and perhaps never will. */
class RefusedContainer extends NotYetError {}
export const isRefusedContainer = (error: unknown): boolean => error instanceof RefusedContainer
/** "Try again 1-2 times in the next 30 seconds to 2 minutes": https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes */
export const refusedContainerMs = 45_000

/** 100/33, 803, and 24/2207006 on Instagram: no object with this id, or none that this token may see. */
const notThere = ({ code, error_subcode }: Problem): boolean =>
  (code === 100 && error_subcode === 33) || code === 803 || error_subcode === 2207006

export const isGone = (answer: Answer): boolean => {
  const said = problemOf(answer)
  return said !== undefined && answer.status < 500 && notThere(said)
}

/** @param title the platform's name */
export const refusal = (answer: Answer, kind: CallKind, title: string): Error => {
  const said = problemOf(answer)
  const words = `${title} antwortet ${answer.status}${said ? ` (${numbersOf(said)})` : ''}: ${shortQuote(answer, said)}`
  const lost = kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  if (said === undefined) return answer.status >= 500 || answer.status === 408 ? lost : new UnreachableError(words)
  return channelFault(said, words) ?? wait(answer, said, words) ?? open(answer, said, lost, words) ?? rejected(said, words)
}

const numbersOf = ({ code, error_subcode }: Problem): string => [code, error_subcode].filter((number) => number !== undefined).join('/')

/** Room for an advice beside it. */
const shortQuote = (answer: Answer, said: Problem | undefined): string => answer.quote(said?.error_user_msg ?? said?.message, 180)

/** What a person has to mend; the words say how. */
const channelFault = ({ code, error_subcode }: Problem, words: string): ChannelError | undefined => {
  const advice = adviceBySubcode[error_subcode ?? 0] ?? adviceByCode(code)
  return advice === undefined ? undefined : new ChannelError(`${words} ${advice}`)
}

const login = 'Bitte in Meta neu anmelden und ein neues Token hinterlegen.'

/** Subcodes of 190 and 102, 368/4854002, and Instagram's 2207050 and 2207051: what stands in the way until a person acts. */
const adviceBySubcode: Readonly<Record<number, string>> = {
  458: `Die App ist nicht mehr verbunden. ${login}`,
  459: 'Das Konto muss sich erst auf facebook.com bestätigen.',
  460: `Das Kennwort wurde geändert. ${login}`,
  463: `Das Token ist abgelaufen. ${login}`,
  464: 'Das Konto muss sich erst auf facebook.com bestätigen.',
  467: `Das Token ist ungültig. ${login}`,
  492: 'Das Konto hat keine Rolle mehr auf der Seite; bitte dort wieder eintragen.',
  4854002: 'Meta verlangt einen Nachweis der Identität; bitte in der Meta Business Suite erledigen.',
  2207050: 'Das Konto ist eingeschränkt; bitte in der Instagram-App nachsehen.',
  2207051: 'Instagram hält den Beitrag für unerwünscht; bitte in der Instagram-App Einspruch erheben.',
}

const adviceByCode = (code: number): string | undefined => {
  if (code === 190 || code === 102) return login
  if (code === 3 || code === 10 || (code >= 200 && code <= 299)) return 'Der App fehlt ein Recht; bitte die Freigaben in Meta prüfen.'
  return undefined
}

/** Limits of calls (app, user, page), of what a platform takes (341, 368) and of one Business Use Case (80000 to 80014). */
const isRate = ({ code, error_subcode }: Problem): boolean =>
  [4, 17, 32, 341, 613].includes(code) || (code >= 80000 && code <= 80014) || (code === 368 && error_subcode === 1390008)

const wait = (answer: Answer, said: Problem, words: string): Error | undefined => {
  // 100 posts in 24 hours that move along: some place becomes free long before the day is over.
  if (said.error_subcode === 2207042) return new NotYetError(`${words} Das Tageskontingent ist verbraucht.`, 15 * minute)
  if (said.error_subcode === 2207027) return new NotYetError(words, minute / 6)
  if (said.error_subcode === 2207008) return new RefusedContainer(words, refusedContainerMs)
  if (isRate(said)) return new NotYetError(words, regainMs(answer.headers))
  if (said.code === 368) return new ChannelError(`${words} Meta hat das Konto vorübergehend gesperrt; bitte dort nachsehen.`)
  return undefined
}

const rejected = ({ error_subcode }: Problem, words: string): RejectedError =>
  error_subcode === 1609005 ? new UnreadableLink(words) : new RejectedError(words)

const usage = z.record(z.string(), z.array(z.object({ estimated_time_to_regain_access: z.number().default(0) })))

/** Minutes, in `X-Business-Use-Case-Usage`: https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
const regainMs = (headers: Headers): number => {
  try {
    const all = usage.parse(JSON.parse(headers.get('x-business-use-case-usage') ?? ''))
    const minutes = Math.max(0, ...Object.values(all).flatMap((uses) => uses.map((use) => use.estimated_time_to_regain_access)))
    if (minutes > 0) return Math.min(minutes, 24 * 60) * minute
  } catch {
    // no such header: the limits of an app and of a user do not say how long
  }
  return headers.has('retry-after') ? retryAfterMs(headers, Date.now()) : 5 * minute
}

/**
 * 1, 2 and whatever calls itself passing may have posted all the same, as may any 5xx; 506 and 1366051 say that it stands there already.
 * -2 and 9004 are about fetching media, before anything is posted.
 */
const open = ({ status }: Answer, said: Problem, lost: Error, words: string): Error | undefined => {
  if (said.code === 506 || said.error_subcode === 1366051) return lost
  if (said.code === -2 || said.code === 9004) return new UnreachableError(`${words} Ist die öffentliche Adresse des Newsrooms erreichbar?`)
  return status >= 500 || status === 408 || said.code === 1 || said.code === 2 || said.code === -1 || said.is_transient ? lost : undefined
}
