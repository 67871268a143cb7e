// Uploads to X in segments: initialize, append, finalize, status, and their alternative text. https://docs.x.com/x-api/media/quickstart/media-upload-chunked
import { fileTypeFromBuffer } from 'file-type'
import { type Answer, type Ask, type Parts, Refusal } from '../room.ts'
import { invalid, notFound, problem } from './answers.ts'
import type { Account, Attached } from './entities.ts'
import { jsonOf, segmentIn } from './fields.ts'
import type { XSettings } from './limits.ts'

export interface MediaDesk {
  initialize(account: Account, ask: Ask): Answer
  append(account: Account, id: string, ask: Ask): Promise<Answer>
  finalize(account: Account, id: string): Promise<Answer>
  status(account: Account, query: URLSearchParams): Answer
  describe(account: Account, ask: Ask): Answer
  caption(account: Account, ask: Ask): Answer
  /** The uploads that a post names, ready; throws the platform's refusal. */
  attach(account: Account, ids: readonly string[]): { readonly keys: readonly string[]; readonly attached: Attached }
  clear(): void
}

interface Upload {
  readonly id: string
  readonly accountId: string
  readonly type: string
  readonly category: string
  readonly size: number
  readonly until: number
  readonly segments: Map<number, Buffer>
  sha256: string | null
  /** Milliseconds since 1970: until then it is being processed. */
  readyAt: number
  alt: string
  /** Captions by their language. */
  captions: ReadonlyMap<string, Upload>
}

const types: Readonly<Record<string, readonly string[]>> = {
  tweet_image: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp'],
  tweet_gif: ['image/gif'],
  tweet_video: ['video/mp4', 'video/quicktime'],
  subtitles: ['text/vtt', 'text/srt'],
}

const mostBytes = ({ imageBytes, gifBytes, videoBytes }: XSettings, category: string): number =>
  category === 'tweet_video' ? videoBytes : category === 'tweet_gif' ? gifBytes : imageBytes

export const openMedia = (parts: Parts, settings: XSettings, nextId: () => string): MediaDesk => {
  const all = new Map<string, Upload>()
  const own = (account: Account, id: string): Upload => {
    const upload = all.get(id)
    if (upload?.accountId !== account.id || upload.until <= parts.now()) throw notFound(`Could not find media with id: [${id}].`)
    return upload
  }
  const shown = (upload: Upload): Answer => ({ status: 200, body: { data: uploadJson(upload, parts.now()) } })
  return {
    initialize(account, ask) {
      const until = parts.now() + settings.uploadSeconds * 1000
      const born = { id: nextId(), accountId: account.id, until, ...wishIn(ask, settings) }
      const upload: Upload = { ...born, segments: new Map(), sha256: null, readyAt: 0, alt: '', captions: new Map() }
      all.set(upload.id, upload)
      return shown(upload)
    },
    async append(account, id, ask) {
      const upload = own(account, id)
      const { bytes, index } = segmentIn(ask)
      if (bytes.length > settings.segmentBytes)
        throw new Refusal(problem(413, { title: 'Payload Too Large', detail: 'The segment is too large.' }))
      if (upload.sha256 !== null) throw invalid('id', 'This media was finalized already.')
      upload.segments.set(index, bytes)
      return { status: 200, body: { data: { expires_at: Math.floor(upload.until / 1000) } } }
    },
    async finalize(account, id) {
      const upload = own(account, id)
      if (upload.sha256 === null) {
        upload.sha256 = parts.ledger.keep(await wholeOf(upload), upload.type)
        upload.segments.clear()
        upload.readyAt = parts.now() + (upload.category === 'tweet_video' ? settings.processingMs : 0)
      }
      return shown(upload)
    },
    status(account, query) {
      if (query.get('command') !== 'STATUS') throw invalid('command', 'command must be STATUS.')
      return shown(own(account, query.get('media_id') ?? ''))
    },
    describe(account, ask) {
      const { id, text } = descriptionIn(ask, settings)
      const upload = own(account, id)
      if (upload.category === 'tweet_video') throw invalid('id', 'Alt text is supported for images and GIFs.')
      upload.alt = text
      return { status: 200, body: { data: { id, associated_metadata: { alt_text: { text } } } } }
    },
    caption(account, ask) {
      const { id, track, language } = captionIn(ask)
      const [upload, captions] = [own(account, id), own(account, track)]
      if (upload.category !== 'tweet_video' || captions.category !== 'subtitles' || captions.sha256 === null)
        throw invalid('subtitles', 'Subtitles must be uploaded for a video.')
      upload.captions = new Map([...upload.captions, [language, captions]])
      return { status: 200, body: { data: { id, media_category: 'TweetVideo', associated_subtitles: [...upload.captions.keys()] } } }
    },
    attach: (account, ids) =>
      attached(
        ids.map((id) => all.get(id)).filter((one) => one?.accountId === account.id),
        ids.length,
        parts.now(),
      ),
    clear: () => all.clear(),
  }
}

const wishIn = (ask: Ask, settings: XSettings): Pick<Upload, 'type' | 'category' | 'size'> => {
  const { media_type, media_category, total_bytes } = jsonOf(ask) as Record<string, unknown>
  const [type, category, size] = [String(media_type), String(media_category), Number(total_bytes)]
  if (!types[category]?.includes(type)) throw invalid('media_type', `The media type ${type} is not allowed for ${category}.`)
  if (!Number.isInteger(size) || size <= 0) throw invalid('total_bytes', 'total_bytes must be a positive whole number.')
  const most = mostBytes(settings, category)
  if (size > most) throw invalid('total_bytes', `File size exceeds ${most} bytes.`)
  return { type, category, size }
}

const descriptionIn = (ask: Ask, { altMax }: XSettings): { id: string; text: string } => {
  const { id, metadata } = jsonOf(ask) as { id?: unknown; metadata?: { alt_text?: { text?: unknown } } }
  const text = metadata?.alt_text?.text
  if (typeof text !== 'string' || text.length > altMax) throw invalid('metadata.alt_text', `Alt text must not exceed ${altMax} characters.`)
  return { id: String(id), text }
}

const captionIn = (ask: Ask): { id: string; track: string; language: string } => {
  const { id, media_category, subtitles } = jsonOf(ask) as { id?: unknown; media_category?: unknown; subtitles?: Record<string, unknown> }
  const { id: track, language_code: language } = subtitles ?? {}
  if (media_category !== 'TweetVideo') throw invalid('media_category', 'media_category must be TweetVideo.')
  if (typeof language !== 'string' || !/^[A-Z]{2}$/.test(language))
    throw invalid('language_code', 'language_code must be two capital letters.')
  return { id: String(id), track: String(track), language }
}

/** The segments put together; what the file is is read from its bytes, not believed. */
const wholeOf = async ({ segments, size, type }: Upload): Promise<Buffer> => {
  const bytes = Buffer.concat([...segments].sort(([one], [other]) => one - other).map(([, segment]) => segment))
  if (bytes.length !== size) throw invalid('id', `Segments do not add up to provided total file size: ${bytes.length}.`)
  const found = bytes.subarray(0, 6).equals(Buffer.from('WEBVTT')) ? 'text/vtt' : (await fileTypeFromBuffer(bytes))?.mime
  if (found !== type) throw invalid('id', 'File could not be processed: media type unrecognized.')
  return bytes
}

const attached = (uploads: readonly (Upload | undefined)[], wanted: number, now: number): ReturnType<MediaDesk['attach']> => {
  const good = uploads.filter((one) => one !== undefined && one.sha256 !== null && one.readyAt <= now && one.until > now) as Upload[]
  if (wanted > 4 || good.length < wanted) throw invalid('media.media_ids', 'Your media IDs are invalid.')
  if (good.some(({ category }) => category === 'subtitles')) throw invalid('media.media_ids', 'Your media IDs are invalid.')
  if (good.length > 1 && good.some(({ category }) => category !== 'tweet_image'))
    throw invalid('media.media_ids', 'The Tweet exceeds the number of allowed attachment types.')
  const files = good.map(({ alt, sha256, size, type }) => ({ alt, sha256: sha256!, size, type }))
  const film = good[0]?.category === 'tweet_video' ? good[0] : null
  const captions = [...(film?.captions ?? [])].map(([language, { sha256 }]) => ({ language: language.toLowerCase(), sha256: sha256! }))
  return { keys: good.map(keyOf), attached: film ? { images: [], video: { ...files[0]!, captions } } : { images: files } }
}

/** The number in front says what it is. */
const keyOf = ({ id, category }: Upload): string => `${category === 'tweet_video' ? 13 : category === 'tweet_gif' ? 16 : 3}_${id}`

const uploadJson = (upload: Upload, now: number) => {
  const seconds = Math.ceil((upload.readyAt - now) / 1000)
  const working = { state: 'in_progress', check_after_secs: Math.min(seconds, 5), progress_percent: 50 }
  const processing_info = seconds > 0 ? working : { state: 'succeeded', progress_percent: 100 }
  return {
    id: upload.id,
    media_key: keyOf(upload),
    expires_after_secs: Math.ceil((upload.until - now) / 1000),
    ...(upload.sha256 && { size: upload.size }),
    ...(upload.sha256 && upload.category === 'tweet_video' && { processing_info }),
  }
}
