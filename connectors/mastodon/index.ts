// Mastodon: one account on one instance, over its documented REST API with plain fetch. https://docs.joinmastodon.org
import { z } from 'zod'
import type { Attempt, Connector, Identity, Post, Reactions, Receipt } from '../../src/connector/connector.ts'
import type { LearnedLimits } from '../../src/connector/limits.ts'
import { firstOwnPost, ownPosts } from '../../src/connector/own-posts.ts'
import { pictureKeys } from '../../src/connector/picture-keys.ts'
import { credentials, type MastodonClient, type MastodonSettings, mastodonSettings, openClient } from './client.ts'
import { countOnMastodon } from './count.ts'
import { ownStatuses } from './find.ts'
import { mediaIds } from './media.ts'
import { mediaOf, receiptOf, status, statusId } from './status.ts'

const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

export const mastodon: Connector<MastodonSettings, MastodonClient> = {
  platform: 'mastodon',
  title: 'Mastodon',
  settings: mastodonSettings,
  // The documented defaults of https://docs.joinmastodon.org/methods/instance/#v2; `check` reads the instance's own.
  limits: {
    text: { max: 500, perLink: 23, linksRunOn: true },
    images: { max: 4, maxBytes: 16_777_216, types: imageTypes, altMax: 1_500, maxPixels: 33_177_600 },
    needsMedia: false,
    // The platform's ceiling is 300 requests in 5 minutes for an account: https://docs.joinmastodon.org/api/rate-limits/
    pace: { actions: 240, perSeconds: 300 },
  },
  // The Idempotency-Key goes with every attempt, but it is kept for an hour only, replays have answered 500, and two requests at
  // once were both posted: so a lost answer is first looked up, and only then sent again with the same key.
  repeat: 'find',
  // Web servers give a request up to 30 seconds in their queue and for their work; after that it has happened or never will.
  settleSeconds: 30,
  // Four images of 16 MB over a city's line, processed there; a plain post takes under a second.
  budgetSeconds: 30,
  measure: (text, { perLink }) => countOnMastodon(text, perLink),
  connect: openClient,
  check,
  publish: (client, post, attempt) => create(client, post, attempt),
  reply: (client, receipt, post, attempt) => create(client, post, attempt, statusId(receipt)),
  update,
  retract,
  find: async (client, post, attempt) => {
    const found = await firstOwnPost(ownStatuses(client, post, attempt), attempt)
    return found && receiptOf(found, post.images)
  },
  findAll: async (client, post, attempt) =>
    (await Array.fromAsync(ownPosts(ownStatuses(client, post, attempt), attempt))).map((found) => receiptOf(found, post.images)),
  stands,
  insights: async (client, signal) => ({ followers: (await credentials(client.call, signal)).followers_count }),
  reactions,
}

const counts = z.object({ favourites_count: z.number(), reblogs_count: z.number(), replies_count: z.number() })

/** https://docs.joinmastodon.org/entities/Status/: as far as the instance itself knows; views are not counted there. */
async function reactions(client: MastodonClient, receipt: Receipt, signal: AbortSignal): Promise<Reactions> {
  const answer = await client.call({ method: 'GET', path: `/api/v1/statuses/${statusId(receipt)}`, kind: 'read', signal })
  const { favourites_count, reblogs_count, replies_count } = answer.as(counts)
  return { likes: favourites_count, shares: reblogs_count, replies: replies_count }
}

async function check(client: MastodonClient, signal: AbortSignal): Promise<Identity> {
  const { acct, url } = await credentials(client.call, signal)
  const limits = (await client.call({ method: 'GET', path: '/api/v2/instance', kind: 'read', signal })).as(instance)
  return { account: `@${acct}@${new URL(url).host}`, url, until: null, limits }
}

/** https://docs.joinmastodon.org/entities/Instance/ in our words; what an instance leaves out stays as documented. */
const instance = z
  .object({
    configuration: z.object({
      statuses: z
        .object({ max_characters: z.number(), max_media_attachments: z.number(), characters_reserved_per_url: z.number() })
        .partial(),
      media_attachments: z
        .object({
          image_size_limit: z.number(),
          image_matrix_limit: z.number(),
          description_limit: z.number(),
          supported_mime_types: z.array(z.string()),
        })
        .partial(),
    }),
  })
  .transform(({ configuration: { statuses, media_attachments: media } }): LearnedLimits => {
    const types = media.supported_mime_types && imageTypes.filter((type) => media.supported_mime_types?.includes(type))
    return {
      text: present({ max: statuses.max_characters, perLink: statuses.characters_reserved_per_url }),
      images: present({
        max: statuses.max_media_attachments,
        maxBytes: media.image_size_limit,
        maxPixels: media.image_matrix_limit,
        altMax: media.description_limit,
        types,
      }),
    }
  })

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
const present = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>

/** https://docs.joinmastodon.org/methods/statuses/#create */
async function create(client: MastodonClient, post: Post, attempt: Attempt, answered?: string): Promise<Receipt> {
  const media = await mediaIds(client, post.images, attempt)
  const json = { ...content(post, Object.values(media)), visibility: 'public', ...(answered && { in_reply_to_id: answered }) }
  const call = {
    method: 'POST',
    path: '/api/v1/statuses',
    kind: 'write',
    json,
    idempotencyKey: attempt.key,
    signal: attempt.signal,
  } as const
  return receiptOf((await client.call(call)).as(status), post.images)
}

/** https://docs.joinmastodon.org/methods/statuses/#edit: what is left out is removed, so the images are named again. */
async function update(client: MastodonClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> {
  const kept = mediaOf(receipt)
  const media = await mediaIds(client, post.images, attempt, kept)
  const ids = pictureKeys(post.images).map((key) => kept[key])
  const described = post.images.flatMap(({ alt }, index) => (ids[index] ? [{ id: ids[index], description: alt }] : []))
  const json = { ...content(post, Object.values(media)), ...(described.length > 0 && { media_attributes: described }) }
  const call = { method: 'PUT', path: `/api/v1/statuses/${statusId(receipt)}`, kind: 'write', json, signal: attempt.signal } as const
  return receiptOf((await client.call(call)).as(status), post.images)
}

const content = ({ text, language }: Post, ids: readonly string[]) => ({
  status: text,
  // Mastodon knows plain text alone; glitch-soc, Akkoma and GoToSocial may read Markdown where nothing is said, and "Bürger*innen" loses its stars
  content_type: 'text/plain',
  // ISO 639-1, as the API wants it.
  language: language.split('-')[0],
  ...(ids.length > 0 && { media_ids: ids }),
})

/** https://docs.joinmastodon.org/methods/statuses/#get */
async function stands(client: MastodonClient, receipt: Receipt, signal: AbortSignal): Promise<boolean> {
  const answer = await client.call({ method: 'GET', path: `/api/v1/statuses/${statusId(receipt)}`, kind: 'read', goneIsFine: true, signal })
  return answer.status < 300
}

/** https://docs.joinmastodon.org/methods/statuses/#delete; what is gone already is as good. */
async function retract(client: MastodonClient, receipt: Receipt, { signal }: Attempt): Promise<void> {
  await client.call({ method: 'DELETE', path: `/api/v1/statuses/${statusId(receipt)}`, kind: 'write', goneIsFine: true, signal })
}
