// What counts towards a channel's daily maximum.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const statements = [
  // one row a delivery: however often it is tried, it counts once
  `create table daily_post (
    delivery_id uuid primary key references delivery (id),
    city text not null,
    channel text not null,
    day date not null
  )`,
  `create index daily_post_by_day on daily_post (city, channel, day)`,
]
