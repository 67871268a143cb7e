// A film for TikTok: announced first, then sent in pieces to the address that the announcement gives.
// https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide
import { z } from 'zod'
import type { Attempt, Post, PostVideo } from '../../src/connector/connector.ts'
import { ChannelError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { send } from '../../src/connector/http.ts'
import { Secret } from '../../src/connector/secret.ts'
import { privacyFor, readCreator, type TiktokClient } from './client.ts'
import { refusal } from './failures.ts'
import { isUploadServer } from './settings.ts'

/** Bytes: TikTok wants pieces of 5 to 64 MB, the last one up to 128 MB, and at most 1000 of them; a film below 5 MB in one. */
const pieceBytes = 10_000_000

/** Where each piece begins; the last one takes what is left over. */
const piecesOf = (size: number): readonly number[] =>
  Array.from({ length: Math.max(1, Math.floor(size / pieceBytes)) }, (_, index) => index * pieceBytes)

const begun = z.object({ data: z.object({ publish_id: z.string().min(1), upload_url: z.string() }) })

/** Nothing is posted before the last byte is there. What it is called is remembered before the first one leaves. */
export const announce = async (client: TiktokClient, { post, film }: { post: Post; film: PostVideo }, attempt: Attempt): Promise<void> => {
  const { signal } = attempt
  const creator = await readCreator(client, signal)
  if (film.seconds > creator.max_video_post_duration_sec)
    throw new RejectedError(`TikTok nimmt von diesem Konto Videos bis ${creator.max_video_post_duration_sec} Sekunden.`)
  const pieces = piecesOf(film.size)
  const json = {
    post_info: { title: post.text, privacy_level: privacyFor(client.settings, creator) },
    source_info: {
      source: 'FILE_UPLOAD',
      video_size: film.size,
      chunk_size: pieces.length === 1 ? film.size : pieceBytes,
      total_chunk_count: pieces.length,
    },
  }
  const { data } = (await client.call({ path: '/v2/post/publish/video/init/', json, kind: 'read', signal })).as(begun)
  if (!isUploadServer(data.upload_url, client.settings))
    throw new ChannelError('TikTok nennt für das Hochladen eine fremde Adresse; dorthin senden wir nichts.')
  await attempt.remember({ publishId: data.publish_id, uploadUrl: data.upload_url, name: creator.creator_username })
}

/** Sends the pieces that are missing; `uploaded` bytes are there. */
export const sendFilm = async (
  client: TiktokClient,
  { film, uploaded }: { readonly film: PostVideo; readonly uploaded: number },
  attempt: Attempt,
): Promise<void> => {
  const bytes = await client.tools.media(film.id)
  const pieces = piecesOf(bytes.length)
  for (const [index, from] of pieces.entries()) {
    const to = pieces[index + 1] ?? bytes.length
    if (to <= uploaded) continue
    await sendPiece({ bytes: bytes.subarray(from, to), from, size: bytes.length, type: film.type }, attempt)
  }
}

interface Piece {
  readonly bytes: Uint8Array
  readonly from: number
  readonly size: number
  readonly type: string
}

/** 206 for a piece, 201 for the last one, which publishes; 403 and 404 once the address has run out (an hour), 416 out of order. */
const sendPiece = async ({ bytes, from, size, type }: Piece, attempt: Attempt): Promise<void> => {
  const to = from + bytes.length
  const kind = to === size ? 'write' : 'read'
  const headers = { 'content-type': type, 'content-range': `bytes ${from}-${to - 1}/${size}` }
  const url = attempt.memory.uploadUrl ?? ''
  // who knows the address may upload
  const secrets = [new Secret(URL.parse(url)?.search ?? '')]
  const answer = await send({ method: 'PUT', url, kind, headers, body: Uint8Array.from(bytes), signal: attempt.signal, secrets })
  if (answer.status >= 200 && answer.status < 300) return
  if (answer.status === 403 || answer.status === 404) {
    await forget(attempt)
    throw new UnreachableError('Die Adresse zum Hochladen auf TikTok ist abgelaufen; es beginnt von vorn.')
  }
  if (answer.status === 416) throw new UnreachableError('TikTok hat ein anderes Stück des Videos erwartet.')
  throw refusal(answer, kind)
}

/** What came to nothing is begun anew by the next attempt. */
export const forget = (attempt: Attempt): Promise<void> => attempt.remember({ publishId: '', photos: '' })
