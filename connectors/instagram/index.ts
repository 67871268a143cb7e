// Instagram: one professional account over the Graph API, with plain HTTP. https://developers.facebook.com/docs/instagram-platform/content-publishing
import { z } from 'zod'
import type { Attempt, Connector, Post, Receipt } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnclearError } from '../../src/connector/errors.ts'
import type { Answer } from '../../src/connector/http.ts'
import { isRefusedContainer } from '../facebook/failures.ts'
import { isThere, type Place, remove } from '../facebook/standing.ts'
import { check, insights, quotaLeft, reactions } from './check.ts'
import { afterRefusal, readyContainer } from './containers.ts'
import { findPosts, idOf } from './find.ts'
import { comment, commentReceipt, isComment, media, mediaFields, mediaReceipt } from './media.ts'
import { type InstagramClient, type InstagramSettings, instagramSettings, openAccount } from './settings.ts'

export const instagram: Connector<InstagramSettings, InstagramClient> = {
  platform: 'instagram',
  title: 'Instagram',
  settings: instagramSettings,
  limits: {
    // 2,200 characters, 30 hashtags, 20 mentions:
    // https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
    text: { max: 2_200, hashtags: 30, mentions: 20 },
    // JPEG, 8 MB (8 MiB on another page), 4:5 to 1.91:1 and 1,440 wide, alternative text of 1000 characters, ten in a carousel:
    // https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
    images: { max: 10, maxBytes: 8_000_000, types: ['image/jpeg'], altMax: 1_000, maxWidth: 1_440, minRatio: 0.8, maxRatio: 1.91 },
    // Reels: 3 seconds to 15 minutes, 300 MB, H.264 or HEVC with AAC, without alternative text; the same page.
    video: {
      maxBytes: 300_000_000,
      types: ['video/mp4', 'video/quicktime'],
      minSeconds: 3,
      maxSeconds: 900,
      altMax: 0,
      captions: 0,
      codecs: ['h264', 'hevc'],
      audioCodecs: ['aac'],
    },
    needsMedia: true,
    // comments are words alone: https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
    replyImages: 0,
    card: { width: 1_080, height: 1_350 },
    // 100 posts in 24 hours on one page, 50 on another; the account's own number is asked before each post.
    pace: { actions: 40, perSeconds: 86_400 },
  },
  // A container is published once at most, and says whether it was; the post itself is then found by its words.
  repeat: 'find',
  settleSeconds: 30,
  // Ten pictures are handed over and looked at one after the other.
  budgetSeconds: 60,
  // In UTF-16 units, the widest reading of "characters"; Meta does not say which it means.
  measure: (text) => text.length,
  connect: openAccount,
  check,
  publish,
  reply,
  retract,
  find: async (client, post, attempt) => (await findPosts(client, post, attempt))[0],
  findAll: findPosts,
  stands: async (client, receipt, signal) => isThere(await placeOf(client, receipt, signal)),
  insights,
  reactions,
}

const quarterHourMs = 900_000
const created = z.object({ id: z.string().min(1) })

async function publish(client: InstagramClient, post: Post, attempt: Attempt): Promise<Receipt> {
  const quota = await quotaLeft(client, attempt.signal)
  if (quota?.left === 0) throw new NotYetError(`Das Tageskontingent von ${quota.of} Beiträgen auf Instagram ist verbraucht.`, quarterHourMs)
  const { id: creation_id, published } = await readyContainer(client, post, attempt)
  if (published) throw new UnclearError('Instagram hat diesen Beitrag inzwischen veröffentlicht; welcher es ist, wird nachgesehen.')
  const answer = await publishContainer(client, creation_id, attempt)
  if (answer.status >= 300)
    throw await afterRefusal(creation_id, 'Instagram findet nicht mehr, was ihm übergeben war; es wird neu übergeben.', true, attempt)
  return shown(client, answer.as(created).id, attempt)
}

/** Whatever is refused: before the next try the container itself is asked whether it was published all the same. */
async function publishContainer({ graph, account }: InstagramClient, creation_id: string, attempt: Attempt): Promise<Answer> {
  const path = `/${account}/media_publish`
  const call = { method: 'POST', path, params: { creation_id }, kind: 'write', goneIsFine: true, signal: attempt.signal } as const
  try {
    return await graph.call(call)
  } catch (error) {
    if (!isRefusedContainer(error)) throw error
    throw await afterRefusal(creation_id, (error as Error).message, false, attempt)
  }
}

/** Only the id comes back; address and time are asked for, and if that fails, the post is there all the same. */
async function shown({ graph }: InstagramClient, id: string, { signal, log }: Attempt): Promise<Receipt> {
  try {
    const answer = await graph.call({ method: 'GET', path: `/${id}`, params: { fields: mediaFields }, kind: 'read', signal })
    return mediaReceipt(answer.as(media))
  } catch (error) {
    log.info({ error }, 'the post is published, its address is not known yet')
    return mediaReceipt({ id })
  }
}

/**
 * https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments: words alone, without a picture;
 * comments have one level of answers. What it answers is remembered first: the look needs it.
 */
async function reply(client: InstagramClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> {
  const { signal } = attempt
  const thread = receipt.detail?.thread
  const answered = thread ?? (await idOf(client, receipt, signal))
  await attempt.remember({ answered, ...(thread && { thread }) })
  const path = `/${answered}/${thread === undefined ? 'comments' : 'replies'}`
  const answer = await client.graph.call({ method: 'POST', path, params: { message: post.text }, kind: 'write', signal })
  const said = answer.as(comment)
  return commentReceipt(said, thread ?? said.id)
}

/** https://developers.facebook.com/docs/instagram-platform/reference/instagram-media#deleting; what is gone already is as good. */
async function retract(client: InstagramClient, receipt: Receipt, { signal }: Attempt): Promise<void> {
  if (!client.mayDelete && !isComment(receipt))
    throw new RejectedError(
      'Über die Anmeldung mit Instagram lassen sich Beiträge nicht löschen; bitte in der App löschen oder den Kanal über Facebook anmelden.',
    )
  await remove(await placeOf(client, receipt, signal))
}

const placeOf = async (client: InstagramClient, receipt: Receipt, signal: AbortSignal): Promise<Place> => ({
  graph: client.graph,
  id: await idOf(client, receipt, signal),
  own: `/${client.account}/media`,
  signal,
})
