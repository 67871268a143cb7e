// Containers on Threads: what is to be published, fetched and looked at beforehand. https://developers.facebook.com/docs/threads/posts
import type { Parts } from '../room.ts'
import { noContainer, wrong } from './answers.ts'
import { type ChildOf, type Media, mediaOf, type Wish } from './media.ts'
import type { ThreadsSettings } from './settings.ts'
import { characters, linksOf } from './text.ts'

type ContainerStatus = 'IN_PROGRESS' | 'FINISHED' | 'PUBLISHED' | 'ERROR' | 'EXPIRED'

export interface Container extends Media {
  readonly id: string
  readonly account: string
  readonly madeAt: number
  readonly text: string
  readonly link: string | null
  readonly replyTo: string | null
  readonly isItem: boolean
  published: boolean
}

export interface Containers {
  make(account: string, wish: Wish): Promise<Container>
  show(account: string, id: string): Container | undefined
  statusOf(container: Container): ContainerStatus
  clear(): void
}

export interface ContainerParts extends Parts {
  readonly settings: ThreadsSettings
  nextId(): string
  /** Whether a post stands there that can be answered. */
  stands(id: string): boolean
}

export const openContainers = (parts: ContainerParts): Containers => {
  const all = new Map<string, Container>()
  const show = (account: string, id: string): Container | undefined => {
    const container = all.get(id)
    return container?.account === account ? container : undefined
  }
  const statusOf = ({ published, error, madeAt }: Container): ContainerStatus => {
    if (published) return 'PUBLISHED'
    if (error !== null) return 'ERROR'
    const age = parts.now() - madeAt
    if (age > parts.settings.containerSeconds * 1000) return 'EXPIRED'
    return age < parts.settings.processingMs ? 'IN_PROGRESS' : 'FINISHED'
  }
  const itemOf = (account: string, id: string): Container | undefined => {
    const item = show(account, id)
    return item?.isItem && statusOf(item) === 'FINISHED' ? item : undefined
  }
  return {
    show,
    statusOf,
    async make(account, wish) {
      const content = await contentOf(parts, wish, (id) => itemOf(account, id))
      const container: Container = { id: parts.nextId(), account, madeAt: parts.now(), published: false, ...content }
      all.set(container.id, container)
      return container
    },
    clear: () => all.clear(),
  }
}

type Content = Omit<Container, 'id' | 'account' | 'madeAt' | 'published'>

const contentOf = async (parts: ContainerParts, wish: Wish, childOf: ChildOf): Promise<Content> => {
  const { fields } = wish
  if (fields.get('auto_publish_text') === 'true') throw wrong('auto_publish_text is not played in the lab')
  const text = (fields.get('text') ?? '').trim()
  if (characters(text) > parts.settings.maxCharacters)
    throw wrong(`Param text must be at most ${parts.settings.maxCharacters} characters long.`)
  const attached = fields.get('link_attachment')
  const links = new Set([...linksOf(text), ...(attached ? [attached] : [])])
  if (links.size > parts.settings.maxLinks) throw wrong('THREADS_API__LINK_LIMIT_EXCEEDED')
  const replyTo = fields.get('reply_to_id')
  if (replyTo && !parts.stands(replyTo)) throw noContainer()
  const media = await mediaOf(parts, wish, childOf)
  return { text, link: attached ?? linksOf(text)[0] ?? null, replyTo, isItem: fields.get('is_carousel_item') === 'true', ...media }
}
