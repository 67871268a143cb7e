// Photos on Facebook: uploaded once, unseen, remembered, and then hung on the post.
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Attempt, PostImage } from '../../src/connector/connector.ts'
import { FormData } from '../../src/connector/http.ts'
import type { FacebookClient } from './settings.ts'

/** The platform's id of each photo, by `photoKey`. */
export type PhotoIds = Readonly<Record<string, string>>

/** A photo's alternative text cannot be changed later: another text is another photo. */
export const photoKey = ({ id, alt }: PostImage): string => createHash('sha256').update(`${id}\n${alt}`).digest('hex').slice(0, 32)

/** Sees to it that every image is there; `kept` need not be uploaded again. In the order of the images. */
export const photoIds = async (
  client: FacebookClient,
  images: readonly PostImage[],
  attempt: Attempt,
  kept: PhotoIds = {},
): Promise<PhotoIds> => {
  const ids: Record<string, string> = {}
  for (const image of images) {
    const key = photoKey(image)
    ids[key] = kept[key] ?? (await remembered(client, key, attempt)) ?? (await upload(client, image, attempt))
  }
  return ids
}

export const attachedMedia = (photos: PhotoIds): readonly object[] => Object.values(photos).map((id) => ({ media_fbid: id }))

/** An upload of an earlier attempt, unless Facebook has cleared it away: it keeps unused ones for a day. */
const remembered = async ({ graph }: FacebookClient, key: string, { memory, signal }: Attempt): Promise<string | undefined> => {
  const id = memory[`photo-${key}`]
  if (id === undefined) return undefined
  const answer = await graph.call({ method: 'GET', path: `/${id}`, params: { fields: 'id' }, kind: 'read', goneIsFine: true, signal })
  return answer.status < 300 ? id : undefined
}

const uploaded = z.object({ id: z.string().min(1) })

/** https://developers.facebook.com/docs/graph-api/reference/page/photos/: with `published=false` nobody sees it yet. */
const upload = async ({ graph, page, tools }: FacebookClient, image: PostImage, attempt: Attempt): Promise<string> => {
  const bytes = await tools.media(image.id)
  const form = new FormData()
  form.set('source', new Blob([Uint8Array.from(bytes)], { type: image.type }), image.id)
  if (image.alt !== '') form.set('alt_text_custom', image.alt)
  form.set('published', 'false')
  const answer = await graph.call({ method: 'POST', path: `/${page}/photos`, form, kind: 'read', signal: attempt.signal })
  const { id } = answer.as(uploaded)
  await attempt.remember({ [`photo-${photoKey(image)}`]: id })
  return id
}
