// Images on Mastodon: uploaded once, remembered, and waited for until the instance has processed them.
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Attempt, PostImage } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import { FormData } from '../../src/connector/http.ts'
import { pictureKeys } from '../../src/connector/picture-keys.ts'
import type { MastodonClient } from './client.ts'

/** The instance's id of each image, by its key (`pictureKeys`), in the order of the images. */
export type MediaIds = Readonly<Record<string, string>>

const uploaded = z.object({ id: z.string() })

/** Between two looks at an upload, in milliseconds; when they are used up, the delivery comes back later. */
const looks = [100, 200, 400, 800, 1200]
const comeBackMs = 5_000

/**
 * Sees to it that every image is there and processed; `kept` need not be uploaded again.
 *
 * @throws NotYetError while the instance is still at work.
 */
export const mediaIds = async (
  client: MastodonClient,
  images: readonly PostImage[],
  attempt: Attempt,
  kept: MediaIds = {},
): Promise<MediaIds> => {
  const ids: Record<string, string> = {}
  const keys = pictureKeys(images)
  for (const [index, image] of images.entries()) {
    const key = keys[index] ?? image.id
    ids[key] = kept[key] ?? (await remembered(client, key, attempt)) ?? (await upload(client, { key, image }, attempt))
  }
  return ids
}

const memoryOf = (key: string): string => `media-${key}`

/** An upload of an earlier attempt, unless the instance has cleared it away or already hung it on a post. */
const remembered = async (client: MastodonClient, key: string, attempt: Attempt): Promise<string | undefined> => {
  const id = attempt.memory[memoryOf(key)]
  if (id === undefined) return undefined
  try {
    await processed(client, id, attempt.signal)
    return id
  } catch (error) {
    if (error instanceof RejectedError) return undefined
    throw error
  }
}

/** https://docs.joinmastodon.org/methods/media/#v2: 200 when ready, 202 while it is being processed. Nobody sees it yet. */
const upload = async (client: MastodonClient, { key, image }: { key: string; image: PostImage }, attempt: Attempt): Promise<string> => {
  const bytes = await client.tools.media(image.id)
  const form = new FormData()
  form.set('file', new Blob([Uint8Array.from(bytes)], { type: image.type }), image.id)
  if (image.alt !== '') form.set('description', image.alt)
  const answer = await client.call({ method: 'POST', path: '/api/v2/media', kind: 'read', form, signal: attempt.signal })
  const { id } = answer.as(uploaded)
  await attempt.remember({ [memoryOf(key)]: id })
  if (answer.status === 202) await processed(client, id, attempt.signal)
  return id
}

/** 206 while it is being processed; an upload that failed is refused with 422. */
const processed = async (client: MastodonClient, id: string, signal: AbortSignal): Promise<void> => {
  for (const ms of looks) {
    const { status } = await client.call({ method: 'GET', path: `/api/v1/media/${encodeURIComponent(id)}`, kind: 'read', signal })
    if (status === 200) return
    await pause(ms, undefined, { signal }).catch((cause: unknown) => {
      throw new UnreachableError('Mastodon verarbeitet das Bild noch, die Zeit ist um.', { cause })
    })
  }
  throw new NotYetError('Mastodon verarbeitet das Bild noch.', comeBackMs)
}
