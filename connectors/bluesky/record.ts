// An announcement's post as a record of app.bsky.feed.post, with its facets, images or link card, and place in a thread.
import type { AppBskyEmbedExternal, AppBskyEmbedImages, AppBskyFeedPost, BlobRef } from '@atproto/api'
import type { Attempt, Post, PostImage } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import type { BlueskyClient } from './client.ts'
import { facetsOf } from './facets.ts'

/** The lexicon app.bsky.embed.images: https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/embed/images.json */
export const maxImageBytes = 2_000_000
/** The thumbnail of app.bsky.embed.external, in the same place. */
const maxThumbBytes = 1_000_000

export const collection = 'app.bsky.feed.post'

/** The same attempt key gives the same record, mentions that could be resolved only once aside. */
export const recordOf = async (
  client: BlueskyClient,
  post: Post,
  attempt: Attempt,
  reply?: AppBskyFeedPost.ReplyRef,
): Promise<AppBskyFeedPost.Record> => {
  const embed = await embedOf(client, post, attempt.signal)
  const facets = await facetsOf(client, post, attempt)
  return {
    $type: collection,
    text: post.text,
    createdAt: new Date(attempt.plannedAt).toISOString(),
    langs: [post.language],
    ...(facets.length > 0 && { facets }),
    ...(embed && { embed }),
    ...(reply && { reply }),
  }
}

/** Whether a record that stands under our key is the one we meant to put there. */
export const isSame = (mine: AppBskyFeedPost.Record, theirs: AppBskyFeedPost.Record): boolean =>
  mine.text === theirs.text && mine.createdAt === theirs.createdAt && mine.reply?.parent.uri === theirs.reply?.parent.uri

const embedOf = async (client: BlueskyClient, post: Post, signal: AbortSignal): Promise<AppBskyFeedPost.Record['embed']> => {
  const [first] = post.images
  const thumb = client.settings.card === 'prefer' && first !== undefined && first.size <= maxThumbBytes ? first : undefined
  if (post.link !== null && (first === undefined || thumb)) return card(client, post, thumb, signal)
  return first === undefined ? undefined : images(client, post.images, signal)
}

/** Bluesky makes no cards itself: what is not in the record is not shown. The text stands above it, so it needs no description. */
const card = async (
  client: BlueskyClient,
  { link, title }: Post,
  thumb: PostImage | undefined,
  signal: AbortSignal,
): Promise<AppBskyEmbedExternal.Main & { $type: 'app.bsky.embed.external' }> => {
  const uri = new URL(link ?? '')
  const blob = thumb && (await upload(client, thumb, signal))
  return {
    $type: 'app.bsky.embed.external',
    external: { uri: uri.href as `${string}:${string}`, title: title || uri.host, description: '', ...(blob && { thumb: blob }) },
  }
}

const images = async (
  client: BlueskyClient,
  all: readonly PostImage[],
  signal: AbortSignal,
): Promise<AppBskyEmbedImages.Main & { $type: 'app.bsky.embed.images' }> => ({
  $type: 'app.bsky.embed.images',
  images: await Promise.all(
    all.map(async (image) => ({
      image: await upload(client, image, signal),
      alt: image.alt,
      aspectRatio: { width: image.width, height: image.height },
    })),
  ),
})

/** The same bytes are the same blob there: uploading twice is harmless, and what no record names is cleared away. */
const upload = async (client: BlueskyClient, image: PostImage, signal: AbortSignal): Promise<BlobRef> => {
  if (image.size > maxImageBytes) {
    const megabytes = (image.size / 1_000_000).toLocaleString('de', { maximumFractionDigits: 1 })
    const which = image.alt === '' ? 'Ein schmückendes Bild' : `Das Bild »${image.alt.slice(0, 80)}«`
    throw new RejectedError(`${which} ist mit ${megabytes} MB zu groß für Bluesky: erlaubt sind 2 MB.`)
  }
  const bytes = await client.tools.media(image.id)
  const { data } = await client.read((agent) => agent.com.atproto.repo.uploadBlob(bytes, { encoding: image.type, signal }))
  return data.blob
}
