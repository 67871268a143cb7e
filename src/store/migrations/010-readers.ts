// Which city a file belongs to, and the ways to what readers and checks ask for: none of them reads the deliveries from end to end.
import { type Kysely, sql } from 'kysely'

export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const statement of statements) await sql.raw(statement).execute(db)
}

// A city's key, or `*`: the file was brought by somebody who may write for every city. What was there before belongs where its bringer
// may write; what the house made itself (no key brought it) belongs to every city, as it did until now.
const statements = [
  `create table media_city (media_id text not null references media (id), city text not null, primary key (media_id, city))`,
  `insert into media_city (media_id, city)
    select m.id, city from media m left join api_key k on k.id::text = m.created_by
    cross join jsonb_array_elements_text(case when jsonb_typeof(k.cities) = 'array' then k.cities else '["*"]' end) as city
    on conflict do nothing`,
  // which deliveries carry a file: a claim changes neither the post nor anything else that is named here
  `create index delivery_media on delivery using gin ((
      jsonb_path_query_array(post, '$.images[*].id') || jsonb_path_query_array(post, '$.video.id')
      || jsonb_path_query_array(post, '$.video.captions[*].id')))
    where post->'images' <> '[]' or post ? 'video'`,
  `create index delivery_by_target on delivery (target) where target is not null`,
  // few: an attempt that lost its claim
  `create index attempt_late on attempt (delivery_id) where event = 'late'`,
  // lists by state: what is not released, and what was taken back
  `create index announcement_draft on announcement (id) where released_at is null`,
  `create index announcement_of_city on announcement (city, id)`,
]
