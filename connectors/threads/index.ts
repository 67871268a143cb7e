// Threads: one account over Meta's Threads API with plain HTTP, every post first as a container. https://developers.facebook.com/docs/threads
import { z } from 'zod'
import type { Attempt, Connector, Post, Receipt } from '../../src/connector/connector.ts'
import { UnclearError } from '../../src/connector/errors.ts'
import { utf8Bytes } from '../../src/connector/measure.ts'
import { check } from './check.ts'
import { openClient, type ThreadsClient } from './client.ts'
import { afterRefusal, readyContainer } from './container.ts'
import { isNotThere } from './failures.ts'
import { insights, reactions } from './insights.ts'
import { type ThreadsSettings, threadsSettings } from './settings.ts'
import { findThreads, idOf, receiptOf, showThread } from './thread.ts'

/** There is no `update`: posts on Threads cannot be edited over the API. Corrections are replies. */
export const threads: Connector<ThreadsSettings, ThreadsClient> = {
  platform: 'threads',
  title: 'Threads',
  settings: threadsSettings,
  limits: {
    // 500, "emojis are counted as the number of UTF-8 bytes": https://developers.facebook.com/docs/threads/posts. In practice everything
    // is: 498 characters of 504 bytes are refused, https://github.com/gitroomhq/postiz-app/pull/1946. Five different links, the attached
    // one included: https://developers.facebook.com/docs/threads/create-posts/text-attachments
    text: { max: 500, unit: 'Byte', links: 5 },
    // Carousels of 2 to 20, JPEG and PNG of 8 MB, at most 10 times as wide as high; films of 5 minutes and 1 GB:
    // https://developers.facebook.com/docs/threads/overview#media-specifications
    images: { max: 20, maxBytes: 8_000_000, types: ['image/jpeg', 'image/png'], altMax: 1_000, minRatio: 0.1, maxRatio: 10 },
    video: {
      maxBytes: 1_000_000_000,
      types: ['video/mp4', 'video/quicktime'],
      codecs: ['h264', 'hevc'],
      audioCodecs: ['aac'],
      minSeconds: 0,
      maxSeconds: 300,
      altMax: 1_000,
      captions: 0,
    },
    needsMedia: false,
    // `link_attachment` of a post that is text alone
    linkBeside: true,
    // 250 posts in 24 hours: https://developers.facebook.com/docs/threads/overview#rate-limiting
    pace: { actions: 250, perSeconds: 86_400 },
  },
  // A container is published once; after a lost answer its status says whether it was, and the account's list has the post.
  repeat: 'find',
  settleSeconds: 30,
  // Twenty images that Threads fetches one by one; a plain text takes two or three seconds.
  budgetSeconds: 60,
  measure: (text) => utf8Bytes(text),
  connect: openClient,
  check,
  publish: (client, post, attempt) => create(client, post, attempt),
  reply: async (client, receipt, post, attempt) => create(client, post, attempt, await idOf(client, receipt, attempt.signal)),
  retract,
  find: async (client, post, attempt) => {
    const [found] = await findThreads(client, post, attempt)
    return found && receiptOf(found)
  },
  findAll: async (client, post, attempt) => (await findThreads(client, post, attempt)).map(receiptOf),
  stands,
  insights,
  reactions,
}

const published = z.object({ id: z.string().min(1) })

async function create(client: ThreadsClient, post: Post, attempt: Attempt, replyTo?: string): Promise<Receipt> {
  const { id: creation_id, status } = await readyContainer(client, post, attempt, replyTo)
  if (status === 'PUBLISHED')
    throw new UnclearError('Threads hat diesen Beitrag inzwischen veröffentlicht; welcher es ist, wird nachgesehen.')
  const path = '/me/threads_publish'
  const call = { method: 'POST', path, fields: { creation_id }, kind: 'write', signal: attempt.signal, unless: isNotThere } as const
  const answer = await client.ask(call)
  if (!answer) throw await afterRefusal(creation_id, attempt)
  return addressed(client, answer.as(published).id, attempt)
}

/** It stands there: that its address cannot be read must not make it look as if it did not. */
const addressed = async (client: ThreadsClient, id: string, { signal, log }: Attempt): Promise<Receipt> => {
  try {
    return receiptOf(await showThread(client, id, signal))
  } catch (error) {
    log.warn(
      { id, reason: error instanceof Error ? error.message : String(error) },
      'the post stands on Threads, its address could not be read',
    )
    return { id, url: null, at: new Date().toISOString() }
  }
}

/** What is gone already is as good. */
async function retract(client: ThreadsClient, receipt: Receipt, { signal }: Attempt): Promise<void> {
  const id = await idOf(client, receipt, signal)
  await client.ask({ method: 'DELETE', path: `/${id}`, kind: 'write', signal, unless: isNotThere })
}

async function stands(client: ThreadsClient, receipt: Receipt, signal: AbortSignal): Promise<boolean> {
  const id = await idOf(client, receipt, signal)
  return (
    (await client.ask({ method: 'GET', path: `/${id}`, fields: { fields: 'id' }, kind: 'read', signal, unless: isNotThere })) !== undefined
  )
}
