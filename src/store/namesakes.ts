// Other deliveries with the very same words on the same channel: where a look knows a post by its words alone, they must be told apart.
import { type Kysely, sql } from 'kysely'
import type { Receipt } from '../connector/connector.ts'
import { likenessOf } from '../connector/likeness.ts'
import type { Database } from './tables.ts'

export interface Namesakes {
  /** Of the posts that were asked about, the ids of those that other deliveries' receipts name. */
  readonly taken: ReadonlySet<string>
  /** Ids of deliveries with these words (the same letters and digits) of which a post may stand that no receipt names. */
  readonly open: readonly string[]
}

/** `posts`: what stands there with the words of delivery `id`. */
export const namesakes = async (db: Kysely<Database>, id: string, posts: readonly Receipt[]): Promise<Namesakes> => {
  const { rows } = await sql<{ taken: string | null; open: string | null; mine: string | null; theirs: string | null }>`
    with me as (select id, city, channel, post->>'text' as words from delivery where id = ${id}),
    post as (select * from unnest(${posts.map((post) => post.id)}::text[], ${posts.map((post) => post.url)}::text[]) as p (id, url))
    select p.id as taken, null as open, null as mine, null as theirs
    from post p join receipt r on r.id = p.id or r.url = p.url join delivery d on d.id = r.delivery_id join me on true
    where d.id <> me.id and d.city = me.city and d.channel = me.channel
    union all
    select null, d.id::text, me.words, d.post->>'text' from delivery d join me on true
    where d.settled_at is null and d.id <> me.id and d.city = me.city and d.channel = me.channel and d.action in ('publish', 'reply')
      and (d.state = 'sending' or d.unclear_since is not null)`.execute(db)
  return {
    taken: new Set(rows.flatMap(({ taken }) => taken ?? [])),
    // what a platform that renders its posts shows of both may be the same
    open: rows.flatMap(({ open, mine, theirs }) => (open !== null && isSame(mine, theirs) ? open : [])),
  }
}

const isSame = (mine: string | null, theirs: string | null): boolean => ['exact', 'same'].includes(likenessOf(mine ?? '', theirs ?? ''))
