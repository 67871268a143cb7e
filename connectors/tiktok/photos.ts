// Photos for TikTok, which fetches them itself from the city's own page. https://developers.tiktok.com/doc/content-posting-api-reference-photo-post
import { z } from 'zod'
import type { Attempt, Post } from '../../src/connector/connector.ts'
import { UnclearError } from '../../src/connector/errors.ts'
import { privacyFor, readCreator, type TiktokClient } from './client.ts'

const begun = z.object({ data: z.object({ publish_id: z.string().min(1) }) })

/** This one call publishes: the photos are fetched and posted without another word from us. */
export const postPhotos = async (client: TiktokClient, post: Post, attempt: Attempt): Promise<void> => {
  const { signal } = attempt
  const creator = await readCreator(client, signal)
  const json = {
    media_type: 'PHOTO',
    post_mode: 'DIRECT_POST',
    post_info: {
      title: post.title,
      description: post.text,
      privacy_level: privacyFor(client.settings, creator),
      auto_add_music: false,
    },
    source_info: {
      source: 'PULL_FROM_URL',
      photo_images: post.images.map(({ id }) => client.tools.mediaUrl(id)),
      photo_cover_index: 0,
    },
  }
  await attempt.remember({ photos: 'begun', name: creator.creator_username })
  const call = client.call({ path: '/v2/post/publish/content/init/', json, kind: 'write', signal })
  const { data } = await call.then((answer) => answer.as(begun)).catch((error: unknown) => leave(error, attempt))
  await attempt.remember({ publishId: data.publish_id })
}

/** The publish_id is in the answer alone: where that is lost, nobody but a person can see whether the photos are there. */
const leave = async (error: unknown, attempt: Attempt): Promise<never> => {
  if (error instanceof UnclearError) throw new UnclearError(error.message, { cause: error, findable: false })
  await attempt.remember({ photos: '' })
  throw error
}
