// WhatsApp channels, through whatsapp-web.js and a Chromium: an unofficial way in, with a person's account. See docs/whatsapp.md.
import type { Attempt, Connector, Identity, Post, Receipt } from '../../src/connector/connector.ts'
import { UnreachableError } from '../../src/connector/errors.ts'
import { openChannel } from './channel.ts'
import { openClient, type WhatsappClient } from './client.ts'
import { addressOf, findMessages, receiptOf } from './find.ts'
import { publishOn } from './publish.ts'
import { type WhatsappSettings, whatsappSettings } from './settings.ts'

export const whatsapp: Connector<WhatsappSettings, WhatsappClient> = {
  platform: 'whatsapp',
  title: 'WhatsApp',
  settings: whatsappSettings,
  limits: {
    // What Meta documents for texts on WhatsApp's Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api/messages/text-messages
    // For channels nothing is documented; WhatsApp Web lets people write 65,536. In UTF-16 units, as that page counts.
    text: { max: 4096 },
    // One picture or one video a post, with the text below it. There are no alternative texts on WhatsApp: they are not sent.
    // Sizes and types as https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media has them.
    images: { max: 1, maxBytes: 5_000_000, types: ['image/jpeg', 'image/png'], altMax: 0 },
    video: { maxBytes: 16_000_000, types: ['video/mp4'], minSeconds: 0, maxSeconds: 600, altMax: 0, captions: 0 },
    needsMedia: false,
    // No limit is documented. A city speaks seldom; who posts like a machine is taken for one.
    pace: { actions: 10, perSeconds: 600 },
  },
  // There is neither a key nor an id of ours: what may have been posted is looked for by its words.
  repeat: 'find',
  // The page's own job either ends or dies with the page; a minute is for WhatsApp's side of it. Not documented anywhere.
  settleSeconds: 60,
  // A browser from nothing, the page's start over a city's line, a video of 16 MB.
  budgetSeconds: 120,
  measure: (text) => text.length,
  notes: () => ['WhatsApp: inoffizieller Zugang über WhatsApp Web; Bildbeschreibungen gibt es dort nicht.'],
  // The library's "delete for everyone" fails in channels: https://github.com/devlikeapro/waha/issues/2236
  byHand: ['retract'],
  connect: openClient,
  disconnect: (client) => client.close(),
  check,
  publish: (client, post, attempt) =>
    beginnable(attempt, () => client.use('post', attempt.signal, (session) => publishOn(client, session, post, attempt))),
  find: async (client, post, attempt) => (await found(client, post, attempt))[0],
  findAll: found,
  link: (client, wish, signal) => client.link(wish, signal),
  insights: async (client, signal) =>
    client.use('look', signal, async (session) => ({
      followers: (await openChannel(session, client.settings.channel, signal)).followers ?? 0,
    })),
}

const beginnable = <T>({ signal }: Attempt, work: () => Promise<T>): Promise<T> =>
  signal.aborted ? Promise.reject(new UnreachableError('Die Zeit war um, bevor etwas gesendet wurde.')) : work()

async function check(client: WhatsappClient, signal: AbortSignal): Promise<Identity> {
  return client.use('look', signal, async (session) => {
    const { name, inviteCode, mayPost } = await openChannel(session, client.settings.channel, signal)
    return { account: name, url: addressOf(inviteCode, client.settings.base), until: null, ...(!mayPost && { missing: ['admin'] }) }
  })
}

function found(client: WhatsappClient, post: Post, attempt: Attempt): Promise<readonly Receipt[]> {
  return client.use('look', attempt.signal, async (session) => {
    const channel = await openChannel(session, client.settings.channel, attempt.signal)
    const { base } = client.settings
    const messages = await findMessages(session, channel, { text: post.text, base, attempt })
    return messages.map((message) => receiptOf(message, channel, base))
  })
}
