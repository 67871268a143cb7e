// What an announced post must say, and TikTok's refusals where it does not.
import { refuse } from './answers.ts'
import type { TiktokSettings } from './limits.ts'

interface PostInfo {
  readonly title?: string
  readonly description?: string
  readonly privacy_level?: string
}

export interface FilmWish {
  readonly post_info?: PostInfo
  readonly source_info?: {
    readonly source?: string
    readonly video_size?: number
    readonly chunk_size?: number
    readonly total_chunk_count?: number
  }
}

export interface PhotoWish {
  readonly media_type?: string
  readonly post_mode?: string
  readonly post_info?: PostInfo
  readonly source_info?: { readonly source?: string; readonly photo_images?: readonly string[]; readonly photo_cover_index?: number }
}

export const privacyLevels = ['PUBLIC_TO_EVERYONE', 'MUTUAL_FOLLOW_FRIENDS', 'SELF_ONLY'] as const

const invalid = (message: string) => refuse(400, 'invalid_params', message)

/** Until the audit an app posts for the account's own eyes: https://developers.tiktok.com/doc/content-sharing-guidelines */
const checkedPrivacy = ({ privacy_level: level }: PostInfo, { audited }: TiktokSettings): boolean => {
  if (!privacyLevels.some((one) => one === level))
    throw refuse(403, 'privacy_level_option_mismatch', 'Privacy level option is not among the allowed options.')
  if (!audited && level !== 'SELF_ONLY')
    throw refuse(
      403,
      'unaudited_client_can_only_post_to_private_accounts',
      'Please review our integration guidelines at https://developers.tiktok.com/doc/content-sharing-guidelines/',
    )
  return level === 'PUBLIC_TO_EVERYONE'
}

const checkedLength = (text: string | undefined, most: number, what: string): string => {
  if ((text ?? '').length > most) throw invalid(`The ${what} is longer than ${most} UTF-16 runes.`)
  return text ?? ''
}

/** Bytes. */
const [least, most, lastMost] = [5_000_000, 64_000_000, 128_000_000]

/** https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide#chunk_restrictions */
const checkChunks = (size: number, chunk: number, chunks: number): void => {
  if (size > 4_000_000_000) throw invalid('The video is too large.')
  const last = size - (chunks - 1) * chunk
  const whole = size < least ? chunk === size && chunks === 1 : chunk <= most || (chunks === 1 && chunk === size && size <= most)
  const fits = chunks >= 1 && chunks <= 1000 && chunks === Math.floor(size / chunk) && last <= lastMost
  if (!whole || !fits || (size >= least && chunk < least)) throw invalid('The total chunk count is invalid.')
}

export const checkedFilm = ({ post_info: info = {}, source_info: source = {} }: FilmWish, settings: TiktokSettings) => {
  const text = checkedLength(info.title, 2200, 'title')
  const isPublic = checkedPrivacy(info, settings)
  const { video_size: size = 0, chunk_size: chunk = 0, total_chunk_count: chunks = 0 } = source
  if (source.source !== 'FILE_UPLOAD' || size <= 0) throw invalid('The source info is empty or incorrect.')
  checkChunks(size, chunk, chunks)
  return { text, isPublic, size, chunk, chunks }
}

export const checkedPhotos = ({ post_info: info = {}, source_info: source = {}, ...wish }: PhotoWish, settings: TiktokSettings) => {
  if (wish.media_type !== 'PHOTO' || wish.post_mode !== 'DIRECT_POST') throw invalid('The media type or the post mode is incorrect.')
  const title = checkedLength(info.title, 90, 'title')
  const text = checkedLength(info.description, 4000, 'description')
  const isPublic = checkedPrivacy(info, settings)
  const urls = source.photo_images ?? []
  if (source.source !== 'PULL_FROM_URL' || urls.length === 0 || urls.length > 35) throw invalid('The source info is empty or incorrect.')
  const { verified } = settings
  if (verified !== null && !urls.every((url) => verified.some((prefix) => url.startsWith(prefix))))
    throw refuse(403, 'url_ownership_unverified', 'Please review our URL ownership verification rules.')
  return { title, text, isPublic, urls }
}
