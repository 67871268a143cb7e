// The images of a post on X with their alternative texts, or its video with its captions.
import type { Attempt, Post, PostCaptions, PostImage, PostVideo } from '../../src/connector/connector.ts'
import { pictureKeys } from '../../src/connector/picture-keys.ts'
import type { XClient } from './client.ts'
import { described, type Upload, uploaded } from './upload.ts'

/** X's ids of the images or the video, in their order. */
export const mediaIds = async (client: XClient, { images, video }: Post, attempt: Attempt): Promise<readonly string[]> => {
  if (video) return [await film(client, video, attempt)]
  const ids: string[] = []
  const keys = pictureKeys(images)
  for (const [index, image] of images.entries())
    ids.push(await picture(client, { ...image, key: keys[index] ?? image.id }, { attempt, alone: images.length === 1 }))
  return ids
}

/** By which a delivery remembers all that the post uploads. */
export const uploadKeys = ({ images, video }: Post): readonly string[] => [
  ...pictureKeys(images),
  ...(video ? [video, ...video.captions] : []).map(({ id }) => id),
]

/** An animation stands alone. Alternative text: https://docs.x.com/x-api/media/create-media-metadata */
const picture = async (
  client: XClient,
  image: PostImage & Pick<Upload, 'key'>,
  { attempt, alone }: { attempt: Attempt; alone: boolean },
): Promise<string> => {
  const category: Upload['category'] = image.type === 'image/gif' && alone ? 'tweet_gif' : 'tweet_image'
  const id = await uploaded(client, { ...image, category }, attempt)
  if (image.alt !== '') await described(client, image.key, attempt, (api) => api.createMediaMetadata(id, { alt_text: { text: image.alt } }))
  return id
}

const film = async (client: XClient, video: PostVideo, attempt: Attempt): Promise<string> => {
  const id = await uploaded(client, { ...video, key: video.id, category: 'tweet_video' }, attempt)
  for (const captions of video.captions) await captioned(client, { id, captions }, attempt)
  return id
}

/** https://docs.x.com/x-api/media/create-media-subtitles */
const captioned = async (client: XClient, { id, captions }: { id: string; captions: PostCaptions }, attempt: Attempt): Promise<void> => {
  const track = await uploaded(client, { ...captions, key: captions.id, type: 'text/vtt', category: 'subtitles' }, attempt)
  const code = captions.language.slice(0, 2)
  const display_name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code
  const subtitles = { id: track, language_code: code.toUpperCase(), display_name }
  await described(client, captions.id, attempt, (api) => api.post('media/subtitles', { id, media_category: 'TweetVideo', subtitles }))
}
