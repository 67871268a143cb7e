// Posts and comments on the lab's Instagram: read, listed, answered, deleted. Captions cannot be changed.
import { invalid, noObject } from '../facebook/answers.ts'
import { chosen, type GraphAsk, graphTime, paged, text } from '../facebook/ask.ts'
import type { Answer } from '../room.ts'
import { type Comment, commentsOn, type InstagramDesk, type Media, mediaOf, type Thing } from './account.ts'

const mediaJson = (desk: InstagramDesk, { id, at, type, entry, account, owner }: Media): Record<string, unknown> => ({
  id,
  caption: entry.revisions[0]!.text,
  permalink: entry.birth.url,
  timestamp: graphTime(at),
  media_type: type,
  media_product_type: type === 'VIDEO' ? 'REELS' : 'FEED',
  alt_text: entry.revisions[0]!.images[0]?.alt,
  username: account,
  owner: { id: owner },
  like_count: 0,
  comments_count: commentsOn(desk, id).length,
})

const commentJson = ({ id, at, entry, account, parent, root }: Comment): Record<string, unknown> => ({
  id,
  text: entry.revisions[0]!.text,
  timestamp: graphTime(at),
  username: account,
  like_count: 0,
  parent_id: parent === root ? undefined : parent,
})

export const listMedia = (desk: InstagramDesk, ask: GraphAsk): Answer => {
  const { parts, settings } = desk
  const listed = mediaOf(desk, ask.path[0]!).filter(({ at }) => Date.parse(at) + settings.listedAfterMs <= parts.now())
  return { status: 200, body: paged(ask, listed, (one) => chosen(ask, mediaJson(desk, one))) }
}

export const showThing = (desk: InstagramDesk, thing: Media | Comment, ask: GraphAsk): Answer => ({
  status: 200,
  body: chosen(ask, thing.kind === 'media' ? mediaJson(desk, thing) : commentJson(thing)),
})

/** Of a post the comments, of a comment the replies; newest first. */
export const listComments = (desk: InstagramDesk, thing: Thing, ask: GraphAsk): Answer => {
  const below = commentsOn(desk, thing.id).filter(({ parent }) => parent === thing.id)
  return { status: 200, body: paged(ask, below.toReversed(), (one) => chosen(ask, commentJson(one), ['text', 'timestamp', 'id'])) }
}

/** POST /{media}/comments and /{comment}/replies; there is one level of replies. */
export const publishComment = (desk: InstagramDesk, account: string, on: Thing, ask: GraphAsk): Answer => {
  if (on.kind === 'container') throw noObject('post', on.id)
  const message = text(ask, 'message')
  if (message === '') throw invalid('(#100) The parameter message is required')
  if (message.length > 2_200) throw invalid('(#100) The comment is too long')
  if (on.kind === 'comment' && on.parent !== on.root) throw invalid('(#100) Replies to replies are not supported')
  const id = desk.nextId()
  const root = on.kind === 'media' ? on.id : on.root
  const url = `${on.entry.birth.url.replace(/\/$/, '')}/c/${id}`
  const content = { text: message, language: null, link: null, images: [] }
  const at = desk.now()
  const entry = desk.parts.ledger.add({ platform: 'instagram', account, id, url, replyTo: on.id }, content, at)
  const comment: Comment = { kind: 'comment', id, owner: on.owner, account, at, entry, parent: on.id, root }
  desk.things.set(id, comment)
  return { status: 200, body: { id } }
}

/** With a post go its comments, with a comment its replies. */
export const remove = (desk: InstagramDesk, thing: Thing): Answer => {
  if (thing.kind === 'container') throw noObject('delete', thing.id)
  for (const gone of [thing, ...commentsOn(desk, thing.id)]) {
    desk.parts.ledger.remove(gone.entry, desk.now())
    desk.things.delete(gone.id)
  }
  return { status: 200, body: { success: true, deleted_id: thing.id } }
}

/** GET /{media}/insights: what was asked for, and nobody has looked yet. */
export const insightsOf = (thing: Thing, ask: GraphAsk): Answer => {
  if (thing.kind !== 'media') throw noObject('get', thing.id)
  const names = text(ask, 'metric').split(',').filter(Boolean)
  if (names.length === 0) throw invalid('(#100) The parameter metric is required')
  const data = names.map((name) => ({ name, period: 'lifetime', values: [{ value: 0 }], id: `${thing.id}/insights/${name}/lifetime` }))
  return { status: 200, body: { data } }
}
