// Containers on Threads: a post before it is published. Nobody sees one; made once, remembered, and waited for until it is ready.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Attempt, Post, PostImage } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { pictureKeys } from '../../src/connector/picture-keys.ts'
import type { ThreadsClient } from './client.ts'
import { isNotThere } from './failures.ts'

const made = z.object({ id: z.string().min(1) })

/** https://developers.facebook.com/docs/threads/troubleshooting#publishing-does-not-return-a-media-id */
const state = z.object({
  status: z.enum(['IN_PROGRESS', 'FINISHED', 'PUBLISHED', 'ERROR', 'EXPIRED']),
  error_message: z.string().optional(),
})
export type State = z.infer<typeof state>

/** What became of a container; undefined: Threads knows none of this id. */
export const stateOf = async (client: ThreadsClient, id: string, signal: AbortSignal): Promise<State | undefined> => {
  const fields = { fields: 'id,status,error_message' }
  const answer = await client.ask({ method: 'GET', path: `/${id}`, fields, kind: 'read', signal, unless: isNotThere })
  if (answer === undefined) return undefined
  const { status, error_message } = answer.as(state)
  return { status, ...(error_message && { error_message: answer.quote(error_message, 200) }) }
}

/** Between two looks at a container, in milliseconds; when they are used up, the delivery comes back later. */
const looks = [250, 500, 1000, 2000, 4000]
const comeBackMs = 10_000

/** A container that is ready, or one that an earlier attempt published. */
export interface Ready {
  readonly id: string
  readonly status: 'FINISHED' | 'PUBLISHED'
}

/** What an earlier attempt made, else a new one: of text, one image, a video, or a carousel. @throws NotYetError while it is being processed */
export const readyContainer = async (client: ThreadsClient, post: Post, attempt: Attempt, replyTo?: string): Promise<Ready> => {
  const content = { text: post.text, reply_to_id: replyTo }
  const { images, video } = post
  const [first, ...more] = images
  const remember = replyTo === undefined ? {} : { replyTo }
  const container = (fields: Fields) => ready(client, attempt, { name: 'container', fields: async () => fields, remember })
  if (video) return container({ ...content, media_type: 'VIDEO', video_url: client.tools.mediaUrl(video.id), alt_text: video.alt })
  if (first === undefined) return container({ ...content, media_type: 'TEXT', link_attachment: post.link ?? undefined })
  if (more.length === 0) return container({ ...content, ...imageFields(client, first) })
  const carousel = async (): Promise<Fields> => ({
    ...content,
    media_type: 'CAROUSEL',
    children: (await children(client, images, attempt)).join(','),
  })
  return ready(client, attempt, { name: 'container', fields: carousel, remember })
}

type Fields = Readonly<Record<string, string | undefined>>

const imageFields = ({ tools }: ThreadsClient, { id, alt }: PostImage): Fields => ({
  media_type: 'IMAGE',
  image_url: tools.mediaUrl(id),
  alt_text: alt || undefined,
})

/** The items of a carousel, in their order. */
const children = async (client: ThreadsClient, images: readonly PostImage[], attempt: Attempt): Promise<readonly string[]> => {
  const ids: string[] = []
  const keys = pictureKeys(images)
  for (const [index, image] of images.entries()) {
    const fields = async () => ({ ...imageFields(client, image), is_carousel_item: 'true' })
    ids.push((await ready(client, attempt, { name: `item-${keys[index]}`, fields })).id)
  }
  return ids
}

interface Wanted {
  /** By which the attempt remembers its id. */
  readonly name: string
  fields(): Promise<Fields>
  readonly remember?: Readonly<Record<string, string>>
}

const ready = async (client: ThreadsClient, attempt: Attempt, { name, fields, remember }: Wanted): Promise<Ready> => {
  const known = attempt.memory[name]
  const before = known === undefined ? undefined : await stateOf(client, known, attempt.signal)
  if (known !== undefined && isOfUse(before, known === attempt.memory.refused))
    return waited(client, { id: known, state: before }, attempt.signal)
  const call = { method: 'POST', path: '/me/threads', fields: await fields(), kind: 'read', signal: attempt.signal } as const
  const { id } = (await client.call(call)).as(made)
  await attempt.remember({ [name]: id, ...remember })
  return waited(client, { id, state: await stateOf(client, id, attempt.signal) }, attempt.signal)
}

/** What failed, ran out or was refused too often is made anew, unless it was published all the same. */
const isOfUse = (before: State | undefined, isRefused: boolean): boolean =>
  before?.status === 'PUBLISHED' || (before !== undefined && !isRefused && before.status !== 'ERROR' && before.status !== 'EXPIRED')

/** Over half a minute, which https://developers.facebook.com/docs/threads/posts advises to leave a container before it is published. */
const triesOfOne = 3
const firstWaitMs = 5_000
const longestWaitMs = 300_000

/**
 * What follows when Threads does not find a container that is finished: the same again later, as it may not have got round to it; then
 * another one, as some are never found: https://github.com/nopara73/LongevityWorldCup/pull/815.
 */
export const afterRefusal = async (id: string, attempt: Attempt): Promise<NotYetError> => {
  const refusals = Number(attempt.memory.refusals ?? 0) + 1
  await attempt.remember({ refusals: String(refusals), ...(refusals % triesOfOne === 0 && { refused: id }) })
  return new NotYetError('Threads findet den vorbereiteten Beitrag nicht.', Math.min(firstWaitMs * 2 ** (refusals - 1), longestWaitMs))
}

/** @throws RejectedError for media that Threads cannot use, UnreachableError where it could not fetch them */
const waited = async (client: ThreadsClient, seen: { id: string; state: State | undefined }, signal: AbortSignal): Promise<Ready> => {
  const { id } = seen
  let { state } = seen
  for (const ms of looks) {
    if (state?.status === 'FINISHED' || state?.status === 'PUBLISHED') return { id, status: state.status }
    if (state?.status === 'ERROR') throw failure(state.error_message ?? 'UNKNOWN')
    await pause(ms, undefined, { signal }).catch((cause: unknown) => {
      throw new UnreachableError('Threads bereitet den Beitrag noch vor, die Zeit ist um.', { cause })
    })
    state = await stateOf(client, id, signal)
  }
  throw new NotYetError('Threads bereitet den Beitrag noch vor.', comeBackMs)
}

/** UNKNOWN and a download that failed may pass; all else is the medium's own fault. */
const failure = (reason: string): Error =>
  reason === 'UNKNOWN' || reason.startsWith('FAILED_DOWNLOADING')
    ? new UnreachableError(
        `Threads konnte Bild oder Video nicht holen (${reason}); die Seite der Stadt muss dafür öffentlich erreichbar sein.`,
      )
    : new RejectedError(`Threads kann Bild oder Video nicht verarbeiten: ${reason}.`)
