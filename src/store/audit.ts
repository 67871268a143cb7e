// The audit trail: append-only, each row bound to the one before it by its hash.
import { createHash } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { Database } from './tables.ts'

export interface AuditEntry {
  readonly actor: string
  /** A verb: `release`, `retract`, `suspend-channel` ... */
  readonly action: string
  /** What it was done to: an id, or `city/channel`. */
  readonly subject: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** Appends in the caller's transaction; the lock makes the chain one line, and is held until the commit: call it last. */
export const audit = async (trx: Transaction<Database>, entry: AuditEntry): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext('rundruf.audit'))`.execute(trx)
  const last = await trx.selectFrom('audit').select('hash').orderBy('id', 'desc').limit(1).executeTakeFirst()
  const previousHash = last?.hash ?? ''
  const { rows } = await sql<{ at: Date }>`select date_trunc('milliseconds', clock_timestamp()) as at`.execute(trx)
  const at = rows[0]?.at as Date
  await trx
    .insertInto('audit')
    .values({ ...entry, at, facts: JSON.stringify(entry.facts), previousHash, hash: hashOf({ ...entry, at }, previousHash) })
    .execute()
}

/** SHA-256 over the entry in canonical form and the hash before it. */
export const hashOf = (entry: AuditEntry & { readonly at: Date }, previousHash: string): string =>
  createHash('sha256')
    .update(JSON.stringify([entry.at.toISOString(), entry.actor, entry.action, entry.subject, sortedKeys(entry.facts), previousHash]))
    .digest('hex')

const sortedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortedKeys(inner)]),
  )
}
