// Putting a post on X: new, or below another one; what X refuses as a repetition is looked for, what it refuses as a reply stands alone.
import { z } from 'zod'
import type { Attempt, Post, Receipt } from '../../src/connector/connector.ts'
import { RejectedError, UnclearError } from '../../src/connector/errors.ts'
import { firstOwnPost, ownPosts } from '../../src/connector/own-posts.ts'
import { standingAlone } from './alone.ts'
import type { XClient } from './client.ts'
import { specialOf } from './failures.ts'
import { ownPostsOn } from './find.ts'
import { mediaIds, uploadKeys } from './media.ts'
import { idOf, receiptOf, post as xPost } from './post.ts'
import { forgetUploads, remembersUploads } from './upload.ts'

export const publish = async (client: XClient, post: Post, attempt: Attempt, answered?: string): Promise<Receipt> => {
  const hasUploads = remembersUploads(uploadKeys(post), attempt)
  try {
    return await put(client, post, attempt, answered)
  } catch (error) {
    const special = specialOf(error)
    if (special === 'duplicate') return there(client, post, attempt)
    if (special !== 'gone' || !hasUploads) throw error
    // X has cleared away what an earlier attempt uploaded
    await forgetUploads(uploadKeys(post), attempt)
    return put(client, post, attempt, answered)
  }
}

/** https://docs.x.com/x-api/posts/create-post */
const put = async (client: XClient, post: Post, attempt: Attempt, answered?: string): Promise<Receipt> => {
  const ids = await mediaIds(client, post, attempt)
  const wish = {
    text: post.text,
    ...(ids.length > 0 && { media: { media_ids: ids } }),
    ...(answered !== undefined && { reply: { in_reply_to_tweet_id: answered } }),
  }
  const { data } = await client.call({
    kind: 'write',
    signal: attempt.signal,
    shape: created,
    ask: (api) => api.post('tweets', wish),
  })
  return receiptOf(client, data.id)
}

const created = z.object({ data: z.object({ id: xPost.shape.id }) })

/**
 * X says that these very words stand there: from an attempt of ours whose answer was lost, or from before. Before a first attempt nothing
 * of this delivery can be there, so they are another's.
 */
const there = async (client: XClient, post: Post, attempt: Attempt): Promise<Receipt> => {
  if (attempt.number === 1)
    throw new RejectedError('X nimmt dieselben Worte nicht zweimal an, und dieser Beitrag steht dort schon. Bitte den Wortlaut ändern.')
  const found = await find(client, post, attempt)
  if (found) return found
  throw new UnclearError('X hält den Beitrag für eine Wiederholung, unter den neuesten Beiträgen des Kontos steht er aber nicht.')
}

export const find = async (client: XClient, post: Post, attempt: Attempt): Promise<Receipt | undefined> => {
  const found = await firstOwnPost(ownPostsOn(client, textsOf(post, attempt), attempt), attempt)
  return found && receiptOf(client, found.id)
}

export const findAll = async (client: XClient, post: Post, attempt: Attempt): Promise<readonly Receipt[]> => {
  const found = await Array.fromAsync(ownPosts(ownPostsOn(client, textsOf(post, attempt), attempt), attempt))
  return found.map(({ id }) => receiptOf(client, id))
}

/** Where the address of the post is remembered to which X refused this reply. */
const memoryOfAbout = 'about'

/** What this delivery may have left there: its words, or those of the post of its own that stands in for a reply. */
const textsOf = (post: Post, { memory }: Attempt): readonly string[] => {
  const about = memory[memoryOfAbout]
  return about === undefined ? [post.text] : [post.text, standingAlone(post, about)]
}

/**
 * Since 2026-02-23 the API refuses most accounts replies to who has not mentioned them, and does not say whether own posts are exempt:
 * https://docs.x.com/changelog. Refused, the answer becomes a post of its own that links to the other one.
 */
export const reply = async (client: XClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> => {
  const id = idOf(receipt)
  const about = attempt.memory[memoryOfAbout] ?? (await refusedBelow(client, { id, post }, attempt))
  return typeof about === 'string' ? publish(client, { ...post, text: standingAlone(post, about) }, attempt) : about
}

/** The reply; or, where X refuses it as one, the address of the post that it was to stand below. */
const refusedBelow = async (client: XClient, { id, post }: { id: string; post: Post }, attempt: Attempt): Promise<Receipt | string> => {
  try {
    return await publish(client, post, attempt, id)
  } catch (error) {
    if (specialOf(error) !== 'reply-refused') throw error
    const about = receiptOf(client, id).url ?? ''
    attempt.log.warn({ platform: 'x' }, 'X takes no reply from a program here: it becomes a post of its own')
    await attempt.remember({ [memoryOfAbout]: about })
    return about
  }
}
