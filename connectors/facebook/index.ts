// Facebook: one page over the Graph API, with plain HTTP. https://developers.facebook.com/docs/pages-api
import type { Attempt, Connector, Post, Receipt } from '../../src/connector/connector.ts'
import { check, insights, reactions } from './check.ts'
import { isUnreadableLink } from './failures.ts'
import { findPosts, idOf } from './find.ts'
import { attachedMedia, photoIds, photoKey } from './photos.ts'
import { commentFields, commentReceipt, kindOf, pagePost, photosOf, postFields, postReceipt } from './post.ts'
import { type FacebookClient, type FacebookSettings, facebookSettings, openPage } from './settings.ts'
import { isThere, type Place, remove } from './standing.ts'
import { publishVideo } from './video.ts'

export const facebook: Connector<FacebookSettings, FacebookClient> = {
  platform: 'facebook',
  title: 'Facebook',
  settings: facebookSettings,
  limits: {
    // 63,206 is what Facebook has named since 2011; in which unit is not written anywhere, so the widest is counted: UTF-16.
    text: { max: 63_206 },
    // Under 4 MB as advised at https://developers.facebook.com/docs/graph-api/reference/page/photos/; the alternative text has no
    // documented limit there, so Instagram's holds.
    images: { max: 10, maxBytes: 4_000_000, types: ['image/jpeg', 'image/png'], altMax: 1_000 },
    // 1 GB and 20 minutes is the least of what https://developers.facebook.com/docs/graph-api/reference/page/videos/ has named.
    video: { maxBytes: 1_000_000_000, types: ['video/mp4', 'video/quicktime'], minSeconds: 1, maxSeconds: 1_200, altMax: 0, captions: 0 },
    needsMedia: false,
    // a comment has one attachment: https://developers.facebook.com/docs/graph-api/reference/object/comments
    replyImages: 1,
    // 4,800 calls in 24 hours for each reader who is active; a small page must do with one reader:
    // https://developers.facebook.com/docs/graph-api/overview/rate-limiting
    pace: { actions: 60, perSeconds: 3_600 },
  },
  // There is no idempotency key, and a 500 may have posted: seven copies in twenty minutes are on record.
  repeat: 'find',
  // A post appears among the page's own at once; half a minute is for what was still under way.
  settleSeconds: 30,
  // Ten photos, or a piece of a video, over a city's line.
  budgetSeconds: 120,
  measure: (text) => text.length,
  connect: openPage,
  check,
  publish: (client, post, attempt) => (post.video ? publishVideo(client, post, post.video, attempt) : publish(client, post, attempt)),
  reply,
  update,
  retract,
  find: async (client, post, attempt) => (await findPosts(client, post, attempt))[0],
  findAll: findPosts,
  stands: async (client, receipt, signal) => isThere(await placeOf(client, receipt, signal)),
  insights,
  reactions,
}

/** https://developers.facebook.com/docs/pages-api/posts/: a link card where there are no photos. */
async function publish(client: FacebookClient, post: Post, attempt: Attempt): Promise<Receipt> {
  const photos = await photoIds(client, post.images, attempt)
  const media = attachedMedia(photos)
  if (media.length > 0) return feed(client, post, attempt, { attached_media: media })
  if (post.link === null) return feed(client, post, attempt, {})
  try {
    return await feed(client, post, attempt, { link: post.link })
  } catch (error) {
    // Nothing was posted: Facebook could not read the page behind the link. It stands in the text all the same.
    if (!isUnreadableLink(error)) throw error
    attempt.log.warn({ link: post.link }, 'Facebook cannot read the link: posted without its card')
    return feed(client, post, attempt, {})
  }
}

async function feed({ graph, page }: FacebookClient, post: Post, { signal }: Attempt, more: object): Promise<Receipt> {
  const call = { method: 'POST', path: `/${page}/feed`, params: { message: post.text, ...more }, kind: 'write', signal } as const
  return postReceipt((await graph.call({ ...call, fields: postFields })).as(pagePost), post.images)
}

/** What it answers is remembered first: the look needs it. A comment takes one picture; comments have one level of answers. */
async function reply(client: FacebookClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> {
  const { graph } = client
  const answered = receipt.detail?.thread ?? (await idOf(client, receipt, attempt.signal))
  await attempt.remember({ answered, ...(receipt.detail?.thread && { thread: receipt.detail.thread }) })
  if (post.images.length > 1) attempt.log.warn({ images: post.images.length }, 'Facebook takes one picture in a comment: the first goes')
  const [photo] = Object.values(await photoIds(client, post.images.slice(0, 1), attempt))
  const params = { message: post.text, ...(photo && { attachment_id: photo }) }
  const call = { method: 'POST', path: `/${answered}/comments`, params, kind: 'write', signal: attempt.signal } as const
  const comment = (await graph.call({ ...call, fields: commentFields })).as(pagePost)
  return commentReceipt(comment, receipt.detail?.thread ?? comment.id)
}

/** https://developers.facebook.com/docs/graph-api/reference/page-post/#updating: the photos are named again only where they change. */
async function update(client: FacebookClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> {
  const { graph } = client
  const { signal } = attempt
  const path = `/${await idOf(client, receipt, signal)}`
  const kind = kindOf(receipt)
  if (kind !== undefined) {
    const params = kind === 'video' ? { description: post.text } : { message: post.text }
    await graph.call({ method: 'POST', path, params, kind: 'write', signal })
    return { ...receipt, at: new Date().toISOString() }
  }
  const kept = photosOf(receipt)
  const same = post.images.map(photoKey).join() === Object.keys(kept).join()
  const photos = same ? kept : await photoIds(client, post.images, attempt, kept)
  const params = { message: post.text, ...(!same && { attached_media: attachedMedia(photos) }) }
  const answer = await graph.call({ method: 'POST', path, params, fields: postFields, kind: 'write', signal })
  const changed = answer.as(pagePost.partial())
  return {
    ...receipt,
    ...postReceipt({ ...changed, id: receipt.id, permalink_url: changed.permalink_url ?? receipt.url ?? undefined }, post.images, photos),
    at: new Date().toISOString(),
  }
}

/** https://developers.facebook.com/docs/graph-api/reference/page-post/#deleting; what is gone already is as good. */
async function retract(client: FacebookClient, receipt: Receipt, { signal }: Attempt): Promise<void> {
  await remove(await placeOf(client, receipt, signal))
}

const placeOf = async (client: FacebookClient, receipt: Receipt, signal: AbortSignal): Promise<Place> => ({
  graph: client.graph,
  id: await idOf(client, receipt, signal),
  own: `/${client.page}/published_posts`,
  signal,
})
