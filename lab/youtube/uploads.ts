// Resumable uploads: a session, pieces in their order, and one video at their end.
// https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
import { fileTypeFromBuffer } from 'file-type'
import type { Answer, Ask, Operation } from '../room.ts'
import { refuse } from './answers.ts'
import { checkWords } from './limits.ts'
import { contentOf, iso, type Shelf, type Snippet, type Video } from './shelf.ts'
import { videoJson } from './videos.ts'

interface Session {
  readonly account: string
  readonly snippet: Snippet
  readonly privacy: string
  readonly size: number
  readonly type: string
  /** Milliseconds since 1970. */
  readonly until: number
  readonly pieces: Buffer[]
  video: Video | null
}

export interface Uploads {
  begin(account: string, ask: Ask): Answer
  piece(ask: Ask): Promise<Answer>
  clear(): void
}

/** A piece is a multiple of 256 KiB, except the last. */
const pieceUnit = 262_144

const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+)$/

/** What a request to a session is: its last piece publishes, `bytes *` only asks. */
export const operationOf = ({ headers }: Ask): Operation => {
  const [, from, to, size] = range.exec(headers['content-range'] ?? '') ?? []
  if (from === undefined) return 'read'
  return Number(to) + 1 === Number(size) ? 'publish' : 'media'
}

export const openUploads = (shelf: Shelf): Uploads => {
  const sessions = new Map<string, Session>()
  return {
    begin(account, ask) {
      const session = newSession(shelf, account, ask)
      const id = shelf.nextId(40)
      sessions.set(id, session)
      const query = new URLSearchParams({ ...Object.fromEntries(ask.query), upload_id: id })
      return { status: 200, headers: { location: `${shelf.url()}/youtube/upload/youtube/v3/videos?${query}`, 'x-guploader-uploadid': id } }
    },
    async piece(ask) {
      const session = sessions.get(ask.query.get('upload_id') ?? '')
      if (!session || session.until <= shelf.now())
        return { status: 404, headers: { 'content-type': 'text/plain' }, body: Buffer.from('Not Found') }
      take(session, ask)
      const received = bytesIn(session)
      if (received < session.size) return { status: 308, headers: received > 0 ? { range: `bytes=0-${received - 1}` } : {} }
      session.video ??= await newVideo(shelf, session)
      return { status: 200, body: videoJson(session.video, shelf, ['snippet', 'status']) }
    },
    clear: () => sessions.clear(),
  }
}

const bytesIn = ({ pieces }: Session): number => pieces.reduce((sum, { length }) => sum + length, 0)

interface Wish {
  readonly snippet?: Partial<Snippet>
  readonly status?: { readonly privacyStatus?: string }
}

const newSession = (shelf: Shelf, account: string, ask: Ask): Session => {
  const { snippet = {}, status = {} } = JSON.parse(ask.body.toString() || '{}') as Wish
  checkWords(snippet.title, snippet.description, snippet.categoryId ?? '22')
  const privacy = status.privacyStatus ?? 'public'
  if (!['public', 'unlisted', 'private'].includes(privacy)) throw refuse(400, 'invalidVideoMetadata', 'The request metadata is invalid.')
  const size = Number(ask.headers['x-upload-content-length'])
  const type = String(ask.headers['x-upload-content-type'] ?? '')
  if (!(size > 0)) throw refuse(400, 'mediaBodyRequired', 'The request does not include the video content.')
  if (!/^video\/|^application\/octet-stream$/.test(type)) throw refuse(400, 'badContent', `Media type '${type}' is not supported.`)
  const words = { categoryId: '22', description: '', ...snippet } as Snippet
  const until = shelf.now() + shelf.settings.sessionSeconds * 1000
  return { account, snippet: words, privacy: shelf.settings.audited ? privacy : 'private', size, type, until, pieces: [], video: null }
}

/** Keeps a piece that continues where the others end; any other is passed over, and the answer says how far we are. */
const take = (session: Session, { headers, body }: Ask): void => {
  const [, from, to, size] = range.exec(headers['content-range'] ?? `bytes 0-${body.length - 1}/${session.size}`) ?? []
  if (size === undefined || Number(size) !== session.size) throw refuse(400, 'badRequest', 'Failed to parse Content-Range header.')
  if (from === undefined) return
  const isLast = Number(to) + 1 === session.size
  if (Number(to) - Number(from) + 1 !== body.length || (!isLast && body.length % pieceUnit !== 0))
    throw refuse(400, 'badRequest', 'Invalid request. The number of bytes uploaded is required to be equal or a multiple of 262144.')
  if (Number(from) === bytesIn(session)) session.pieces.push(body)
}

const newVideo = async (shelf: Shelf, { account, snippet, privacy, size, pieces, type }: Session): Promise<Video> => {
  const bytes = Buffer.concat(pieces)
  const sniffed = (await fileTypeFromBuffer(bytes))?.mime ?? ''
  const film = { alt: '', sha256: shelf.ledger.keep(bytes, sniffed || type), size, type: sniffed || type }
  const id = shelf.nextId(11)
  const birth = { platform: 'youtube', account, id, url: `${shelf.url()}/youtube/${id}`, replyTo: null }
  const content = contentOf({ snippet, film, tracks: [] })
  const video: Video = {
    id,
    account,
    page: shelf.ledger.add(birth, content, iso(shelf)),
    film,
    privacy,
    publishedAt: shelf.now(),
    readyAt: shelf.now() + shelf.settings.processingMs,
    failure: sniffed.startsWith('video/') ? null : 'invalidFile',
    snippet,
    tracks: [],
    comments: [],
  }
  shelf.videos.set(id, video)
  return video
}
