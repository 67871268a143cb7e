// What stands on Threads: published containers, their fields in answers, lists, deletions and quotas.
import type { Page } from '../ledger.ts'
import type { Parts } from '../room.ts'
import { limitReached, noContainer, noObject } from './answers.ts'
import type { Container, Containers } from './containers.ts'
import type { ThreadsSettings } from './settings.ts'

export interface Thread {
  readonly id: string
  readonly account: string
  readonly container: Container
  /** Milliseconds since 1970. */
  readonly at: number
  readonly page: Page
}

export interface Posts {
  publish(account: string, containerId: string | null): Thread
  /** Throws Threads' words where there is none. */
  show(method: string, id: string): Thread
  remove(account: string, id: string): void
  /** Newest first. */
  list(account: string, kind: 'threads' | 'replies'): readonly Thread[]
  stands(id: string): boolean
  /** How many posts answer this one. */
  answersTo(id: string): number
  /** How much of a moving day's quota an account has used. */
  used(account: string, kind: keyof ThreadsSettings['quotas']): number
  clear(): void
}

export interface PostParts extends Parts {
  readonly settings: ThreadsSettings
  readonly containers: Containers
  nextId(): string
}

const dayMs = 86_400_000

export const openPosts = (parts: PostParts): Posts => {
  const all = new Map<string, Thread>()
  const acts: { readonly account: string; readonly kind: keyof ThreadsSettings['quotas']; readonly at: number }[] = []
  const used = (account: string, kind: keyof ThreadsSettings['quotas']): number =>
    acts.filter((act) => act.account === account && act.kind === kind && parts.now() - act.at < dayMs).length
  const count = (account: string, kind: keyof ThreadsSettings['quotas']): void => {
    if (used(account, kind) >= parts.settings.quotas[kind]) throw limitReached()
    acts.push({ account, kind, at: parts.now() })
  }
  const show = (method: string, id: string): Thread => {
    const thread = all.get(id)
    if (!thread) throw noObject(method, id)
    return thread
  }
  return {
    show,
    used,
    publish(account, containerId) {
      const container = parts.containers.show(account, containerId ?? '')
      if (!container || container.isItem || parts.containers.statusOf(container) !== 'FINISHED') throw noContainer()
      count(account, container.replyTo ? 'replies' : 'posts')
      const thread = newThread(parts, container)
      container.published = true
      all.set(thread.id, thread)
      return thread
    },
    remove(account, id) {
      const thread = show('DELETE', id)
      if (thread.account !== account) throw noObject('DELETE', id)
      count(account, 'deletes')
      all.delete(id)
      parts.ledger.remove(thread.page, new Date(parts.now()).toISOString())
    },
    list: (account, kind) =>
      [...all.values()].filter((one) => one.account === account && (one.container.replyTo === null) === (kind === 'threads')).reverse(),
    stands: (id) => all.has(id),
    answersTo: (id) => [...all.values()].filter(({ container }) => container.replyTo === id).length,
    clear() {
      all.clear()
      acts.length = 0
    },
  }
}

const newThread = (parts: PostParts, container: Container): Thread => {
  const { account, text, link, images, video, replyTo } = container
  const id = parts.nextId()
  const url = `${parts.url()}/threads/@${account}/post/${shortcodeOf(id)}`
  const content = { text, language: null, link, images, ...(video && { video }) }
  const page = parts.ledger.add({ platform: 'threads', account, id, url, replyTo }, content, new Date(parts.now()).toISOString())
  return { id, account, container, at: parts.now(), page }
}

/** Addresses name a post otherwise than the API does. */
const shortcodeOf = (id: string): string => `D${BigInt(id).toString(36)}`

/** The fields that are asked for: https://developers.facebook.com/docs/threads/threads-media#fields */
export const threadJson = (thread: Thread, fields: string | null): object => {
  const { id, account, container, at, page } = thread
  const whole: Readonly<Record<string, unknown>> = {
    id,
    media_product_type: 'THREADS',
    media_type: mediaTypeOf(container),
    permalink: page.birth.url,
    username: account,
    text: container.text,
    timestamp: new Date(at).toISOString().replace(/\.\d+Z$/, '+0000'),
    shortcode: shortcodeOf(id),
    is_quote_post: false,
    has_replies: false,
    is_reply: container.replyTo !== null,
    ...(container.replyTo && { replied_to: { id: container.replyTo } }),
    link_attachment_url: container.link,
    alt_text: container.images[0]?.alt ?? container.video?.alt,
  }
  return Object.fromEntries(['id', ...(fields ?? '').split(',')].flatMap((name) => (name in whole ? [[name, whole[name]]] : [])))
}

const mediaTypeOf = ({ images, video }: Container): string => {
  if (images.length + (video ? 1 : 0) > 1) return 'CAROUSEL_ALBUM'
  return video ? 'VIDEO' : images.length === 1 ? 'IMAGE' : 'TEXT_POST'
}
