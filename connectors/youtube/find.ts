// Recognising an own video: among the channel's uploads, by its words, where the session that made it is no longer known.
import { z } from 'zod'
import type { Attempt, Post } from '../../src/connector/connector.ts'
import { ChannelError } from '../../src/connector/errors.ts'
import { likenessOf } from '../../src/connector/likeness.ts'
import { firstOwnPost, type OwnPosts } from '../../src/connector/own-posts.ts'
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

const upload = z.object({
  snippet: z.object({
    title: z.string(),
    description: z.string().default(''),
    publishedAt: z.string(),
    resourceId: z.object({ videoId: z.string() }),
  }),
})
const uploads = z.object({ items: z.array(upload).default([]), nextPageToken: z.string().optional() })

/** The most the API gives at once, and how many pages are turned at most. */
const pageSize = 50
const mostPages = 1

/**
 * The channel's own upload with these words since the first attempt; undefined: there is none.
 *
 * @throws UnclearError where nobody can say that there is none
 */
export const findUpload = async (client: YoutubeClient, post: Post, attempt: Attempt): Promise<string | undefined> => {
  const { signal } = attempt
  const { contentDetails } = await ownChannel(client, signal)
  const playlist = encodeURIComponent(contentDetails.relatedPlaylists.uploads)
  const own: OwnPosts<z.infer<typeof upload>> = {
    title: 'YouTube',
    mostPages,
    bornAt: ({ snippet }) => Date.parse(snippet.publishedAt),
    likeness: ({ snippet: { title, description } }) => likenessOf(`${titleOf(post)}\n${descriptionOf(post)}`, `${title}\n${description}`),
    page: async (token) => {
      const path = `/youtube/v3/playlistItems?part=snippet&maxResults=${pageSize}&playlistId=${playlist}`
      const answer = await client.call({
        method: 'GET',
        path: token ? `${path}&pageToken=${encodeURIComponent(token)}` : path,
        kind: 'read',
        signal,
      })
      const { items, nextPageToken } = answer.as(uploads)
      return { posts: items, next: nextPageToken, date: answer.headers.get('date') }
    },
  }
  return (await firstOwnPost(own, attempt))?.snippet.resourceId.videoId
}
