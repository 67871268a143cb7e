// What every command works with; handed in by main.ts.
import type { Kysely } from 'kysely'
import type { Connectors } from '../connector/connector.ts'
import type { City } from '../policy/policy.ts'
import type { Database } from '../store/tables.ts'

export interface Desk {
  readonly db: Kysely<Database>
  /** The cities of this installation, by key. */
  readonly cities: ReadonlyMap<string, City>
  /** SHA-256 of each city's policy, by key. */
  readonly policyDigests: ReadonlyMap<string, string>
  readonly connectors: Connectors
}

/** Who is asking. `id` goes into the audit; `cities` is `*` or city keys. */
export interface Actor {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly cities: '*' | readonly string[]
}

export type Role = 'author' | 'approver' | 'duty-officer' | 'operator' | 'admin'
