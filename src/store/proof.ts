// The proof that a row was written by Rundruf: a MAC under the secret key, which nobody has who can only change the database.
import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Announcement } from '../announcement/announcement.ts'
import type { Post, Receipt } from '../connector/connector.ts'
import type { Action } from '../planning/plan.ts'

/** What of a delivery reaches its platform, and when: a claim is held where any of it has been changed. */
export interface DeliveryFacts {
  readonly id: string
  readonly announcementId: string
  readonly revision: number
  readonly city: string
  readonly channel: string
  readonly platform: string
  readonly action: Action
  /** The delivery whose receipt this one works on. */
  readonly target: string | null
  /** With the ids of its media, which are the SHA-256 of their bytes. */
  readonly post: Post | null
  /** ISO 8601, UTC, milliseconds. */
  readonly notBefore: string | null
  readonly expiresAt: string | null
}

/** What an update, an answer or a retraction works on. */
export interface ReceiptFacts extends Pick<Receipt, 'id' | 'url'> {
  readonly deliveryId: string
  readonly at: string | null
  readonly detail: Readonly<Record<string, string>>
}

/** The released plan: a fallback takes its post from it. */
interface PlanFacts {
  readonly id: string
  readonly announcementId: string
  readonly revision: number
  readonly content: object
}

/** One wording of an announcement: who wrote what, over which. */
export interface RevisionFacts {
  readonly announcementId: string
  readonly number: number
  readonly base: number | null
  /** As it was stored, by whatever version. */
  readonly content: Announcement
  readonly createdBy: string
  readonly person: string | null
}

/** Who approved which plan. */
export interface ApprovalFacts {
  readonly announcementId: string
  readonly revision: number
  readonly digest: string
  readonly actor: string
  readonly person: string | null
}

export interface KeyFacts {
  readonly id: string
  readonly name: string
  readonly hash: string
  readonly role: string
  readonly cities: readonly string[]
  readonly person: string | null
  readonly expiresAt: string | null
}

interface Kinds {
  readonly delivery: DeliveryFacts
  readonly receipt: ReceiptFacts
  readonly plan: PlanFacts
  readonly key: KeyFacts
  readonly revision: RevisionFacts
  readonly approval: ApprovalFacts
  readonly guard: { readonly earlierUntil: string }
  readonly words: { readonly earlierUntil: string }
  /** A whole backup. */
  readonly file: { readonly sha256: string }
}

export interface Proof {
  /** Says which secret key it is, and tells nothing of it. */
  readonly keyId: string
  /** The MAC of these facts, base64url. What is proven for one kind proves nothing for another. */
  of<K extends keyof Kinds>(kind: K, facts: Kinds[K]): string
  /** True when this key has written the MAC for exactly these facts. */
  holds<K extends keyof Kinds>(kind: K, facts: Kinds[K], mac: string | null): boolean
}

/** @param key 32 random bytes that all processes share */
export const proofWith = (key: Uint8Array): Proof => {
  // of its own: what is proven here proves nothing where the same key seals
  const own = createSecretKey(new Uint8Array(hkdfSync('sha256', key, '', 'rundruf store', 32)))
  const macOf = (kind: string, facts: object): Buffer => createHmac('sha256', own).update(`${kind}\n`).update(canonical(facts)).digest()
  return {
    keyId: macOf('key-id', {}).toString('hex').slice(0, 16),
    of: (kind, facts) => macOf(kind, facts).toString('base64url'),
    holds: (kind, facts, mac) => {
      if (mac === null) return false
      const given = Buffer.from(mac, 'base64url')
      const right = macOf(kind, facts)
      return given.length === right.length && timingSafeEqual(given, right)
    },
  }
}

/** What of a row goes into its proof, whatever else it holds. */
export const factsOf = (row: DeliveryFacts): DeliveryFacts => {
  const { id, announcementId, revision, city, channel, platform, action, target, post, notBefore, expiresAt } = row
  return { id, announcementId, revision, city, channel, platform, action, target, post, notBefore, expiresAt }
}

export const receiptMac = (proof: Proof, deliveryId: string, { id, url, at, detail }: Receipt): string =>
  proof.of('receipt', { deliveryId, id, url, at: timeOf(at), detail: detail ?? {} })

/** A time as it goes into a proof, also where PostgreSQL knows it to the microsecond. */
export const timeOf = (time: Date | string | null): string | null => (time === null ? null : new Date(time).toISOString())

/** JSON with the keys of every object in order and without what is undefined: the same before the store and after it. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).filter(([, inner]) => inner !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`
}
