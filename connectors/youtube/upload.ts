// The upload of a film in pieces, through a session that is remembered and makes one video at most, however often it is continued.
// https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol
import { z } from 'zod'
import type { Attempt, Post, PostVideo } from '../../src/connector/connector.ts'
import { ChannelError, UnclearError, UnreachableError } from '../../src/connector/errors.ts'
import type { Answer } from '../../src/connector/http.ts'
import type { YoutubeClient } from './client.ts'
import { findUpload } from './find.ts'
import { filmOf, metadata } from './video.ts'

/** Bytes of a piece, a multiple of 256 KiB as the protocol wants: small enough for a slow line within one attempt. */
const pieceBytes = 8 * 1024 * 1024

type Upload =
  | { readonly is: 'open'; readonly session: string; readonly received: number }
  | { readonly is: 'done'; readonly id: string }
  | { readonly is: 'gone' }

/** How far an earlier attempt came; undefined where none began. An expired session is looked for among the channel's uploads. */
export const earlierUpload = async (client: YoutubeClient, post: Post, attempt: Attempt): Promise<Upload | undefined> => {
  const { session } = attempt.memory
  if (session === undefined) return undefined
  const { size } = filmOf(post)
  const headers = { 'content-range': `bytes */${size}` }
  const answer = await client.call({ method: 'PUT', path: session, kind: 'read', headers, signal: attempt.signal, also })
  const upload = uploadOf(answer, session)
  if (upload.is !== 'gone') return upload
  const id = await findUpload(client, post, attempt)
  return id === undefined ? upload : { is: 'done', id }
}

/** Sees to it that the film is there and gives the video's id. */
export const upload = async (client: YoutubeClient, post: Post, attempt: Attempt): Promise<string> => {
  const earlier = await earlierUpload(client, post, attempt)
  if (earlier?.is === 'done') return earlier.id
  const film = filmOf(post)
  const bytes = await client.tools.media(film.id)
  const open = earlier?.is === 'open' ? earlier : { session: await begin(client, post, attempt), received: 0 }
  return sendPieces(client, { ...open, film, bytes }, attempt)
}

/** Nobody sees anything yet. The session is remembered before the first byte: it is what must not be made twice. */
const begin = async (client: YoutubeClient, post: Post, attempt: Attempt): Promise<string> => {
  const { size, type } = filmOf(post)
  const answer = await client.call({
    method: 'POST',
    path: '/upload/youtube/v3/videos?uploadType=resumable&part=snippet,status',
    kind: 'read',
    json: metadata(post, client.settings),
    headers: { 'x-upload-content-length': String(size), 'x-upload-content-type': type },
    signal: attempt.signal,
  })
  const session = answer.headers.get('location') ?? ''
  if (!URL.canParse(session) || new URL(session).origin !== new URL(client.settings.base).origin)
    throw new ChannelError('YouTube nennt für das Hochladen eine fremde Adresse; dorthin senden wir nichts.')
  await attempt.remember({ session })
  return session
}

interface Pieces {
  readonly session: string
  readonly received: number
  readonly film: PostVideo
  readonly bytes: Uint8Array
}

const sendPieces = async (client: YoutubeClient, { session, film, bytes, ...begun }: Pieces, attempt: Attempt): Promise<string> => {
  let from = begun.received
  while (from < bytes.length) {
    const to = Math.min(from + pieceBytes, bytes.length)
    const answer = await client.call({
      method: 'PUT',
      path: session,
      // the last piece is what makes the video
      kind: to === bytes.length ? 'write' : 'read',
      body: Uint8Array.from(bytes.subarray(from, to)),
      headers: { 'content-type': film.type, 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` },
      signal: attempt.signal,
      also,
    })
    const now = uploadOf(answer, session)
    if (now.is === 'done') return now.id
    if (now.is === 'gone') throw new UnreachableError('YouTube kennt die Sitzung des Hochladens nicht mehr; sie beginnt von vorn.')
    if (now.received <= from) throw new UnreachableError('YouTube hat das Stück des Videos nicht genommen.')
    from = now.received
  }
  throw new UnclearError('YouTube hat das ganze Video, aber noch nichts daraus gemacht.')
}

/** A session ends after a week or so; what the upload servers say then is no JSON. */
const isOver = ({ status }: Answer): boolean => status === 404 || status === 410

const also = (answer: Answer): boolean => answer.status === 308 || isOver(answer)

const made = z.object({ id: z.string().min(1) })

/** `Range: bytes=0-999` names what has arrived; without it nothing has. */
const uploadOf = (answer: Answer, session: string): Upload => {
  if (answer.status === 308) {
    const last = /^bytes=0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1]
    return { is: 'open', session, received: last === undefined ? 0 : Number(last) + 1 }
  }
  return isOver(answer) ? { is: 'gone' } : { is: 'done', id: answer.as(made).id }
}
