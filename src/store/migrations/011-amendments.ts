// Who wrote which words, as a person; and an amendment of something released that waits to be approved or released.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // base: the revision that this one rewrites; null: the one before it, as in every older row
  `alter table revision add column person text, add column base int`,
  `alter table approval add column person text`,
  // amendment: the number of a revision that is written and not released
  `alter table announcement add column amendment int`,
]
