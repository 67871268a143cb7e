// TikTok: films and photos of one account, over the Content Posting API with plain HTTP. https://developers.tiktok.com/doc/content-posting-api-get-started
import { z } from 'zod'
import type { Connector, Identity, Reactions, Receipt } from '../../src/connector/connector.ts'
import { openClient, readCreator, type TiktokClient } from './client.ts'
import { find, publish } from './publish.ts'
import { type TiktokSettings, tiktokSettings } from './settings.ts'

/** What our posts need. Numbers need user.info.stats and video.list besides. */
const scope = 'video.publish'

export const tiktok: Connector<TiktokSettings, TiktokClient> = {
  platform: 'tiktok',
  title: 'TikTok',
  settings: tiktokSettings,
  limits: {
    // UTF-16 units: https://developers.tiktok.com/doc/content-posting-api-reference-direct-post (photos would take 4000)
    text: { max: 2_200 },
    // https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide
    images: { max: 35, maxBytes: 20_000_000, types: ['image/jpeg', 'image/webp'], altMax: 0, maxWidth: 1_080, maxHeight: 1_920 },
    video: {
      maxBytes: 4_000_000_000,
      types: ['video/mp4', 'video/quicktime'],
      minSeconds: 3,
      maxSeconds: 600,
      altMax: 0,
      captions: 0,
      codecs: ['h264', 'hevc', 'vp8', 'vp9'],
    },
    needsMedia: true,
    // of photos, in UTF-16 units: https://developers.tiktok.com/doc/content-posting-api-reference-photo-post
    titleMax: 90,
    // 6 posts begun in a minute for each token
    pace: { actions: 5, perSeconds: 60 },
  },
  // The remembered publish_id says what became of it.
  repeat: 'find',
  // A status is known at once; a film may still be on its way through TikTok's own servers.
  settleSeconds: 10,
  // 100 MB over a city's line of 10 Mbit/s. A longer film goes on in the next attempt where this one stopped.
  budgetSeconds: 90,
  measure: (text) => text.length,
  notes: ({ audited = false }) =>
    audited === true
      ? []
      : [
          'Solange TikTok das Programm nicht geprüft hat, sieht nur das Konto selbst den Beitrag; ein Mensch muss ihn in der App freigeben.',
        ],
  byHand: ['retract'],
  connect: openClient,
  check,
  publish,
  find,
  insights,
  reactions,
}

async function check(client: TiktokClient, signal: AbortSignal): Promise<Identity> {
  const { creator_username: name } = await readCreator(client, signal)
  const { scope: granted = '', refreshUntil = null } = await client.notes(signal)
  return {
    account: `@${name}`,
    url: `https://www.tiktok.com/@${name}`,
    until: refreshUntil,
    missing: granted.split(',').includes(scope) ? [] : [scope],
  }
}

const user = z.object({ data: z.object({ user: z.object({ follower_count: z.number() }) }) })

/** https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info, scope user.info.stats */
async function insights({ call }: TiktokClient, signal: AbortSignal) {
  const answer = await call({ path: '/v2/user/info/?fields=follower_count', kind: 'read', signal })
  return { followers: answer.as(user).data.user.follower_count }
}

const count = z.number().optional()
const videos = z.object({
  data: z.object({
    videos: z.array(z.object({ like_count: count, comment_count: count, share_count: count, view_count: count })).default([]),
  }),
})

/** https://developers.tiktok.com/doc/tiktok-api-v2-video-query, scope video.list: public posts only. */
async function reactions({ call }: TiktokClient, receipt: Receipt, signal: AbortSignal): Promise<Reactions> {
  const id = /(\d{10,})\/?$/.exec(receipt.id)?.[1]
  if (id === undefined) return {}
  const path = '/v2/video/query/?fields=id,like_count,comment_count,share_count,view_count'
  const answer = await call({ path, json: { filters: { video_ids: [id] } }, kind: 'read', signal })
  const { like_count: likes, comment_count: replies, share_count: shares, view_count: views } = answer.as(videos).data.videos[0] ?? {}
  const all = { likes, replies, shares, views }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
