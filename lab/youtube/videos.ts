// Videos, the channel that they stand on, and the playlist of its uploads. https://developers.google.com/youtube/v3/docs
import type { Answer, Ask } from '../room.ts'
import { channelId, uploadsOf } from './accounts.ts'
import { noVideo, refuse } from './answers.ts'
import { checkWords } from './limits.ts'
import { contentOf, found, iso, type Shelf, type Snippet, type Video } from './shelf.ts'

const partsOf = ({ query }: Ask): readonly string[] => {
  const parts = query.getAll('part').flatMap((part) => part.split(','))
  if (parts.length === 0) throw refuse(400, 'missingRequiredParameter', 'No filter selected. Expected one of: part')
  return parts
}

const only = (parts: readonly string[], all: Readonly<Record<string, object>>): object =>
  Object.fromEntries(Object.entries(all).filter(([name]) => parts.includes(name)))

export const videoJson = (video: Video, shelf: Shelf, parts: readonly string[]): object => {
  const { id, account, snippet, privacy, publishedAt, readyAt, failure, comments } = video
  const isReady = readyAt <= shelf.now()
  const failed = { uploadStatus: 'failed', failureReason: failure }
  const done = failure === null ? { uploadStatus: 'processed' } : failed
  return {
    kind: 'youtube#video',
    id,
    ...only(parts, {
      snippet: { ...snippet, publishedAt: new Date(publishedAt).toISOString(), channelId: channelId(account), channelTitle: account },
      status: { ...(isReady ? done : { uploadStatus: 'uploaded' }), privacyStatus: privacy, license: 'youtube', embeddable: true },
      statistics: { viewCount: '0', likeCount: '0', favoriteCount: '0', commentCount: String(comments.length) },
      processingDetails: { processingStatus: isReady ? (failure === null ? 'succeeded' : 'failed') : 'processing' },
    }),
  }
}

const list = (kind: string, items: readonly object[], nextPageToken?: string): Answer => ({
  status: 200,
  body: {
    kind: `youtube#${kind}ListResponse`,
    ...(nextPageToken !== undefined && { nextPageToken }),
    pageInfo: { totalResults: items.length, resultsPerPage: 50 },
    items,
  },
})

export const listVideos = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const parts = partsOf(ask)
  const ids = ask.query.getAll('id').flatMap((id) => id.split(','))
  // who is not its owner does not see a private video
  const seen = ids.flatMap((id) => shelf.videos.get(id) ?? []).filter((video) => video.privacy !== 'private' || video.account === account)
  return list(
    'video',
    seen.map((video) => videoJson(video, shelf, parts)),
  )
}

const own = (shelf: Shelf, account: string, id: string | null | undefined): Video => {
  const video = found(shelf, id)
  if (video.account !== account) throw refuse(403, 'forbidden', 'The video cannot be changed by this request.')
  return video
}

/** What the request leaves out of the snippet is emptied. */
export const updateVideo = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const parts = partsOf(ask)
  const { id, snippet } = JSON.parse(ask.body.toString()) as { id?: string; snippet?: Partial<Snippet> }
  const video = own(shelf, account, id)
  if (parts.includes('snippet')) {
    checkWords(snippet?.title, snippet?.description, snippet?.categoryId)
    const { title, description = '', categoryId, tags, defaultLanguage, defaultAudioLanguage } = snippet as Snippet
    video.snippet = {
      title,
      description,
      categoryId,
      ...(tags && { tags }),
      ...(defaultLanguage && { defaultLanguage }),
      ...(defaultAudioLanguage && { defaultAudioLanguage }),
    }
    shelf.ledger.revise(video.page, contentOf(video), iso(shelf))
  }
  return { status: 200, body: videoJson(video, shelf, parts) }
}

export const deleteVideo = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const video = own(shelf, account, ask.query.get('id'))
  shelf.videos.delete(video.id)
  for (const { page } of [video, ...video.comments]) if (page.deletedAt === null) shelf.ledger.remove(page, iso(shelf))
  return { status: 204 }
}

export const ownChannel = (account: string, ask: Ask): Answer => {
  const parts = partsOf(ask)
  if (ask.query.get('mine') !== 'true') throw refuse(400, 'missingRequiredParameter', 'No filter selected. Expected one of: mine, id')
  const shown = only(parts, {
    snippet: { title: account, description: '', customUrl: `@${account}`, publishedAt: '2020-01-01T00:00:00Z' },
    statistics: { viewCount: '0', subscriberCount: '1200', hiddenSubscriberCount: false, videoCount: '0' },
    contentDetails: { relatedPlaylists: { likes: '', uploads: uploadsOf(account) } },
  })
  return list('channel', [{ kind: 'youtube#channel', id: channelId(account), ...shown }])
}

/** Newest first. */
export const listUploads = (shelf: Shelf, account: string, ask: Ask): Answer => {
  const parts = partsOf(ask)
  if (ask.query.get('playlistId') !== uploadsOf(account))
    throw refuse(404, 'playlistNotFound', 'The playlist identified with the request’s playlistId parameter cannot be found.')
  const most = Math.min(Number(ask.query.get('maxResults')) || 5, 50)
  const from = Number(ask.query.get('pageToken')?.replace(/^after-/, '') ?? 0)
  if (!Number.isInteger(from)) throw refuse(400, 'invalidPageToken', 'The request specifies an invalid page token.')
  const videos = [...shelf.videos.values()].filter((video) => video.account === account).reverse()
  return list(
    'playlistItem',
    videos.slice(from, from + most).map(({ id, snippet: { title, description }, publishedAt }) => ({
      kind: 'youtube#playlistItem',
      id: `UU.${id}`,
      ...only(parts, {
        snippet: {
          title,
          description,
          publishedAt: new Date(publishedAt).toISOString(),
          resourceId: { kind: 'youtube#video', videoId: id },
        },
        contentDetails: { videoId: id },
      }),
    })),
    from + most < videos.length ? `after-${from + most}` : undefined,
  )
}

export const videoOf = (shelf: Shelf, account: string, id: string | undefined): Video => {
  if (!id) throw noVideo()
  return own(shelf, account, id)
}
