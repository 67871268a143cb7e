// Recognising an own video: among the channel's uploads, by its words, where the session that made it is no longer known.
import { z } from 'zod'
import type { Attempt, Post } from '../../src/connector/connector.ts'
import { ChannelError, UnclearError } from '../../src/connector/errors.ts'
import type { YoutubeClient } from './client.ts'
import { descriptionOf, titleOf } from './video.ts'

const channel = z.object({
  id: z.string().min(1),
  snippet: z.object({ title: z.string(), customUrl: z.string().optional() }),
  statistics: z.object({ subscriberCount: z.string().default('0') }),
  contentDetails: z.object({ relatedPlaylists: z.object({ uploads: z.string() }) }),
})
const channels = z.object({ items: z.array(channel).default([]) })

/** Whose token it is. https://developers.google.com/youtube/v3/docs/channels/list */
export const ownChannel = async (client: YoutubeClient, signal: AbortSignal): Promise<z.infer<typeof channel>> => {
  const path = '/youtube/v3/channels?part=snippet,statistics,contentDetails&mine=true'
  const [own] = (await client.call({ method: 'GET', path, kind: 'read', signal })).as(channels).items
  if (own) return own
  throw new ChannelError('Zu diesem Google-Konto gehört kein YouTube-Kanal; bitte dort einen anlegen.')
}

const uploads = z.object({
  items: z
    .array(
      z.object({
        snippet: z.object({
          title: z.string(),
          description: z.string().default(''),
          publishedAt: z.string(),
          resourceId: z.object({ videoId: z.string() }),
        }),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
})

/** How far Google's clock may be behind ours. */
export const slackMs = 60_000

/** The most the API gives at once. */
const pageSize = 50

/**
 * The channel's newest uploads (50, two units of quota): one with these words since the first attempt.
 *
 * @throws UnclearError where these do not reach back to the first attempt
 */
export const findUpload = async (client: YoutubeClient, post: Post, { firstAt, signal }: Attempt): Promise<string | undefined> => {
  const { contentDetails } = await ownChannel(client, signal)
  const playlist = encodeURIComponent(contentDetails.relatedPlaylists.uploads)
  const path = `/youtube/v3/playlistItems?part=snippet&maxResults=${pageSize}&playlistId=${playlist}`
  const { items, nextPageToken } = (await client.call({ method: 'GET', path, kind: 'read', signal })).as(uploads)
  const since = Date.parse(firstAt) - slackMs
  const found = items.find(
    ({ snippet: { title, description, publishedAt } }) =>
      title === titleOf(post) && description.trim() === descriptionOf(post).trim() && Date.parse(publishedAt) >= since,
  )
  if (found) return found.snippet.resourceId.videoId
  const last = items.at(-1)
  if (nextPageToken === undefined || (last && Date.parse(last.snippet.publishedAt) < since)) return undefined
  throw new UnclearError(`Auf dem Kanal stehen seit dem ersten Versuch mehr Videos, als wir durchsehen (${pageSize}).`, { findable: false })
}
