// What every command works with; handed in by main.ts.
import type { Kysely, Transaction } from 'kysely'
import type { Connectors } from '../connector/connector.ts'
import type { Workshop } from '../media/take.ts'
import type { City } from '../policy/policy.ts'
import type { Proof } from '../store/proof.ts'
import type { Writer } from '../store/stored.ts'
import type { Database } from '../store/tables.ts'

export interface Desk {
  readonly db: Kysely<Database>
  /** The cities of this installation, by key. */
  readonly cities: ReadonlyMap<string, City>
  /** SHA-256 of each city's policy, by key. */
  readonly policyDigests: ReadonlyMap<string, string>
  readonly connectors: Connectors
  /** Of the secret key that all processes share: what the store keeps is believed where it holds. */
  readonly proof: Proof
  /** For files that somebody brings; absent: the system's folder, and no ffprobe. */
  readonly workshop?: Workshop
  /** Asked in every transaction of a command before it changes anything; throws when this request may not act any more. */
  readonly guard?: (trx: Transaction<Database>) => Promise<void>
}

/** What a command changes: all of it or nothing. */
export const transact = <T>({ db, guard }: Desk, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (trx) => {
    await guard?.(trx)
    return work(trx)
  })

/** Who is asking. `id` goes into the audit; `cities` is `*` or city keys. */
export interface Actor {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly cities: '*' | readonly string[]
  /** The person who holds the key, in small letters; absent where the key names none. Two keys of one person are one person. */
  readonly person?: string
}

/** Who writes: as revisions keep it. */
export const writerOf = ({ id, person }: Actor): Writer => ({ id, person: person ?? null })

export type Role = 'author' | 'approver' | 'duty-officer' | 'operator' | 'admin'
