// What a channel keeps between runs (refreshed tokens), encrypted; and deliveries that a person makes by hand.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  `create table safe (
    city text not null,
    channel text not null,
    sealed bytea not null,
    changed_at timestamptz not null default now(),
    primary key (city, channel)
  )`,
  `alter table delivery drop constraint delivery_held_for_check`,
  `alter table delivery add constraint delivery_held_for_check check (held_for in ('answer', 'channel', 'restore', 'hand'))`,
]
