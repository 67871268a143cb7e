// Subtitles of a video: one track for each file, put there once. https://developers.google.com/youtube/v3/docs/captions/insert
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Attempt, PostCaptions, PostVideo } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import type { YoutubeClient } from './client.ts'
import { reasonOf } from './failures.ts'

/** YouTube's id of each track, by the file's own id; empty where YouTube refused the file. */
export type Tracks = Readonly<Record<string, string>>

const track = z.object({ id: z.string().min(1) })
const tracks = z.object({
  items: z.array(track.extend({ snippet: z.object({ language: z.string(), trackKind: z.string() }) })).default([]),
})

const memoryOf = ({ id }: PostCaptions): string => `captions-${id}`

/**
 * Sees to it that every file of subtitles is there; `kept` need not be put there again. A file that YouTube refuses is passed over:
 * the video is there all the same.
 */
export const putCaptions = async (
  client: YoutubeClient,
  { video, film, kept = {} }: { readonly video: string; readonly film: PostVideo; readonly kept?: Tracks },
  attempt: Attempt,
): Promise<Tracks> => {
  const all: Record<string, string> = {}
  for (const captions of film.captions) {
    const known = kept[captions.id] ?? attempt.memory[memoryOf(captions)]
    all[captions.id] = known ?? (await putOne(client, { video, captions }, attempt))
  }
  return all
}

interface One {
  readonly video: string
  readonly captions: PostCaptions
}

const putOne = async (client: YoutubeClient, one: One, attempt: Attempt): Promise<string> => {
  const id = await insert(client, one, attempt).catch((error: unknown) => {
    if (!(error instanceof RejectedError)) throw error
    attempt.log.warn({ video: one.video, language: one.captions.language, why: error.message }, 'YouTube refuses the subtitles')
    return ''
  })
  await attempt.remember({ [memoryOf(one.captions)]: id })
  return id
}

/** Where a track of this language is there already (an earlier attempt's, or the one before a correction), it gets the new words. */
const insert = async (client: YoutubeClient, one: One, attempt: Attempt): Promise<string> => {
  const { video, captions } = one
  const snippet = { videoId: video, language: captions.language, name: nameOf(captions.language), isDraft: false }
  const answer = await send(client, { method: 'POST', resource: { snippet }, captions }, attempt)
  if (answer.status !== 409) return answer.as(track).id
  const path = `/youtube/v3/captions?part=snippet&videoId=${encodeURIComponent(video)}`
  const { items } = (await client.call({ method: 'GET', path, kind: 'read', signal: attempt.signal })).as(tracks)
  const there = items.find(({ snippet: { language, trackKind } }) => language === captions.language && !isSpoken(trackKind))
  if (!there) throw new RejectedError(`YouTube hat schon Untertitel in der Sprache ${captions.language}, zeigt sie aber nicht.`)
  return (await send(client, { method: 'PUT', resource: { id: there.id, snippet: { isDraft: false } }, captions }, attempt)).as(track).id
}

/** Made by YouTube of what is spoken: `ASR` as documented, `asr` too has been seen. https://developers.google.com/youtube/v3/docs/captions#snippet.trackKind */
const isSpoken = (trackKind: string): boolean => trackKind.toLowerCase() === 'asr'

interface Sending {
  readonly method: 'POST' | 'PUT'
  readonly resource: object
  readonly captions: PostCaptions
}

/** Once more does no harm: the same track gets the same words. */
const send = async (client: YoutubeClient, { method, resource, captions }: Sending, { signal }: Attempt) => {
  const boundary = `rundruf-${randomUUID()}`
  const part = (type: string, content: string | Uint8Array): readonly Uint8Array[] => [
    Buffer.from(`--${boundary}\r\ncontent-type: ${type}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]
  const body = Buffer.concat([
    ...part('application/json; charset=UTF-8', JSON.stringify(resource)),
    ...part('text/vtt', await client.tools.media(captions.id)),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  return client.call({
    method,
    path: '/upload/youtube/v3/captions?uploadType=multipart&part=snippet',
    kind: 'read',
    body: Uint8Array.from(body),
    headers: { 'content-type': `multipart/related; boundary=${boundary}` },
    signal,
    also: (answer) => method === 'POST' && answer.status === 409 && reasonOf(answer) === 'captionExists',
  })
}

/** As the people who speak it call it: viewers choose by it. */
const nameOf = (language: string): string => new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
