// What this YouTube allows, as documented, and what a test may set otherwise.
import { counter } from '../rate.ts'
import type { Ask } from '../room.ts'
import { overQuota, refuse } from './answers.ts'

export interface YoutubeSettings {
  /** Seconds that an access token is good. https://developers.google.com/identity/protocols/oauth2/web-server#offline */
  readonly accessSeconds: number
  /** Seconds until a refresh token ends; null: it does not. Seven days while a project is being tested. */
  readonly refreshSeconds: number | null
  /** What every token may do, separated by spaces. */
  readonly scope: string
  /** Milliseconds that a film is processed. */
  readonly processingMs: number
  /** Seconds after which an upload session is forgotten. */
  readonly sessionSeconds: number
  /** Language of the track that YouTube makes of what is spoken in every film; null: none. https://developers.google.com/youtube/v3/docs/captions#snippet.trackKind */
  readonly spoken: string | null
  /** true: the project was audited, and its uploads may be public. https://developers.google.com/youtube/v3/docs/videos/insert */
  readonly audited: boolean
  /** A day's uploads, and units for everything else; false: nothing is counted. https://developers.google.com/youtube/v3/determine_quota_cost */
  readonly quota: false | { readonly uploads: number; readonly units: number }
}

export const youtubeDefaults: YoutubeSettings = {
  accessSeconds: 3599,
  refreshSeconds: null,
  scope: 'https://www.googleapis.com/auth/youtube.force-ssl',
  processingMs: 0,
  sessionSeconds: 604_800,
  spoken: null,
  audited: true,
  quota: { uploads: 100, units: 10_000 },
}

const costs: Readonly<Record<string, number>> = {
  'POST captions': 400,
  'PUT captions': 450,
  'GET captions': 50,
  'PUT videos': 50,
  'DELETE videos': 50,
  'POST commentThreads': 50,
  'POST comments': 50,
  'PUT comments': 50,
  'DELETE comments': 50,
}

const daySeconds = 86_400

/** Counts one call; throws YouTube's refusal when the day's quota is used up. */
export const openQuota = (quota: YoutubeSettings['quota'], now: () => number): ((account: string, ask: Ask) => void) => {
  if (quota === false) return () => {}
  const uploads = counter({ points: quota.uploads, seconds: daySeconds }, now, true)
  const units = counter({ points: quota.units, seconds: daySeconds }, now, true)
  return (account, { method, path }) => {
    const resource = path.split('/').at(-1) ?? ''
    // the pieces of an upload cost nothing more
    if (path.startsWith('/upload/') && resource === 'videos') {
      if (method === 'POST' && !uploads.take(account).allowed) throw overQuota()
      return
    }
    if (!units.take(account, costs[`${method} ${resource}`] ?? 1).allowed) throw overQuota()
  }
}

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8')

/** https://developers.google.com/youtube/v3/docs/videos#snippet: characters of the title, bytes of the description, no angle brackets. */
export const checkWords = (title: unknown, description: unknown, category: unknown): void => {
  if (typeof title !== 'string' || title.trim() === '' || [...title].length > 100 || /[<>]/.test(title))
    throw refuse(400, 'invalidTitle', 'The request metadata specifies an invalid or empty video title.')
  if (description !== undefined && (typeof description !== 'string' || bytesOf(description) > 5000 || /[<>]/.test(description)))
    throw refuse(400, 'invalidDescription', 'The request metadata specifies an invalid video description.')
  if (typeof category !== 'string' || !/^\d{1,2}$/.test(category))
    throw refuse(400, 'invalidCategoryId', 'The snippet.categoryId property specifies an invalid category ID.')
}
