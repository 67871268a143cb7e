// What PostgreSQL keeps is checked before it is believed: keys and deliveries carry a MAC of the secret key. Keys name a person and may expire.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // small letters: two keys of one person are found by an equal name
  `alter table api_key
    add column person text,
    add column expires_at timestamptz,
    add column last_used_at timestamptz,
    add column mac text`,
  `alter table delivery add column mac text`,
  `alter table receipt add column mac text`,
  `alter table plan add column mac text`,
  `alter table delivery drop constraint delivery_held_for_check`,
  `alter table delivery add constraint delivery_held_for_check check (held_for in ('answer', 'channel', 'restore', 'hand', 'changed'))`,
  // one row, written once: with which key the rows are guarded, and until when one without a MAC is of the version before
  `create table guard (
    id int primary key check (id = 1),
    earlier_until timestamptz not null,
    mac text not null
  )`,
]
