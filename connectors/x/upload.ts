// One upload to X: in segments, processed, and remembered with all of it. https://docs.x.com/x-api/media/quickstart/media-upload-chunked
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Attempt } from '../../src/connector/connector.ts'
import { NotYetError, RejectedError, UnreachableError } from '../../src/connector/errors.ts'
import type { Api, XClient } from './client.ts'

/** Bytes of a segment; X takes up to a thousand of them. */
const segmentBytes = 4_000_000
/** The longest wait for the next look at what is being processed; after some of them the delivery comes back later. */
const longestWaitMs = 5_000
const mostLooks = 6

export interface Upload {
  /** By which the house knows the bytes. */
  readonly id: string
  /** By which the delivery remembers the upload: the same bytes may be uploaded twice. */
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** Media type. */
  readonly type: string
  readonly category: 'tweet_image' | 'tweet_gif' | 'tweet_video' | 'subtitles'
}

/** What is remembered of an upload: X's id, until when X keeps it, how many segments are there, whether it is processed, and described. */
const memory = z.object({ id: z.string(), until: z.number(), segments: z.number(), ready: z.boolean(), described: z.boolean() })
type Memory = z.infer<typeof memory>

const memoryOf = (key: string): string => `media-${key}`

const remembered = (attempt: Attempt, key: string): Memory | undefined => {
  const kept = memory.safeParse(JSON.parse(attempt.memory[memoryOf(key)] ?? 'null'))
  return kept.success && kept.data.until > Date.now() ? kept.data : undefined
}

/** Whether an earlier attempt has uploaded one of these. */
export const remembersUploads = (keys: readonly string[], attempt: Attempt): boolean =>
  keys.some((key) => remembered(attempt, key) !== undefined)

export const forgetUploads = (keys: readonly string[], attempt: Attempt): Promise<void> =>
  attempt.remember(Object.fromEntries(keys.map((key) => [memoryOf(key), 'null'])))

const keep = (attempt: Attempt, key: string, now: Memory): Promise<void> => attempt.remember({ [memoryOf(key)]: JSON.stringify(now) })

/** X's id of the upload; it goes on where an earlier attempt ended. */
export const uploaded = async (client: XClient, upload: Upload, attempt: Attempt): Promise<string> => {
  let now = remembered(attempt, upload.key) ?? (await begun(client, upload, attempt))
  if (now.ready) return now.id
  const bytes = await client.tools.media(upload.id)
  const segments = Math.ceil(bytes.byteLength / segmentBytes)
  for (let index = now.segments; index < segments; index += 1) {
    const media = Buffer.from(bytes.subarray(index * segmentBytes, (index + 1) * segmentBytes))
    await step(client, attempt, z.unknown(), (api) =>
      api.post(`media/upload/${now.id}/append`, { segment_index: index, media }, { forceBodyMode: 'form-data' }),
    )
    now = { ...now, segments: index + 1 }
    await keep(attempt, upload.key, now)
  }
  await finished(client, now.id, attempt)
  await keep(attempt, upload.key, { ...now, ready: true })
  return now.id
}

/** Says something about the upload of this key, once. */
export const described = async (client: XClient, key: string, attempt: Attempt, say: (api: Api) => Promise<unknown>): Promise<void> => {
  const now = remembered(attempt, key)
  if (now?.described) return
  await step(client, attempt, z.unknown(), say)
  if (now) await keep(attempt, key, { ...now, described: true })
}

/** Nobody sees an upload: a step that fails leaves nothing behind. */
const step = <T>(client: XClient, { signal }: Attempt, shape: z.ZodType<T>, ask: (api: Api) => Promise<unknown>): Promise<T> =>
  client.call({ kind: 'read', signal, shape, ask })

const opened = z.object({ data: z.object({ id: z.string().regex(/^\d{1,19}$/), expires_after_secs: z.number().default(86_400) }) })

const begun = async (client: XClient, { key, size, type, category }: Upload, attempt: Attempt): Promise<Memory> => {
  const wish = { media_type: type, total_bytes: size, media_category: category }
  const { data } = await step(client, attempt, opened, (api) => api.post('media/upload/initialize', wish))
  const fresh = { id: data.id, until: Date.now() + data.expires_after_secs * 1000, segments: 0, ready: false, described: false }
  await keep(attempt, key, fresh)
  return fresh
}

const processed = z.object({
  data: z.object({ processing_info: z.object({ state: z.string(), check_after_secs: z.number().optional() }).nullish() }),
})

/** Closes the upload and waits until X has processed it; an image is ready at once. */
const finished = async (client: XClient, id: string, attempt: Attempt): Promise<void> => {
  let answer = await step(client, attempt, processed, (api) => api.post(`media/upload/${id}/finalize`))
  for (let look = 0; ; look += 1) {
    const { state = 'succeeded', check_after_secs: seconds = 1 } = answer.data.processing_info ?? {}
    if (state === 'succeeded') return
    if (state === 'failed') throw new RejectedError('X kann das Bild oder das Video nicht verarbeiten.')
    if (look === mostLooks) throw new NotYetError('X verarbeitet das Video noch.', longestWaitMs)
    await pause(Math.min(seconds * 1000, longestWaitMs), undefined, { signal: attempt.signal }).catch((cause: unknown) => {
      throw new UnreachableError('X verarbeitet das Video noch, die Zeit ist um.', { cause })
    })
    answer = await step(client, attempt, processed, (api) => api.get('media/upload', { command: 'STATUS', media_id: id }))
  }
}
