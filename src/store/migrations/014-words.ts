// Words and approvals carry a MAC of the secret key as deliveries do; a delivery that is settled has none that holds any more.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `alter table revision add column mac text`,
  `alter table approval add column mac text`,
  // until when a revision or an approval without a MAC is of the version before; null: there are none
  `alter table guard add column words_until timestamptz, add column words_mac text`,
  // a delivery with a receipt is known by it
  `update delivery set mac = 'spent'
    where state in ('given-up', 'expired', 'superseded') or (state = 'delivered' and action = 'retract')`,
]
