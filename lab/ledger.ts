// The ledger: every post that ever existed in the lab, with its history, whatever became of it.
import { createHash } from 'node:crypto'

export interface LedgerImage {
  readonly alt: string
  /** SHA-256 of the bytes, hex; the bytes are served at `/media/<sha256>`. */
  readonly sha256: string
  readonly size: number
  readonly type: string
}

/** A video; its bytes and those of its captions are served like an image's. */
export interface LedgerVideo extends LedgerImage {
  readonly captions: readonly { readonly language: string; readonly sha256: string }[]
}

/** A stretch of text that is a link, in UTF-16 units of the text. */
export interface Mark {
  readonly from: number
  readonly to: number
  readonly href: string
}

export interface Card {
  readonly uri: string
  readonly title: string
  readonly description: string
  /** SHA-256 of the thumbnail. */
  readonly thumb: string | null
}

/** What one version of a post says. */
export interface Content {
  readonly text: string
  readonly language: string | null
  /** The first web link of the post: of its card, else of its text. */
  readonly link: string | null
  readonly images: readonly LedgerImage[]
  readonly video?: LedgerVideo
  /** A headline beside the text (YouTube, e-mail). */
  readonly title?: string
  /** Where the platform carries links beside the text (Bluesky); absent where it finds them itself (Mastodon). */
  readonly marks?: readonly Mark[]
  readonly card?: Card
  /** A content warning in front of the text (Mastodon). */
  readonly notice?: string
}

export interface Revision extends Content {
  /** ISO 8601, UTC, by the lab's clock: when this version appeared. */
  readonly at: string
}

/** One post, its newest version in front and all versions in `revisions`, oldest first. */
export interface LedgerEntry extends Content {
  readonly platform: string
  readonly account: string
  /** The platform's own id. */
  readonly id: string
  /** Where a person can look at it, in the lab. */
  readonly url: string
  /** ISO 8601, UTC, by the lab's clock: when it appeared. */
  readonly createdAt: string
  readonly deletedAt: string | null
  /** The platform's id of the post that it answers. */
  readonly replyTo: string | null
  readonly revisions: readonly Revision[]
}

/** Which post it is; what stays the same over all its versions. */
export type Birth = Pick<LedgerEntry, 'platform' | 'account' | 'id' | 'url' | 'replyTo'>

/** A post in the ledger, by which its room revises and removes it. */
export interface Page {
  readonly birth: Birth
  readonly revisions: Revision[]
  deletedAt: string | null
}

export interface Ledger {
  add(birth: Birth, content: Content, at: string): Page
  revise(page: Page, content: Content, at: string): void
  remove(page: Page, at: string): void
  /** All posts in the order in which they appeared, narrowed to a platform, an account. */
  entries(platform?: string | null, account?: string | null): LedgerEntry[]
  /** Keeps the bytes of an image, a video or captions and says their SHA-256. */
  keep(bytes: Buffer, type: string): string
  media(sha256: string): { readonly bytes: Buffer; readonly type: string } | undefined
  clear(): void
}

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex')

const entryOf = (page: Page): LedgerEntry => {
  const { at: _, ...newest } = page.revisions.at(-1)!
  return { ...page.birth, createdAt: page.revisions[0]!.at, deletedAt: page.deletedAt, ...newest, revisions: page.revisions }
}

/** A ledger in memory; a post without images costs well under a kilobyte. */
export const openLedger = (): Ledger => {
  let pages: Page[] = []
  const media = new Map<string, { bytes: Buffer; type: string }>()
  const fits = (page: Page, platform?: string | null, account?: string | null): boolean =>
    (!platform || page.birth.platform === platform) && (!account || page.birth.account === account)
  return {
    add(birth, content, at) {
      const page: Page = { birth, revisions: [{ at, ...content }], deletedAt: null }
      pages.push(page)
      return page
    },
    revise: (page, content, at) => {
      page.revisions.push({ at, ...content })
    },
    remove: (page, at) => {
      page.deletedAt = at
    },
    entries: (platform, account) => pages.filter((page) => fits(page, platform, account)).map(entryOf),
    keep(bytes, type) {
      const key = sha256(bytes)
      media.set(key, { bytes, type })
      return key
    },
    media: (key) => media.get(key),
    clear() {
      pages = []
      media.clear()
    },
  }
}
