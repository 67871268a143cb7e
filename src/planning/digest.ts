// The one number that an approval is given to: changes when, and only when, something else would be sent.
import { createHash } from 'node:crypto'
import type { Announcement } from '../announcement/announcement.ts'
import type { Post } from '../connector/connector.ts'

/** One line of a plan, as far as an approval cares. */
interface Sent {
  readonly channel: string
  readonly action: string | null
  readonly target: string | null
  readonly post: Post | null
  readonly doubles: string
}

/** SHA-256, hex, over announcement, policy and what would be sent: independent of the order of keys, of times, reasons and limits. */
export const digestOf = (announcement: Announcement, policyDigest: string, sent: readonly Sent[]): string => {
  const list = sent.map(({ channel, action, target, post, doubles }) => ({
    channel,
    action,
    target,
    doubles,
    post: post && contentOf(post),
  }))
  return sha256(canonical({ announcement: saidOf(announcement), policyDigest, sent: list }))
}

/** `topics` counts where it says more than `topic`, and `districts` where there are any: approvals given before they came hold. */
const saidOf = ({ topics, districts, ...said }: Announcement): object => ({
  ...said,
  ...(topics.length > 1 && { topics }),
  ...(districts.length > 0 && { districts }),
})

/** What a follow-up builds on, as far as people decide about it. */
export interface Followed {
  /** The newest revision that is out. */
  readonly revision: number
  /** True once it was taken back. */
  readonly retracted: boolean
  /** True once an all-clear has ended it. */
  readonly ended: boolean
  /** What is done, on each channel that was to have it, where it appeared. */
  readonly ways: readonly { readonly channel: string; readonly way: 'update' | 'reply' | 'nothing'; readonly post: Post | null }[]
}

/** The digest of a plan that builds on something earlier: how far the deliveries of that have come does not count. */
export const followedDigest = (digest: string, { ways, ...followed }: Followed): string =>
  sha256(canonical({ digest, ...followed, ways: ways.map((one) => ({ ...one, post: one.post && contentOf(one.post) })) }))

/** True when readers would see the same. */
export const samePost = (post: Post | null, other: Post | null): boolean =>
  post === null || other === null ? post === other : canonical(contentOf(post)) === canonical(contentOf(other))

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The post as it is sent, without what planning knows of it beside. */
const contentOf = ({ text, title, link, language, images, video, kind, severity, status, expires }: Post): Post => ({
  text,
  title,
  link,
  language,
  images,
  ...(video && { video }),
  kind,
  severity,
  status,
  expires,
})

/** JSON with the keys of every object in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
