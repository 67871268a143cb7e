// What the lab's Instagram keeps: containers, posts and comments by their ids, and whose account is whose.

import { noObject, refusal } from '../facebook/answers.ts'
import { badToken, type GraphAsk } from '../facebook/ask.ts'
import { rising } from '../facebook/page.ts'
import type { Content, Page } from '../ledger.ts'
import type { Parts } from '../room.ts'

export interface InstagramSettings {
  /** Posts in 24 hours: https://developers.facebook.com/docs/instagram-platform/content-publishing */
  readonly quota: number
  /** Milliseconds that a video is processed. */
  readonly processingMs: number
  /** Milliseconds after which a post that was published is in the account's list. */
  readonly listedAfterMs: number
}

export const instagramDefaults: InstagramSettings = { quota: 100, processingMs: 0, listedAfterMs: 0 }

export interface Container {
  readonly kind: 'container'
  readonly id: string
  readonly owner: string
  readonly account: string
  readonly madeAt: number
  readonly readyAt: number
  /** What it will show. */
  readonly content: Content
  /** A picture of a carousel: not published by itself. */
  readonly isItem: boolean
  /** What is wrong with it, found while it was processed. */
  readonly trouble: string | null
  published: boolean
}

export interface Media {
  readonly kind: 'media'
  readonly id: string
  readonly owner: string
  readonly account: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly type: 'IMAGE' | 'CAROUSEL_ALBUM' | 'VIDEO'
  readonly entry: Page
}

export interface Comment {
  readonly kind: 'comment'
  readonly id: string
  readonly owner: string
  readonly account: string
  readonly at: string
  readonly entry: Page
  /** The post or comment that it answers, and the post below which it stands. */
  readonly parent: string
  readonly root: string
}

export type Thing = Container | Media | Comment

export type InstagramDesk = ReturnType<typeof openInstagramDesk>

const day = 86_400_000

export const openInstagramDesk = (parts: Parts, settings: InstagramSettings) => {
  const things = new Map<string, Thing>()
  const owners = new Map<string, string>()
  return {
    parts,
    settings,
    things,
    nextId: rising(parts.now),
    now: (): string => new Date(parts.now()).toISOString(),
    /** The account with this id belongs to whoever speaks for it first. */
    own(account: string, id: string): void {
      const owner = owners.get(id) ?? account
      owners.set(id, owner)
      if (owner !== account) throw refusal(10, '(#10) Application does not have permission for this action', { status: 403 })
    },
    thing(account: string | null, { method, path }: Pick<GraphAsk, 'method' | 'path'>): Thing {
      if (account === null) throw badToken()
      const thing = things.get(path[0]!)
      if (thing?.account !== account) throw noObject(method, path[0]!)
      return thing
    },
    /** Posts of the last 24 hours, also those that were deleted since. */
    used: (owner: string): number =>
      parts.ledger
        .entries('instagram', null)
        .filter(
          ({ replyTo, url, createdAt }) => replyTo === null && url.includes(`/${owner}/`) && Date.parse(createdAt) > parts.now() - day,
        ).length,
    clear: (): void => things.clear(),
  }
}

export const commentsOn = ({ things }: InstagramDesk, id: string): readonly Comment[] =>
  [...things.values()].filter((thing): thing is Comment => thing.kind === 'comment' && (thing.root === id || thing.parent === id))

/** Newest first. */
export const mediaOf = ({ things }: InstagramDesk, owner: string): readonly Media[] =>
  [...things.values()].filter((thing): thing is Media => thing.kind === 'media' && thing.owner === owner).toReversed()
