// The tables of API keys, and of the secret key that guards all others, as Kysely sees them.
import type { Generated } from 'kysely'
import type { Json, MaybeTime, Time } from './columns.ts'

export interface ApiKeyTable {
  id: string
  name: string
  /** SHA-256 of the key (it is 256 random bits, so no slow hash is needed). */
  hash: string
  role: 'author' | 'approver' | 'duty-officer' | 'operator' | 'admin'
  /** City keys, or `*`. */
  cities: Json<string[]>
  /** The person who holds it, in small letters. */
  person: string | null
  createdAt: Generated<Date>
  expiresAt: MaybeTime
  /** To the minute, at most. */
  lastUsedAt: MaybeTime
  revokedAt: MaybeTime
  /** See proof.ts; null: revoked, or of a version that wrote none. */
  mac: string | null
}

/** One row: with which secret key the rows are guarded, and until when one without a MAC is of the version before. */
export interface GuardTable {
  id: number
  earlierUntil: Time
  mac: string
  /** The same for revisions and approvals; null: all of them have one. */
  wordsUntil: MaybeTime
  wordsMac: string | null
}
