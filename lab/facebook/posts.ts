// Posts and comments on the lab's Facebook: made, changed, deleted, listed.
import type { Content } from '../ledger.ts'
import type { Answer } from '../room.ts'
import { invalid, noObject, refusal } from './answers.ts'
import { chosen, type GraphAsk, graphTime, list, paged, text } from './ask.ts'
import { type Comment, commentsOn, type FacebookDesk, homeOf, type Photo, type Post, publishedOn, type Thing, type Video } from './page.ts'
import { photosNamed } from './photos.ts'

const mostCharacters = 63_206

const checked = (message: string): string => {
  if (message.length > mostCharacters) throw invalid(`(#100) Param message must be at most ${mostCharacters} characters long`)
  return message
}

const contentOf = (message: string, photos: readonly Photo[], link = ''): Content => ({
  text: message,
  language: null,
  link: link || (/https?:\/\/\S+/.exec(message)?.[0] ?? null),
  images: photos.map(({ image }) => image),
})

/** POST /{page}/feed. The same words twice in a row are refused. */
export const publishPost = (desk: FacebookDesk, account: string, page: string, ask: GraphAsk): Answer => {
  const message = checked(text(ask, 'message'))
  const link = text(ask, 'link')
  const photos = photosNamed(desk, page, list(ask, 'attached_media') ?? [], null)
  if (!message && !link && photos.length === 0) throw invalid('(#100) Missing message or attachment', 1349125)
  if (desk.settings.unreadable.includes(link))
    throw refusal(100, 'Invalid parameter', { subcode: 1609005, userMessage: 'The link could not be scraped.' })
  const newest = publishedOn(desk, page)[0]
  if (newest?.kind === 'post' && message !== '' && message === newest.entry.revisions.at(-1)!.text)
    throw refusal(506, '(#506) Duplicate status message', { subcode: 1455006 })
  const short = desk.nextId()
  const id = `${page}_${short}`
  const url = `${homeOf(desk)}/${page}/posts/${short}`
  const at = desk.now()
  const entry = desk.parts.ledger.add({ platform: 'facebook', account, id, url, replyTo: null }, contentOf(message, photos, link), at)
  const post: Post = { kind: 'post', id, page, account, at, entry, photos }
  desk.things.set(id, post)
  for (const photo of photos) photo.post = id
  return { status: 200, body: chosen(ask, postJson(desk, post)) }
}

/** POST /{post}: what is not named stays as it is. */
export const changePost = (desk: FacebookDesk, post: Post, ask: GraphAsk): Answer => {
  const named = list(ask, 'attached_media')
  const photos = named === undefined ? post.photos : photosNamed(desk, post.page, named, post.id)
  const message = ask.params.has('message') ? checked(text(ask, 'message')) : post.entry.revisions.at(-1)!.text
  for (const photo of post.photos) photo.post = null
  for (const photo of photos) photo.post = post.id
  post.photos = photos
  desk.parts.ledger.revise(post.entry, contentOf(message, photos, post.entry.revisions[0]!.link ?? ''), desk.now())
  return { status: 200, body: ask.params.has('fields') ? { success: true, ...chosen(ask, postJson(desk, post)) } : { success: true } }
}

/** POST /{post, video or comment}/comments: comments have one level of answers. */
export const publishComment = (desk: FacebookDesk, account: string, on: Post | Video | Comment, ask: GraphAsk): Answer => {
  const message = checked(text(ask, 'message'))
  const photo = text(ask, 'attachment_id')
  const photos = photo ? photosNamed(desk, on.page, [{ media_fbid: photo }], null) : []
  if (!message && photos.length === 0) throw invalid('(#100) Comment must have a message or an attachment')
  if (on.kind === 'comment' && on.parent !== on.root) throw invalid('(#100) Replies to replies are not supported')
  const root = on.kind === 'comment' ? on.root : on.id
  const short = desk.nextId()
  const id = `${root.split('_').at(-1)}_${short}`
  const url = `${homeOf(desk)}/${on.page}/posts/${root.split('_').at(-1)}/comments/${short}`
  const at = desk.now()
  const entry = desk.parts.ledger.add({ platform: 'facebook', account, id, url, replyTo: on.id }, contentOf(message, photos), at)
  const comment: Comment = { kind: 'comment', id, page: on.page, account, at, entry, parent: on.id, root }
  desk.things.set(id, comment)
  return { status: 200, body: chosen(ask, commentJson(desk, comment)) }
}

export const changeComment = (desk: FacebookDesk, comment: Comment, ask: GraphAsk): Answer => {
  const { images } = comment.entry.revisions.at(-1)!
  desk.parts.ledger.revise(comment.entry, { ...contentOf(checked(text(ask, 'message')), []), images }, desk.now())
  return { status: 200, body: { success: true } }
}

/** With a post go its comments. */
export const remove = (desk: FacebookDesk, thing: Thing): Answer => {
  for (const gone of [thing, ...commentsOn(desk, thing.id)]) {
    if (gone.kind !== 'photo' && gone.entry) desk.parts.ledger.remove(gone.entry, desk.now())
    desk.things.delete(gone.id)
  }
  return { status: 200, body: { success: true } }
}

export const listComments = (desk: FacebookDesk, on: Thing, ask: GraphAsk): Answer => {
  const all = text(ask, 'filter') === 'stream' ? commentsOn(desk, on.id) : commentsOn(desk, on.id).filter(({ parent }) => parent === on.id)
  const ordered = text(ask, 'order') === 'reverse_chronological' ? all.toReversed() : all
  return { status: 200, body: paged(ask, ordered, (one) => chosen(ask, commentJson(desk, one), ['created_time', 'from', 'message', 'id'])) }
}

export const listPosts = (desk: FacebookDesk, page: string, ask: GraphAsk): Answer => {
  const posts = publishedOn(desk, page).filter((one): one is Post => one.kind === 'post')
  return { status: 200, body: paged(ask, posts, (one) => chosen(ask, postJson(desk, one), ['created_time', 'message', 'id'])) }
}

export const showThing = (desk: FacebookDesk, thing: Post | Comment | Photo, ask: GraphAsk): Answer => {
  if (thing.kind === 'post') return { status: 200, body: chosen(ask, postJson(desk, thing), ['created_time', 'message', 'id']) }
  if (thing.kind === 'comment')
    return { status: 200, body: chosen(ask, commentJson(desk, thing), ['created_time', 'from', 'message', 'id']) }
  return { status: 200, body: chosen(ask, { id: thing.id, created_time: graphTime(thing.at), alt_text_custom: thing.image.alt }) }
}

export const summaryOf = (count: number): object => ({ data: [], summary: { total_count: count } })

const attachmentsOf = (photos: readonly Photo[]): object | undefined => {
  if (photos.length === 0) return undefined
  const targets = photos.map(({ id }) => ({ target: { id } }))
  return { data: targets.length === 1 ? targets : [{ subattachments: { data: targets } }] }
}

const postJson = (desk: FacebookDesk, { id, page, account, at, entry, photos }: Post): Record<string, unknown> => ({
  id,
  message: entry.revisions.at(-1)!.text,
  created_time: graphTime(at),
  updated_time: graphTime(entry.revisions.at(-1)!.at),
  permalink_url: entry.birth.url,
  from: { id: page, name: account },
  is_published: true,
  attachments: attachmentsOf(photos),
  shares: undefined,
  reactions: summaryOf(0),
  comments: summaryOf(commentsOn(desk, id).length),
})

const commentJson = (desk: FacebookDesk, { id, page, account, at, entry, parent, root }: Comment): Record<string, unknown> => ({
  id,
  message: entry.revisions.at(-1)!.text,
  created_time: graphTime(at),
  permalink_url: entry.birth.url,
  from: { id: page, name: account },
  parent: parent === root ? undefined : { id: parent },
  like_count: 0,
  comment_count: commentsOn(desk, id).length,
})

/** Whatever is not there cannot be spoken to. */
export const answerable = (thing: Thing): Post | Video | Comment => {
  if (thing.kind === 'photo' || (thing.kind === 'video' && thing.entry === null)) throw noObject('post', thing.id)
  return thing
}
