// Containers on Instagram: what shall be published is handed over first, unseen, and remembered by its id.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Attempt, Post } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { refusedContainerMs } from '../facebook/failures.ts'
import type { InstagramClient } from './settings.ts'

/** https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-container */
const container = z.object({
  status_code: z.enum(['IN_PROGRESS', 'FINISHED', 'ERROR', 'EXPIRED', 'PUBLISHED']),
  /** Why it failed, in words and a subcode; fit to be shown. */
  status: z.string().optional(),
})
export type Container = z.infer<typeof container>

/** undefined: there is none with this id any more. */
export const lookAt = async ({ graph }: InstagramClient, id: string, signal: AbortSignal): Promise<Container | undefined> => {
  const params = { fields: 'status_code,status' }
  const answer = await graph.call({ method: 'GET', path: `/${id}`, params, kind: 'read', goneIsFine: true, signal })
  if (answer.status >= 300) return undefined
  const { status_code, status } = answer.as(container)
  return { status_code, ...(status && { status: answer.quote(status, 200) }) }
}

/** Between two looks, in milliseconds: pictures take a moment, videos minutes. Meta asks for no more than one look a minute later on. */
const looks = [200, 400, 800, 1_600, 3_000]
const comeBackMs = 60_000

/**
 * The container of this post, ready to be published; `published`: an earlier attempt has done it.
 *
 * @throws NotYetError while Instagram is at work on it.
 */
export const readyContainer = async (
  client: InstagramClient,
  post: Post,
  attempt: Attempt,
): Promise<{ readonly id: string; readonly published: boolean }> => {
  const known = attempt.memory.container
  const seen = known === undefined ? undefined : await lookAt(client, known, attempt.signal)
  if (known !== undefined && seen?.status_code === 'PUBLISHED') return { id: known, published: true }
  const isUsable = known !== undefined && known !== attempt.memory.refused && seen !== undefined && !isLost(seen)
  const id = isUsable ? known : await create(client, post, attempt)
  await finished(client, id, attempt.signal)
  return { id, published: false }
}

const isLost = ({ status_code }: Container): boolean => status_code === 'EXPIRED' || status_code === 'ERROR'

/** "If unsuccessful, generate a new container ID": https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes */
const triesOfOne = 3
/**
 * Two containers are tried in quick succession, all others slowly: an account may make only 400 of them in 24 hours,
 * https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media.
 */
const quickTries = 2 * triesOfOne
const slowMs = 300_000

/** What follows when Instagram did not publish this container: the same once more, or another one where this one is `lost`. */
export const afterRefusal = async (id: string, words: string, lost: boolean, attempt: Attempt): Promise<NotYetError> => {
  const refusals = Number(attempt.memory.refusals ?? 0) + 1
  await attempt.remember({ refusals: String(refusals), ...((lost || refusals % triesOfOne === 0) && { refused: id }) })
  return new NotYetError(words, refusals > quickTries ? slowMs : refusedContainerMs)
}

const create = async (client: InstagramClient, post: Post, attempt: Attempt): Promise<string> => {
  const { tools } = client
  const caption = { caption: post.text }
  if (post.video) return made(client, 'container', { media_type: 'REELS', video_url: tools.mediaUrl(post.video.id), ...caption }, attempt)
  const pictures = post.images.map(({ id, alt }) => ({ image_url: tools.mediaUrl(id), ...(alt !== '' && { alt_text: alt }) }))
  const [only, ...more] = pictures
  if (only === undefined) throw new RejectedError('Instagram hat keine Beiträge ohne Bild oder Video.')
  if (more.length === 0) return made(client, 'container', { ...only, ...caption }, attempt)
  const children: string[] = []
  for (const [index, picture] of pictures.entries())
    children.push(await child(client, `child-${index}`, { ...picture, is_carousel_item: true }, attempt))
  for (const id of children) await finished(client, id, attempt.signal)
  return made(client, 'container', { media_type: 'CAROUSEL', children, ...caption }, attempt)
}

/** A picture of a carousel, unless an earlier attempt has handed it over and it is still good. */
const child = async (client: InstagramClient, name: string, params: object, attempt: Attempt): Promise<string> => {
  const known = attempt.memory[name]
  const seen = known === undefined ? undefined : await lookAt(client, known, attempt.signal)
  if (known !== undefined && (seen?.status_code === 'FINISHED' || seen?.status_code === 'IN_PROGRESS')) return known
  return made(client, name, params, attempt)
}

const created = z.object({ id: z.string().min(1) })

/** https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media */
const made = async ({ graph, account }: InstagramClient, name: string, params: object, attempt: Attempt): Promise<string> => {
  const call = { method: 'POST', path: `/${account}/media`, params: { ...params }, kind: 'read', signal: attempt.signal } as const
  const { id } = (await graph.call(call)).as(created)
  await attempt.remember({ [name]: id })
  return id
}

const finished = async (client: InstagramClient, id: string, signal: AbortSignal): Promise<void> => {
  for (const ms of looks) {
    const seen = await lookAt(client, id, signal)
    if (seen?.status_code === 'FINISHED') return
    if (seen?.status_code === 'ERROR') throw new RejectedError(`Instagram kann das Bild oder Video nicht verarbeiten: ${seen.status ?? ''}`)
    if (seen?.status_code !== 'IN_PROGRESS')
      throw new UnreachableError('Was an Instagram übergeben war, ist dort verfallen; es wird neu übergeben.')
    await pause(ms, undefined, { signal }).catch((cause: unknown) => {
      throw new UnreachableError('Instagram verarbeitet das Bild oder Video noch, die Zeit ist um.', { cause })
    })
  }
  throw new NotYetError('Instagram verarbeitet das Bild oder Video noch.', comeBackMs)
}
