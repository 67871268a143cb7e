// Videos and captions beside images; what was made of an image for a platform; large files in pieces.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

// A large file is no single value: a value is read as a whole whatever part of it is wanted, and a backup would write it as one line.
const statements = [
  // captions have no size in pixels
  `alter table media alter column width drop not null, alter column height drop not null`,
  `alter table media add column size int, add column seconds float8, add column codec text, add column audio_codec text`,
  `create table media_piece (
    media_id text not null references media (id),
    number int not null,
    bytes bytea not null,
    primary key (media_id, number)
  )`,
  // films and photographs do not get smaller by compressing them again
  `alter table media_piece alter column bytes set storage external`,
  `create table derived_media (derivation text primary key, media_id text not null references media (id))`,
]
