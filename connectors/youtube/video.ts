// A video as YouTube's API gives it, what we say of it there, and the receipt made of it. https://developers.google.com/youtube/v3/docs/videos
import { z } from 'zod'
import type { Post, PostVideo, Receipt } from '../../src/connector/connector.ts'
import { RejectedError } from '../../src/connector/errors.ts'
import type { YoutubeClient } from './client.ts'
import type { YoutubeSettings } from './settings.ts'

const snippet = z.looseObject({ title: z.string(), description: z.string().default(''), publishedAt: z.string(), categoryId: z.string() })

const video = z.object({
  id: z.string().min(1),
  snippet,
  status: z.object({
    uploadStatus: z.enum(['uploaded', 'processed', 'failed', 'rejected', 'deleted']),
    privacyStatus: z.string(),
    failureReason: z.string().optional(),
    rejectionReason: z.string().optional(),
  }),
})
export type Video = z.infer<typeof video>

const listed = z.object({ items: z.array(video).default([]) })

/** The video with its metadata and status (one unit of quota); undefined: not there, or not yet. */
export const readVideo = async (client: YoutubeClient, id: string, signal: AbortSignal): Promise<Video | undefined> => {
  const path = `/youtube/v3/videos?part=snippet,status&id=${encodeURIComponent(id)}`
  return (await client.call({ method: 'GET', path, kind: 'read', signal })).as(listed).items[0]
}

/** @throws RejectedError where the post has no film. */
export const filmOf = ({ video: film }: Post): PostVideo => {
  if (film) return film
  throw new RejectedError('YouTube nimmt nur Videos; dieser Beitrag hat keines.')
}

/** YouTube takes angle brackets neither in a title nor in a description: https://developers.google.com/youtube/v3/docs/videos#snippet */
const withoutBrackets = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›')

/** The text as it stands below the film. */
export const descriptionOf = ({ text }: Pick<Post, 'text'>): string => withoutBrackets(text)

/** Without angle brackets and line breaks; a post's title is no longer than `titleMax`. */
export const titleOf = ({ title }: Pick<Post, 'title'>): string => withoutBrackets(title).replace(/\s+/gu, ' ').trim()

/** What readers see of a post beside its film. */
export const words = (post: Post) => ({
  title: titleOf(post),
  description: descriptionOf(post),
  defaultLanguage: post.language,
  defaultAudioLanguage: post.language,
})

export const metadata = (post: Post, { category, privacy }: YoutubeSettings) => ({
  snippet: { ...words(post), categoryId: category },
  status: { privacyStatus: privacy, selfDeclaredMadeForKids: false },
})

/** What later actions need: which film it is, and which tracks of subtitles it has, by our ids. */
export const receiptOf = (
  { id, snippet: said, status }: Video,
  { web, privacy }: YoutubeSettings,
  { film, captions }: { readonly film: string; readonly captions: Readonly<Record<string, string>> },
): Receipt => ({
  id,
  url: `${web}/${id}`,
  at: new Date(said.publishedAt).toISOString(),
  detail: {
    film,
    captions: JSON.stringify(captions),
    ...(status.privacyStatus !== privacy && { privacy: status.privacyStatus }),
  },
})

/** The tracks of subtitles that a post has, by the house's id of the file. */
export const captionsOf = (receipt: Receipt): Readonly<Record<string, string>> => JSON.parse(receipt.detail?.captions ?? '{}')

/** The video's id; a person may have given its address instead (`watch?v=…`, `youtu.be/…`, `/shorts/…`). */
export const videoId = ({ id }: Receipt): string => {
  if (!URL.canParse(id)) return id
  const { searchParams, pathname } = new URL(id)
  return searchParams.get('v') ?? pathname.split('/').findLast((part) => part !== '') ?? id
}
