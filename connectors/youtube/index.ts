// YouTube: one channel, over the Data API v3 with plain HTTP; films only. https://developers.google.com/youtube/v3
import { z } from 'zod'
import type { Attempt, Connector, Identity, Post, Reactions, Receipt } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import { utf8Bytes } from '../../src/connector/measure.ts'
import { putCaptions } from './captions.ts'
import { openClient, type YoutubeClient } from './client.ts'
import { findReply, isComment, readComment, removeComment, reply, updateComment } from './comments.ts'
import { ownChannel } from './find.ts'
import { find, publish, removeVideo } from './publish.ts'
import { type YoutubeSettings, youtubeSettings } from './settings.ts'
import { captionsOf, descriptionOf, filmOf, readVideo, receiptOf, videoId, words } from './video.ts'

/** The one scope that every call of ours takes. https://developers.google.com/youtube/v3/guides/auth/server-side-web-apps */
const scope = 'https://www.googleapis.com/auth/youtube.force-ssl'

export const youtube: Connector<YoutubeSettings, YoutubeClient> = {
  platform: 'youtube',
  title: 'YouTube',
  settings: youtubeSettings,
  limits: {
    // bytes of the description: https://developers.google.com/youtube/v3/docs/videos#snippet.description
    text: { max: 5_000, unit: 'Byte' },
    images: { max: 0, maxBytes: 0, types: [], altMax: 0 },
    video: {
      // https://developers.google.com/youtube/v3/docs/videos/insert; 12 hours: https://support.google.com/youtube/answer/71673
      maxBytes: 274_877_906_944,
      types: ['video/mp4', 'video/quicktime'],
      minSeconds: 1,
      maxSeconds: 43_200,
      altMax: 0,
      // no number is documented: a track for each language that a city writes in
      captions: 10,
    },
    needsMedia: true,
    // comments are words alone: https://developers.google.com/youtube/v3/docs/comments
    replyImages: 0,
    // https://developers.google.com/youtube/v3/docs/videos#snippet.title
    titleMax: 100,
    // 100 uploads a day for the whole project: https://developers.google.com/youtube/v3/determine_quota_cost
    pace: { actions: 90, perSeconds: 86_400 },
  },
  // The remembered upload session says what became of it. A comment has no handle and is looked for by its words.
  repeat: 'find',
  // A comment is listed within seconds; a session knows at once.
  settleSeconds: 30,
  // 100 MB over a city's line of 10 Mbit/s. A longer film goes on in the next attempt where this one stopped.
  budgetSeconds: 90,
  measure: (text) => utf8Bytes(descriptionOf({ text })),
  notes: ({ privacy = 'public', audited = false }) => [
    ...(audited === true
      ? []
      : ['Solange Google das Projekt nicht geprüft hat, bleibt das Video privat; ein Mensch muss es in YouTube Studio freigeben.']),
    ...(privacy === 'unlisted' ? ['Das Video wird nicht gelistet: Nur wer die Adresse hat, sieht es.'] : []),
    ...(privacy === 'private' ? ['Das Video ist privat.'] : []),
  ],
  connect: openClient,
  check,
  publish,
  update,
  retract: (client, receipt, attempt) =>
    isComment(receipt)
      ? removeComment(client, receipt, attempt)
      : removeVideo(client, videoId(receipt), { kind: 'write', signal: attempt.signal }),
  find: (client, post, attempt) => (attempt.memory.answers === undefined ? find(client, post, attempt) : findReply(client, post, attempt)),
  stands: async (client, receipt, signal) =>
    (isComment(receipt) ? await readComment(client, receipt, signal) : await readVideo(client, videoId(receipt), signal)) !== undefined,
  reply,
  insights: async (client, signal) => ({ followers: Number((await ownChannel(client, signal)).statistics.subscriberCount) }),
  reactions,
}

async function check(client: YoutubeClient, signal: AbortSignal): Promise<Identity> {
  const { id, snippet } = await ownChannel(client, signal)
  const { scope: granted = '', refreshUntil = null } = await client.notes(signal)
  return {
    account: snippet.customUrl ?? snippet.title,
    url: `https://www.youtube.com/channel/${id}`,
    until: refreshUntil,
    missing: granted.split(' ').includes(scope) ? [] : ['youtube.force-ssl'],
  }
}

/** https://developers.google.com/youtube/v3/docs/videos/update: what is left out is emptied, so what people added there is sent again. */
async function update(client: YoutubeClient, receipt: Receipt, post: Post, attempt: Attempt): Promise<Receipt> {
  if (isComment(receipt)) return updateComment(client, receipt, post, attempt)
  const film = filmOf(post)
  if (receipt.detail?.film !== undefined && receipt.detail.film !== film.id)
    throw new RejectedError('YouTube kann den Film eines Videos nicht austauschen; bitte zurücknehmen und neu veröffentlichen.')
  const id = videoId(receipt)
  const there = await readVideo(client, id, attempt.signal)
  if (!there) throw new RejectedError('Das Video ist auf YouTube nicht mehr da.')
  const { categoryId, tags } = there.snippet
  const json = { id, snippet: { ...words(post), categoryId, ...(tags !== undefined && { tags }) } }
  const path = '/youtube/v3/videos?part=snippet'
  await client.call({ method: 'PUT', path, kind: 'write', json, signal: attempt.signal })
  const captions = await putCaptions(client, { video: id, film, kept: captionsOf(receipt) }, attempt)
  return receiptOf(there, client.settings, { film: film.id, captions })
}

const count = z.coerce.number().optional()
const counted = z.object({
  items: z.array(z.object({ statistics: z.object({ viewCount: count, likeCount: count, commentCount: count }) })).default([]),
})

async function reactions(client: YoutubeClient, receipt: Receipt, signal: AbortSignal): Promise<Reactions> {
  if (isComment(receipt)) {
    const likes = (await readComment(client, receipt, signal))?.snippet.likeCount
    return likes === undefined ? {} : { likes }
  }
  const path = `/youtube/v3/videos?part=statistics&id=${encodeURIComponent(videoId(receipt))}`
  const [video] = (await client.call({ method: 'GET', path, kind: 'read', signal })).as(counted).items
  const { viewCount: views, likeCount: likes, commentCount: replies } = video?.statistics ?? {}
  return { ...(views !== undefined && { views }), ...(likes !== undefined && { likes }), ...(replies !== undefined && { replies }) }
}
