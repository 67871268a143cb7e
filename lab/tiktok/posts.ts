// Posts on their way to this TikTok: announced, uploaded or fetched, worked on, published.
// https://developers.tiktok.com/doc/content-posting-api-reference-direct-post
import { fileTypeFromBuffer } from 'file-type'
import { imageSize } from 'image-size'
import { fetchMedia } from '../fetching.ts'
import type { Content, LedgerImage } from '../ledger.ts'
import type { Answer, Ask, Operation, Parts } from '../room.ts'
import { fine, refuse } from './answers.ts'
import type { TiktokSettings } from './limits.ts'
import { checkedFilm, checkedPhotos, type FilmWish, type PhotoWish } from './wishes.ts'

interface Posting {
  readonly account: string
  readonly publishId: string
  readonly kind: 'video' | 'photo'
  readonly text: string
  readonly title: string | null
  readonly isPublic: boolean
  readonly size: number
  readonly chunk: number
  readonly chunks: number
  /** Milliseconds since 1970. */
  readonly until: number
  readonly pieces: Buffer[]
  /** When all of it was there; null: not yet. */
  wholeAt: number | null
  failure: string | null
  /** The public id. */
  postId: string | null
}

export interface PostDesk {
  initFilm(account: string, wish: FilmWish): Answer
  initPhotos(account: string, wish: PhotoWish, ask: Ask): Promise<Answer>
  piece(ask: Ask): Promise<Answer>
  status(account: string, publishId: unknown): Answer
  standing(account: string, id: string): boolean
  clear(): void
}

const range = /^bytes (\d+)-(\d+)\/(\d+)$/

/** The last piece publishes. */
export const operationOf = ({ headers }: Ask): Operation => {
  const [, , to, size] = range.exec(headers['content-range'] ?? '') ?? []
  return to !== undefined && Number(to) + 1 === Number(size) ? 'publish' : 'media'
}

export const openPosts = (parts: Parts, settings: TiktokSettings): PostDesk => {
  const all = new Map<string, Posting>()
  const nextId = openIds(parts.now)
  const begun = (posting: Omit<Posting, 'publishId' | 'pieces' | 'wholeAt' | 'failure' | 'postId' | 'until'>): Posting => {
    const prefix = posting.kind === 'video' ? 'v_pub_file' : 'p_pub_url'
    const until = parts.now() + settings.uploadSeconds * 1000
    const made = { ...posting, publishId: `${prefix}~v2.${nextId()}`, until, pieces: [], wholeAt: null, failure: null, postId: null }
    all.set(made.publishId, made)
    return made
  }
  return {
    initFilm(account, wish) {
      const film = checkedFilm(wish, settings)
      const { publishId } = begun({ account, kind: 'video', title: null, ...film })
      const query = new URLSearchParams({ upload_id: publishId, upload_token: 'one-hour' })
      return fine({ publish_id: publishId, upload_url: `${parts.url()}/tiktok/upload/video/?${query}` })
    },
    async initPhotos(account, wish, ask) {
      const { urls, ...photos } = checkedPhotos(wish, settings)
      const posting = begun({ account, kind: 'photo', size: 0, chunk: 0, chunks: 0, ...photos })
      const images = await pulled(parts, urls, ask)
      publish(parts, posting, typeof images === 'string' ? images : { images }, nextId)
      return fine({ publish_id: posting.publishId })
    },
    async piece(ask) {
      const posting = all.get(ask.query.get('upload_id') ?? '')
      if (!posting) return { status: 404 }
      if (posting.until <= parts.now()) return { status: 403 }
      const status = take(posting, ask)
      if (status === 201 && posting.wholeAt === null) publish(parts, posting, await filmIn(parts, posting), nextId)
      return { status }
    },
    status(account, publishId) {
      const posting = all.get(String(publishId))
      if (!posting) throw refuse(400, 'invalid_publish_id', 'The publish_id does not exist.')
      if (posting.account !== account)
        throw refuse(401, 'token_not_authorized_for_specified_publish_id', 'The publish_id belongs to another user.')
      return statusAnswer(posting, settings, parts.now())
    },
    standing: (account, id) => [...all.values()].some((one) => one.account === account && one.postId === id && one.isPublic),
    clear: () => all.clear(),
  }
}

/** Ids like TikTok's: 19 digits, always increasing, the same when the same calls are made again. */
const openIds = (now: () => number): (() => string) => {
  let last = 0n
  return () => {
    const wanted = 7_000_000_000_000_000_000n + (BigInt(Math.floor(now())) << 8n)
    last = wanted > last ? wanted : last + 1n
    return String(last)
  }
}

/** 201 when all of it is there, 206 for a piece, 416 out of order, 400 where the headers do not fit. */
const take = (posting: Posting, { headers, body }: Ask): number => {
  const [, from, to, size] = range.exec(headers['content-range'] ?? '') ?? []
  if (Number(size) !== posting.size || Number(to) - Number(from) + 1 !== body.length) return 400
  const index = posting.pieces.length
  const isLast = index === posting.chunks - 1
  if (index >= posting.chunks || Number(from) !== index * posting.chunk) return 416
  if (Number(to) + 1 !== (isLast ? posting.size : (index + 1) * posting.chunk)) return 416
  posting.pieces.push(body)
  return isLast ? 201 : 206
}

const filmIn = async ({ ledger }: Parts, { pieces }: Posting): Promise<Pick<Content, 'images' | 'video'> | string> => {
  const bytes = Buffer.concat(pieces)
  const type = (await fileTypeFromBuffer(bytes))?.mime ?? ''
  if (!['video/mp4', 'video/quicktime', 'video/webm'].includes(type)) return 'file_format_check_failed'
  return { images: [], video: { alt: '', sha256: ledger.keep(bytes, type), size: bytes.length, type, captions: [] } }
}

/** Bytes of a photo. */
const photoMax = 20_000_000

const pulled = async ({ ledger }: Parts, urls: readonly string[], ask: Ask): Promise<readonly LedgerImage[] | string> => {
  const images: LedgerImage[] = []
  for (const url of urls) {
    const bytes = await fetchMedia(ask, url, photoMax)
    if (!bytes) return 'photo_pull_failed'
    const type = (await fileTypeFromBuffer(bytes))?.mime ?? ''
    if (!['image/jpeg', 'image/webp'].includes(type) || bytes.length > photoMax) return 'file_format_check_failed'
    const { width, height } = imageSize(bytes)
    if (Math.min(width, height) > 1080 || Math.max(width, height) > 1920) return 'picture_size_check_failed'
    images.push({ alt: '', sha256: ledger.keep(bytes, type), size: bytes.length, type })
  }
  return images
}

/** `media`: what was sent, or why it cannot be shown. */
const publish = (parts: Parts, posting: Posting, media: Pick<Content, 'images' | 'video'> | string, nextId: () => string): void => {
  posting.wholeAt = parts.now()
  if (typeof media === 'string') {
    posting.failure = media
    return
  }
  const { account, kind, text, title } = posting
  const id = nextId()
  posting.postId = id
  const birth = { platform: 'tiktok', account, id, url: `${parts.url()}/tiktok/@${account}/${kind}/${id}`, replyTo: null }
  const link = /https?:\/\/\S+/.exec(text)?.[0] ?? null
  const content = { text, language: null, link, ...media, ...(title !== null && { title }) }
  parts.ledger.add(birth, content, new Date(parts.now()).toISOString())
}

/** The id is told of public posts alone, once they are moderated; as a 64-bit number. */
const statusAnswer = (posting: Posting, { processingMs, moderationMs }: TiktokSettings, now: number): Answer => {
  const { kind, wholeAt, failure, postId, isPublic, pieces } = posting
  const uploaded = kind === 'video' ? { uploaded_bytes: pieces.reduce((sum, { length }) => sum + length, 0) } : { downloaded_bytes: 0 }
  if (wholeAt === null || wholeAt + processingMs > now)
    return fine({ status: kind === 'video' ? 'PROCESSING_UPLOAD' : 'PROCESSING_DOWNLOAD', ...uploaded })
  if (failure !== null) return fine({ status: 'FAILED', fail_reason: failure, ...uploaded })
  const isTold = isPublic && wholeAt + processingMs + moderationMs <= now
  const answer = fine({ status: 'PUBLISH_COMPLETE', publicaly_available_post_id: [], ...uploaded })
  if (!isTold) return answer
  const text = JSON.stringify(answer.body).replace('"publicaly_available_post_id":[]', `"publicaly_available_post_id":[${postId}]`)
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: Buffer.from(text) }
}
