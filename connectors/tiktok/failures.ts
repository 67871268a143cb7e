// What TikTok's refusals mean, by status and code: https://developers.tiktok.com/doc/content-posting-api-reference-direct-post
import { z } from 'zod'
import { ChannelError, NotYetError, RejectedError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import { type Answer, type CallKind, retryAfterMs } from '../../src/connector/http.ts'

/** Too much for today: TikTok does not say until when, so we ask once an hour. */
const tooMuch: ReadonlySet<string> = new Set(['spam_risk_too_many_posts', 'spam_risk_too_many_pending_share', 'reached_active_user_cap'])
const pauseMs = 3_600_000

/** Refusals that speak of the account or the app, whatever their status. */
const ofTheChannel: ReadonlySet<string> = new Set([
  'access_token_invalid',
  'auth_removed',
  'privacy_level_option_mismatch',
  'scope_not_authorized',
  'scope_permission_missed',
  'spam_risk_user_banned_from_posting',
  'unaudited_client_can_only_post_to_private_accounts',
  'url_ownership_unverified',
])

/** What a person can do about it. */
const advice: Readonly<Record<string, string>> = {
  access_token_invalid: 'Bitte das Konto neu verbinden.',
  auth_removed: 'Dem Programm wurde der Zugang entzogen; bitte das Konto neu verbinden.',
  privacy_level_option_mismatch: 'Das Konto erlaubt diese Sichtbarkeit nicht; in der TikTok-App muss es öffentlich sein.',
  scope_not_authorized: 'Dem Zugang fehlt ein Recht; bitte das Konto neu verbinden und alles freigeben.',
  spam_risk_too_many_posts: 'Mehr Beiträge nimmt TikTok von diesem Konto heute nicht.',
  spam_risk_user_banned_from_posting: 'TikTok hat dem Konto das Veröffentlichen verboten.',
  unaudited_client_can_only_post_to_private_accounts:
    'Solange TikTok die App nicht geprüft hat, muss das Konto auf »privat« stehen; sonst bitte den Kanal auf by: hand stellen.',
  url_ownership_unverified:
    'TikTok holt Fotos nur von Adressen, die der App gehören; bitte die Domain des Newsrooms unter developers.tiktok.com bestätigen.',
  duration_check_failed: 'Das Video ist zu kurz oder zu lang.',
  file_format_check_failed: 'TikTok erkennt die Datei nicht; MP4 mit H.264 und JPEG gehen immer.',
  frame_rate_check_failed: 'Das Video braucht 23 bis 60 Bilder in der Sekunde.',
  picture_size_check_failed: 'Videos brauchen 360 bis 4096 Pixel je Seite, Fotos höchstens 1080p.',
  photo_pull_failed: 'TikTok konnte die Fotos nicht vom Newsroom holen.',
  spam_risk_text: 'TikTok hält den Text für Spam.',
}

const problem = z.object({ error: z.object({ code: z.string(), message: z.string().default('') }) })

/** TikTok's code and sentence; undefined when something in between answered in its place. */
const saidIn = (answer: Answer): { readonly code: string; readonly message: string } | undefined => {
  try {
    return problem.parse(JSON.parse(answer.text)).error
  } catch {
    return undefined
  }
}

/** `ok` is how TikTok says that all is well. */
export const codeOf = (answer: Answer): string => saidIn(answer)?.code ?? ''

/** The class of a code that came after the post was taken in, or with an answer. */
export const ofCode = (code: string, words: string): Error => {
  if (tooMuch.has(code)) return new NotYetError(words, pauseMs)
  return ofTheChannel.has(code) ? new ChannelError(words) : new RejectedError(words)
}

/** A code with what to do about it. */
export const advised = (code: string, message = ''): string => [`${code} ${message}`.trim(), advice[code]].filter(Boolean).join(': ')

/** The class of an answer that is not a success. */
export const refusal = (answer: Answer, kind: CallKind): Error => {
  const { status, headers } = answer
  const said = saidIn(answer)
  const words = `TikTok antwortet ${status}: ${answer.quote(said && advised(said.code, said.message))}`
  if (status === 429 || (status === 503 && headers.has('retry-after'))) return new NotYetError(words, retryAfterMs(headers, Date.now()))
  if (status >= 500 || status === 408) return kind === 'write' ? new UnclearError(words) : new UnreachableError(words)
  if (said === undefined) return new UnreachableError(words)
  return status === 401 ? new ChannelError(words) : ofCode(said.code, words)
}
