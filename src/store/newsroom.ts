// What stands on the cities' own pages: written by the newsroom channel, read by the pages and feeds.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Post } from '../connector/connector.ts'
import type { Database, NewsroomTable } from './tables.ts'

/** One announcement as it stands on its city's page. Times are ISO 8601 UTC. */
export interface NewsroomItem {
  readonly city: string
  /** UUID of the delivery that put it there. */
  readonly key: string
  readonly post: Post
  readonly publishedAt: string
  /** When it was last corrected; null: never. */
  readonly updatedAt: string | null
  readonly retractedAt: string | null
  /** True once its `expires` has passed, by database time. */
  readonly expired: boolean
  /** The all-clear that ended this warning. */
  readonly clearedBy: { readonly key: string; readonly at: string } | null
  /** The warning that this all-clear ends. */
  readonly clears: (Pick<Post, 'title' | 'kind' | 'status'> & { readonly key: string }) | null
}

export interface Place {
  readonly city: string
  readonly key: string
}

/** Puts the post there or replaces it. The same post again changes nothing; what was retracted stays as it is. `at`: null for database time. */
export const putItem = async (db: Kysely<Database>, { city, key }: Place, post: Post, at: string | null): Promise<Date> => {
  const time = timeOf(at)
  await sql`
    insert into newsroom (city, key, post, published_at) values (${city}, ${key}, ${JSON.stringify(post)}, ${time})
    on conflict (city, key) do update set post = excluded.post, updated_at = ${time}
    where newsroom.retracted_at is null and newsroom.post is distinct from excluded.post`.execute(db)
  const row = await db
    .selectFrom('newsroom')
    .select('publishedAt')
    .where('city', '=', city)
    .where('key', '=', key)
    .executeTakeFirstOrThrow()
  return row.publishedAt
}

/** Marks the item as retracted; the first time counts. Where there is none, nothing happens. */
export const retractItem = async (db: Kysely<Database>, { city, key }: Place, at: string | null): Promise<void> => {
  await sql`update newsroom set retracted_at = ${timeOf(at)} where city = ${city} and key = ${key} and retracted_at is null`.execute(db)
}

export const findItem = async (db: Kysely<Database>, { city, key }: Place): Promise<NewsroomItem | undefined> =>
  (await select(db, sql`n.city = ${city} and n.key = ${key}`, 1))[0]

export interface Window {
  /** Only what is older than the item with this key. */
  readonly before?: string | undefined
  readonly limit: number
}

/** A city's items, newest first. */
export const listItems = (db: Kysely<Database>, city: string, { before, limit }: Window): Promise<NewsroomItem[]> =>
  select(
    db,
    before === undefined
      ? sql`n.city = ${city}`
      : sql`n.city = ${city} and (n.published_at, n.key) < (select b.published_at, b.key from newsroom b where b.city = ${city} and b.key = ${before})`,
    limit,
  )

/** How long a warning without an end stands at the top of the page, in days: a forgotten one must not shout for ever. */
const unendedWarningDays = 3

/** The warnings that hold now, newest first, of one city or of all (null). */
export const currentWarnings = (db: Kysely<Database>, city: string | null, limit: number): Promise<NewsroomItem[]> => {
  const ofCity = city === null ? sql`true` : sql`n.city = ${city}`
  const holds = sql`case when n.post->>'expires' is null then n.published_at > now() - make_interval(days => ${unendedWarningDays})
    else (n.post->>'expires')::timestamptz > now() end`
  return select(
    db,
    sql`${ofCity} and n.post->>'kind' = 'warning' and n.post->>'status' = 'Actual' and n.retracted_at is null and c.key is null and ${holds}`,
    limit,
  )
}

/** The newest item of each of these cities that has one. */
export const newestOfEach = async (
  db: Kysely<Database>,
  cities: readonly string[],
): Promise<ReadonlyMap<string, { readonly title: string; readonly at: string }>> => {
  const { rows } = await sql<{ city: string; title: string; publishedAt: Date }>`
    select n.city, n.title, n.published_at from unnest(${cities}::text[]) as c (city)
    cross join lateral (
      select city, post->>'title' as title, published_at from newsroom
      where city = c.city and retracted_at is null order by published_at desc, key desc limit 1
    ) n`.execute(db)
  return new Map(rows.map((row) => [row.city, { title: row.title, at: row.publishedAt.toISOString() }]))
}

/** How many of its newest items a sign speaks of: what the feeds hold. */
const signedItems = 50

/** A sign for each of these cities that changes whenever something on its newest pages changes, by an act or by an expiry. */
export const signs = async (db: Kysely<Database>, cities: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const { rows } = await sql<{ city: string; sign: string }>`
    select c.city, concat_ws(' ', n.newest, n.changed, n.expired) as sign from unnest(${cities}::text[]) as c (city)
    cross join lateral (
      select max(published_at) as newest, max(greatest(updated_at, retracted_at)) as changed,
        count(*) filter (where (post->>'expires')::timestamptz <= now()) as expired
      from (select * from newsroom where city = c.city order by published_at desc, key desc limit ${signedItems}) newest
    ) n`.execute(db)
  return new Map(rows.map((row) => [row.city, row.sign]))
}

interface Row extends Pick<NewsroomTable, 'city' | 'key'> {
  readonly post: Post
  readonly publishedAt: Date
  readonly updatedAt: Date | null
  readonly retractedAt: Date | null
  readonly expired: boolean
  readonly clearedBy: string | null
  readonly clearedAt: Date | null
  readonly clears: string | null
  readonly clearsPost: Post | null
}

const timeOf = (at: string | null): RawBuilder<unknown> => (at === null ? sql`now()` : sql`${at}::timestamptz`)

/** The announcement that `ar`, a revision, follows; null where it follows none. */
const followed = sql`case when ar.content->>'references' ~ '^[0-9a-fA-F-]{36}$' then (ar.content->>'references')::uuid end`

const select = async (db: Kysely<Database>, which: RawBuilder<unknown>, limit: number): Promise<NewsroomItem[]> => {
  const { rows } = await sql<Row>`
    select n.*, coalesce((n.post->>'expires')::timestamptz <= now(), false) as expired, c.key as cleared_by, c.published_at as cleared_at, w.key as clears, w.post as clears_post
    from newsroom n
    left join lateral (
      select a.key, a.published_at from newsroom a
      join delivery ad on ad.id = a.key
      join revision ar on ar.announcement_id = ad.announcement_id and ar.number = ad.revision
      join delivery nd on nd.id = n.key
      where n.post->>'kind' = 'warning' and a.city = n.city and a.published_at >= n.published_at and a.retracted_at is null
        and a.post->>'kind' = 'all-clear' and a.post->>'status' = n.post->>'status' and ${followed} = nd.announcement_id
      order by a.published_at limit 1
    ) c on true
    left join lateral (
      select o.key, o.post from delivery ad
      join revision ar on ar.announcement_id = ad.announcement_id and ar.number = ad.revision
      join delivery od on od.announcement_id = ${followed}
      join newsroom o on o.city = n.city and o.key = od.id
      where n.post->>'kind' = 'all-clear' and ad.id = n.key and o.post->>'status' = n.post->>'status'
      order by o.published_at limit 1
    ) w on true
    where ${which}
    order by n.published_at desc, n.key desc
    limit ${limit}`.execute(db)
  return rows.map(itemOf)
}

const itemOf = (row: Row): NewsroomItem => ({
  city: row.city,
  key: row.key,
  post: row.retractedAt === null ? row.post : withoutFiles(row.post),
  publishedAt: row.publishedAt.toISOString(),
  updatedAt: row.updatedAt?.toISOString() ?? null,
  retractedAt: row.retractedAt?.toISOString() ?? null,
  expired: row.expired,
  clearedBy: row.clearedBy && row.clearedAt ? { key: row.clearedBy, at: row.clearedAt.toISOString() } : null,
  clears: row.clears && row.clearsPost ? { key: row.clears, ...headOf(row.clearsPost) } : null,
})

/** The words of what was taken back stay to be read; its pictures are served to nobody. */
const withoutFiles = ({ video: _video, ...post }: Post): Post => ({ ...post, images: [] })

const headOf = ({ title, kind, status }: Post): Pick<Post, 'title' | 'kind' | 'status'> => ({ title, kind, status })
