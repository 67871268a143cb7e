// Claims and settlings without the work of an index: half of the cost of a delivery in the store lay there.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

// No index of a delivery names what a claim changes (state, fence, lease, attempts), and half of each page is left free: so the new
// row stands beside the old one and no index is touched. Whoever looks for open deliveries says `settled_at is null`.
// Attempts and receipts are written by the statement that has just changed their delivery; a foreign key would only look for it again.
const statements = [
  'alter table delivery set (fillfactor = 50)',
  'drop index delivery_on_its_way, delivery_planned, delivery_expiring, delivery_by_channel_held',
  'create index delivery_open on delivery (way, due_at) where settled_at is null',
  'create index delivery_planned on delivery (announcement_id) where queued_at is null and settled_at is null',
  'create index delivery_expiring on delivery (expires_at) where expires_at is not null and settled_at is null',
  'create index delivery_by_channel_held on delivery (city, channel) where held_for is not null',
  'alter table attempt drop constraint attempt_delivery_id_fkey',
  'alter table receipt drop constraint receipt_delivery_id_fkey',
]
