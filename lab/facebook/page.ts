// What stands on the pages of the lab's Facebook: posts, comments, photos and videos by their ids.
import type { LedgerImage, LedgerVideo, Page } from '../ledger.ts'
import type { Parts } from '../room.ts'
import { noObject, refusal } from './answers.ts'
import { badToken, type GraphAsk } from './ask.ts'

export interface FacebookSettings {
  /** Calls in 24 hours: 4800 for each engaged user, of whom a page of the lab has one. false: nothing is counted. */
  readonly rateLimit: false | { readonly points: number; readonly seconds: number }
  /** Reels in 24 hours that the API publishes: https://developers.facebook.com/docs/video-api/guides/reels-publishing/ */
  readonly reelsPerDay: number
  /** Milliseconds that a video is processed after it was finished. */
  readonly processingMs: number
  /** Milliseconds after which the publishing of a reel that was finished begins; until then only its processing has. */
  readonly publishingMs: number
  /** Bytes of one piece of an upload that it asks for. */
  readonly pieceBytes: number
  /** Links whose pages Facebook cannot read. */
  readonly unreadable: readonly string[]
}

export const facebookDefaults: FacebookSettings = {
  rateLimit: { points: 4_800, seconds: 86_400 },
  reelsPerDay: 30,
  processingMs: 0,
  publishingMs: 0,
  pieceBytes: 1_048_576,
  unreadable: [],
}

interface Known {
  readonly id: string
  /** The id of its page. */
  readonly page: string
  readonly account: string
  /** ISO 8601, UTC. */
  readonly at: string
}

export interface Photo extends Known {
  readonly kind: 'photo'
  readonly image: LedgerImage
  /** The post it hangs on; null: unused. */
  post: string | null
}

export interface Post extends Known {
  readonly kind: 'post'
  readonly entry: Page
  photos: readonly Photo[]
}

export interface Comment extends Known {
  readonly kind: 'comment'
  readonly entry: Page
  /** What it answers, and the post or video below which all of it stands. */
  readonly parent: string
  readonly root: string
}

export interface Video extends Known {
  readonly kind: 'video'
  readonly reel: boolean
  /** Of the session in which a video that is no reel is uploaded. */
  readonly session: string
  /** As it was announced; null for a reel, whose upload says it. */
  size: number | null
  bytes: Buffer
  file: LedgerVideo | null
  /** Since it was finished. */
  entry: Page | null
  finishedAt: number
}

export type Thing = Photo | Post | Comment | Video

export type FacebookDesk = ReturnType<typeof openFacebookDesk>

export const openFacebookDesk = (parts: Parts, settings: FacebookSettings) => {
  const things = new Map<string, Thing>()
  const owners = new Map<string, string>()
  const nextId = rising(parts.now)
  return {
    parts,
    settings,
    things,
    owners,
    nextId,
    now: (): string => new Date(parts.now()).toISOString(),
    /** The page with this id belongs to whoever speaks for it first. */
    own(account: string, page: string): void {
      const owner = owners.get(page) ?? account
      owners.set(page, owner)
      if (owner !== account) throw refusal(200, '(#200) Permissions error: this token is for another page', { status: 403 })
    },
    thing(account: string | null, { method, path }: Pick<GraphAsk, 'method' | 'path'>): Thing {
      if (account === null) throw badToken()
      const thing = things.get(path[0]!)
      if (thing?.account !== account) throw noObject(method, path[0]!)
      return thing
    },
    clear(): void {
      things.clear()
    },
  }
}

/** Ids that always rise, the same again when a journal is replayed. */
export const rising = (now: () => number): (() => string) => {
  let last = 0n
  return () => {
    const wanted = BigInt(Math.floor(now())) << 16n
    last = wanted > last ? wanted : last + 1n
    return String(last)
  }
}

export const homeOf = ({ parts }: Pick<FacebookDesk, 'parts'>): string => `${parts.url()}/facebook`

/** All comments below a post, a video or another comment. */
export const commentsOn = ({ things }: FacebookDesk, id: string): readonly Comment[] =>
  [...things.values()].filter((thing): thing is Comment => thing.kind === 'comment' && (thing.root === id || thing.parent === id))

/** What a page shows publicly, newest first. */
export const publishedOn = ({ things }: FacebookDesk, page: string): readonly (Post | Video)[] =>
  [...things.values()]
    .filter((thing): thing is Post | Video => (thing.kind === 'post' || thing.kind === 'video') && thing.page === page)
    .filter(({ entry }) => entry !== null)
    .toReversed()
