// Containers on the lab's Instagram: made, looked at, published once. https://developers.facebook.com/docs/instagram-platform/content-publishing
import { invalid, refusal } from '../facebook/answers.ts'
import { chosen, type GraphAsk, list, text } from '../facebook/ask.ts'
import type { Content } from '../ledger.ts'
import type { Answer, Ask } from '../room.ts'
import type { Container, InstagramDesk, Media } from './account.ts'
import { fetchImage, fetchVideo } from './pictures.ts'

const day = 86_400_000

interface Made {
  readonly content: Content
  readonly trouble?: string | null
  readonly readyAt?: number
}

/** POST /{account}/media: a picture, a carousel, or a reel. */
export const makeContainer = async (desk: InstagramDesk, account: string, ask: GraphAsk, raw: Ask): Promise<Answer> => {
  const isItem = text(ask, 'is_carousel_item') === 'true'
  const caption = isItem ? '' : checked(text(ask, 'caption'))
  const made = await contentOf(desk, caption, ask, raw)
  const container: Container = {
    kind: 'container',
    id: desk.nextId(),
    owner: ask.path[0]!,
    account,
    madeAt: desk.parts.now(),
    readyAt: made.readyAt ?? desk.parts.now(),
    content: made.content,
    isItem,
    trouble: made.trouble ?? null,
    published: false,
  }
  desk.things.set(container.id, container)
  return { status: 200, body: { id: container.id } }
}

/** 2200 characters, 30 hashtags, 20 mentions. */
const checked = (caption: string): string => {
  const hashtags = caption.match(/#[\p{L}\p{M}\p{N}_]/gu)?.length ?? 0
  const mentions = caption.match(/@[\w.]/g)?.length ?? 0
  if (caption.length > 2_200 || hashtags > 30 || mentions > 20)
    throw refusal(36004, 'The caption was too long.', {
      subcode: 2207010,
      userMessage: 'The caption is too long. It should be less than 2,200 characters, 30 hashtags and 20 mentions.',
    })
  return caption
}

const contentOf = async (desk: InstagramDesk, caption: string, ask: GraphAsk, raw: Ask): Promise<Made> => {
  const content: Content = { text: caption, language: null, link: null, images: [] }
  switch (text(ask, 'media_type')) {
    case '':
    case 'IMAGE': {
      if (!text(ask, 'image_url')) throw refusal(9004, 'The parameter image_url is required', { subcode: 2207052 })
      return { content: { ...content, images: [await fetchImage(desk.parts, raw, text(ask, 'image_url'), text(ask, 'alt_text'))] } }
    }
    case 'CAROUSEL':
      return { content: { ...content, images: items(desk, ask).flatMap((item) => item.content.images) } }
    case 'REELS': {
      const video = await fetchVideo(desk.parts, raw, text(ask, 'video_url'))
      const readyAt = desk.parts.now() + desk.settings.processingMs
      return typeof video === 'string' ? { content, trouble: video, readyAt } : { content: { ...content, video }, readyAt }
    }
    default:
      throw refusal(100, 'Unknown media type', { subcode: 2207023 })
  }
}

const items = (desk: InstagramDesk, ask: GraphAsk): readonly Container[] => {
  const children = list(ask, 'children') ?? []
  if (children.length < 2 || children.length > 10)
    throw refusal(9004, 'Invalid carousel', { subcode: 2207028, userMessage: 'Carousels need 2 to 10 photos or videos.' })
  return children.map((id) => {
    const item = desk.things.get(String(id))
    if (item?.kind !== 'container' || !item.isItem || item.owner !== ask.path[0] || statusOf(desk, item) !== 'FINISHED')
      throw invalid(`(#100) Child ${String(id)} is not a finished carousel item`)
    return item
  })
}

const statusOf = ({ parts }: InstagramDesk, { published, madeAt, readyAt, trouble }: Container): string => {
  if (published) return 'PUBLISHED'
  if (madeAt + day <= parts.now()) return 'EXPIRED'
  if (readyAt > parts.now()) return 'IN_PROGRESS'
  return trouble === null ? 'FINISHED' : 'ERROR'
}

export const showContainer = (desk: InstagramDesk, container: Container, ask: GraphAsk): Answer => {
  const status_code = statusOf(desk, container)
  const words = {
    PUBLISHED: 'Published',
    EXPIRED: 'Expired',
    IN_PROGRESS: 'In Progress',
    FINISHED: 'Finished: Media has been uploaded and it is ready to be published.',
  }
  const status = words[status_code as keyof typeof words] ?? container.trouble
  return { status: 200, body: chosen(ask, { id: container.id, status_code, status }) }
}

/** POST /{account}/media_publish. */
export const publishContainer = (desk: InstagramDesk, account: string, ask: GraphAsk): Answer => {
  const owner = ask.path[0]!
  const container = desk.things.get(text(ask, 'creation_id'))
  if (container?.kind !== 'container' || container.owner !== owner || container.isItem)
    throw refusal(24, 'The requested resource does not exist', {
      subcode: 2207006,
      userMessage: 'The media with this creation id cannot be found.',
    })
  const status = statusOf(desk, container)
  if (status === 'IN_PROGRESS')
    throw refusal(9007, 'Media ID is not available', {
      subcode: 2207027,
      userMessage: 'The media is not ready for publishing, please wait for a moment',
    })
  if (status === 'EXPIRED') throw refusal(-2, 'The media has expired', { subcode: 2207020 })
  if (status !== 'FINISHED') throw invalid('(#100) The media was published already or has failed')
  if (desk.used(owner) >= desk.settings.quota)
    throw refusal(9, 'Application request limit reached', {
      status: 403,
      subcode: 2207042,
      userMessage: 'You reached maximum number of posts that is allowed to be published by Content Publishing API.',
    })
  container.published = true
  return { status: 200, body: { id: shownAs(desk, account, container).id } }
}

const shownAs = (desk: InstagramDesk, account: string, { owner, content }: Container): Media => {
  const id = desk.nextId()
  const code = BigInt(id).toString(36)
  const url = `${desk.parts.url()}/instagram/${owner}/p/${code}/`
  const at = desk.now()
  const entry = desk.parts.ledger.add({ platform: 'instagram', account, id, url, replyTo: null }, content, at)
  const type = content.video ? 'VIDEO' : content.images.length > 1 ? 'CAROUSEL_ALBUM' : 'IMAGE'
  const media: Media = { kind: 'media', id, owner, account, at, type, entry }
  desk.things.set(id, media)
  return media
}
