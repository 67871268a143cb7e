// Who may have a file: the cities it belongs to, and the public as long as something released shows it.
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from './tables.ts'

/** How a file stands with those who have no key. */
export interface Showing {
  /** Something released, not taken back and not replaced shows it now. */
  readonly shown: boolean
  /** A platform may fetch it: a released announcement that is not taken back carries it, though perhaps not yet, or no more, in its last wording. */
  readonly carried: boolean
  /** It was public once. */
  readonly wasPublic: boolean
}

/** The ids of a post's files; word for word the expression of the index `delivery_media`. */
const filesOf = sql`(jsonb_path_query_array(d.post, '$.images[*].id') || jsonb_path_query_array(d.post, '$.video.id')
  || jsonb_path_query_array(d.post, '$.video.captions[*].id'))`

/** Its condition. */
const withFiles = sql<boolean>`(d.post->'images' <> '[]' or d.post ? 'video')`

const uses = (id: string) => sql`
  from delivery d join announcement a on a.id = d.announcement_id where ${filesOf} ? ${id} and ${withFiles}`

const neverThere = sql`('given-up', 'expired', 'superseded')`

/** Its hour has come: an embargo holds for its pictures too. */
const due = sql<boolean>`coalesce(d.not_before, d.planned_at) <= now()`

/** A correction took its place, or is on its way there; what waits for its hour or for a person changes nothing yet. */
const replaced = sql<boolean>`exists (
  select 1 from delivery l where l.announcement_id = d.announcement_id and l.channel = d.channel and l.sequence > d.sequence
    and l.action = 'update' and (l.state = 'delivered' or (
      l.state in ('queued', 'sending', 'waiting', 'looking') and coalesce(l.not_before, l.planned_at) <= now())))`

export const showingOf = async (db: Kysely<Database>, id: string): Promise<Showing> => {
  const { rows } = await sql<Showing>`
    select
      exists (select 1 ${uses(id)} and a.retracted_at is null and d.state not in ${neverThere} and ${due} and not ${replaced}) as shown,
      exists (select 1 ${uses(id)} and a.retracted_at is null) as carried,
      exists (select 1 ${uses(id)} and ${due}) as was_public`.execute(db)
  return rows[0] ?? { shown: false, carried: false, wasPublic: false }
}

/** Says that these files may be used for these cities (keys, or `*`); what was said before stays. */
export const giveMedia = async (db: Kysely<Database>, ids: readonly string[], cities: readonly string[]): Promise<void> => {
  if (ids.length === 0 || cities.length === 0) return
  await sql`
    insert into media_city (media_id, city) select id, city from unnest(${ids}::text[]) as id, unnest(${cities}::text[]) as city
    on conflict do nothing`.execute(db)
}

/** What the house made of these wishes belongs to this city too. */
export const giveDerived = async (db: Kysely<Database>, wishes: readonly string[], city: string): Promise<void> => {
  if (wishes.length === 0) return
  await sql`
    insert into media_city (media_id, city) select media_id, ${city} from derived_media where derivation = any(${wishes}::text[])
    on conflict do nothing`.execute(db)
}

/** Those of these files that may be used for at least one of the cities (`*`: whatever they belong to). */
export const mediaFor = async (
  db: Kysely<Database> | Transaction<Database>,
  ids: readonly string[],
  cities: '*' | readonly string[],
): Promise<ReadonlySet<string>> => {
  if (cities === '*') return new Set(ids)
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('mediaCity')
    .select('mediaId')
    .where('mediaId', 'in', [...ids])
    .where('city', 'in', [...cities, '*'])
    .execute()
  return new Set(rows.map(({ mediaId }) => mediaId))
}
