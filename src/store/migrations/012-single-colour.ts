// Images that show one colour alone, as their plan says. What was kept before counts as an image that shows something.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table media add column single_colour boolean not null default false`.execute(db)
}
