// X: one account, over the API v2. https://docs.x.com/x-api
import type { Connector, Cost, Identity, Post } from '../../src/connector/connector.ts'
import { me, openClient, type XClient } from './client.ts'
import { linkWeight, mostWeight, weight } from './count.ts'
import { linksIn } from './links.ts'
import { find, findAll, publish, reply } from './publish.ts'
import { scopes, type XSettings, xSettings } from './settings.ts'
import { reactions, retract, stands } from './standing.ts'

/** There is no `update`: an edit needs X Premium, gives the post a new id and ends after an hour. Corrections are replies. */
export const x: Connector<XSettings, XClient> = {
  platform: 'x',
  title: 'X',
  settings: xSettings,
  limits: {
    // https://docs.x.com/fundamentals/counting-characters
    text: { max: mostWeight, perLink: linkWeight },
    // https://docs.x.com/x-api/media/quickstart/best-practices; alt text: the API's description of POST /2/media/metadata.
    images: { max: 4, maxBytes: 5_000_000, types: ['image/png', 'image/jpeg', 'image/webp', 'image/gif'], altMax: 1_000 },
    // H.264 and AAC; descriptions in words are for images alone: https://docs.x.com/x-api/media/create-media-metadata
    video: {
      maxBytes: 512_000_000,
      types: ['video/mp4'],
      minSeconds: 0.5,
      maxSeconds: 140,
      altMax: 0,
      captions: 4,
      codecs: ['h264'],
      audioCodecs: ['aac'],
    },
    needsMedia: false,
    // POST /2/tweets: 100 in 15 minutes for an account, https://docs.x.com/x-api/fundamentals/rate-limits
    pace: { actions: 80, perSeconds: 900 },
  },
  // X knows neither a key nor an id of ours: what a lost answer left is found among the account's own posts.
  repeat: 'find',
  // No web server gives a request longer than 30 seconds; and the same words without an image X itself refuses a second time.
  settleSeconds: 30,
  // Four images of 5 MB over a city's line; a video goes on in the next attempt where this one ended.
  budgetSeconds: 60,
  measure: (text) => weight(text),
  cost,
  connect: openClient,
  check,
  publish: (client, post, attempt) => publish(client, post, attempt),
  reply,
  retract,
  find,
  findAll,
  stands,
  insights: async (client, signal) => ({ followers: (await me(client.call, signal)).public_metrics?.followers_count ?? 0 }),
  reactions,
}

/** Prices of 2026-04-20, https://docs.x.com/x-api/getting-started/pricing: a post with a link, be it a bare domain, costs more. */
function cost({ text }: Post): Cost {
  return { amount: linksIn(text.normalize('NFC')).length > 0 ? 0.2 : 0.015, currency: 'USD' }
}

async function check(client: XClient, signal: AbortSignal): Promise<Identity> {
  const { username } = await me(client.call, signal)
  const granted = await client.scopes(signal)
  const missing = granted === undefined ? [] : scopes.filter((scope) => !granted.includes(scope))
  return { account: `@${username}`, url: `${client.web}/${username}`, until: null, ...(missing.length > 0 && { missing }) }
}
