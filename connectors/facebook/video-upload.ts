// A video that is no reel: a session, its pieces, and the word to publish. https://developers.facebook.com/docs/graph-api/reference/page/videos/
import { z } from 'zod'
import type { Attempt, Post, PostVideo } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import { FormData } from '../../src/connector/http.ts'
import type { FacebookClient } from './settings.ts'

/** Where the next piece begins and ends; they are equal when all is there. The API writes these numbers as strings. */
const span = z.object({ start_offset: z.coerce.number(), end_offset: z.coerce.number() })
type Span = z.infer<typeof span>
const begun = span.extend({ video_id: z.string().min(1), upload_session_id: z.string().min(1) })

/** The id of the video, all of whose pieces are there. */
export const uploadVideo = async (client: FacebookClient, video: PostVideo, attempt: Attempt): Promise<string> => {
  const resumed = attempt.memory['video-session'] !== undefined
  try {
    return await uploaded(client, video, attempt, await open(client, video, attempt))
  } catch (error) {
    // A piece whose answer was lost has arrived all the same, or the session is over: nobody saw anything of it, so another begins.
    if (!resumed || !(error instanceof RejectedError)) throw error
    return await uploaded(client, video, attempt, await begin(client, video, attempt))
  }
}

const uploaded = async (client: FacebookClient, video: PostVideo, attempt: Attempt, { id, session, next }: Session): Promise<string> => {
  if (next.start_offset === next.end_offset) return id
  const bytes = Uint8Array.from(await client.tools.media(video.id))
  let { start_offset: from, end_offset: to } = next
  while (from < to) {
    const said = await transfer(client, { session, from, piece: bytes.subarray(from, to) }, attempt.signal)
    from = said.start_offset
    to = said.end_offset
    await attempt.remember({ 'video-next': JSON.stringify(said) })
  }
  return id
}

interface Session {
  readonly id: string
  readonly session: string
  readonly next: Span
}

const open = async (client: FacebookClient, video: PostVideo, attempt: Attempt): Promise<Session> => {
  const { video: id, 'video-session': session, 'video-next': next } = attempt.memory
  if (id === undefined || session === undefined || next === undefined) return begin(client, video, attempt)
  return { id, session, next: span.parse(JSON.parse(next)) }
}

const begin = async ({ videos, page }: FacebookClient, video: PostVideo, attempt: Attempt): Promise<Session> => {
  const params = { upload_phase: 'start', file_size: video.size }
  const answer = await videos.call({ method: 'POST', path: `/${page}/videos`, params, kind: 'read', signal: attempt.signal })
  const { video_id, upload_session_id, start_offset, end_offset } = answer.as(begun)
  const next = { start_offset, end_offset }
  await attempt.remember({ video: video_id, 'video-session': upload_session_id, 'video-next': JSON.stringify(next) })
  return { id: video_id, session: upload_session_id, next }
}

interface Piece {
  readonly session: string
  readonly from: number
  readonly piece: Uint8Array<ArrayBuffer>
}

const transfer = async ({ videos, page }: FacebookClient, { session, from, piece }: Piece, signal: AbortSignal): Promise<Span> => {
  const form = new FormData()
  form.set('upload_phase', 'transfer')
  form.set('upload_session_id', session)
  form.set('start_offset', String(from))
  form.set('video_file_chunk', new Blob([piece], { type: 'application/octet-stream' }), 'piece')
  const answer = await videos.call({ method: 'POST', path: `/${page}/videos`, form, kind: 'read', signal })
  return answer.as(span)
}

/** Publishes what was uploaded; a session that was finished before is no longer there, and the look says what became of it. */
export const finishUpload = async ({ videos, page }: FacebookClient, post: Post, { memory, signal }: Attempt): Promise<void> => {
  const params = { upload_phase: 'finish', upload_session_id: memory['video-session'], title: post.title, description: post.text }
  const answer = await videos.call({ method: 'POST', path: `/${page}/videos`, params, kind: 'write', signal })
  answer.as(z.object({ success: z.literal(true) }))
}
