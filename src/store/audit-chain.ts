// Reads the audit from its beginning and says where it was tampered with: a row changed, missing, moved or slipped in.
import type { Kysely } from 'kysely'
import { hashOf } from './audit.ts'
import type { Database } from './tables.ts'

/** What was done to the trail. `gap`: rows are missing before this one (or, with `id` null, at the end). */
type Damage = 'changed' | 'gap' | 'moved' | 'slipped-in'

interface BrokenLink {
  /** The row at which it shows; null: after the last. */
  readonly id: string | null
  readonly damage: Damage
}

export interface Chain {
  readonly entries: number
  /** The first place that does not follow from the one before; null when the chain is whole. */
  readonly broken: BrokenLink | null
}

interface Link {
  readonly id: string
  readonly previousHash: string
  readonly hash: string
  /** Its own hash fits what it says. */
  readonly sound: boolean
}

export const checkChain = async (db: Kysely<Database>): Promise<Chain> => {
  // the end is read first: entries that come meanwhile are no damage
  const head = await db.selectFrom('auditHead').select(['entries', 'hash']).where('id', '=', 1).executeTakeFirst()
  const links = await linksOf(db)
  return { entries: links.length, broken: firstBreak(links) ?? atTheEnd(links, head) }
}

/** The id of the first row that does not follow from the one before (`end` for one missing there); null when the chain is whole. */
export const firstBrokenLink = async (db: Kysely<Database>): Promise<string | null> => {
  const { broken } = await checkChain(db)
  return broken && (broken.id ?? 'end')
}

const page = 1000

const linksOf = async (db: Kysely<Database>): Promise<readonly Link[]> => {
  const links: Link[] = []
  let after: string | null = null
  for (;;) {
    const rows: Awaited<ReturnType<typeof pageAfter>> = await pageAfter(db, after)
    for (const row of rows) {
      const { id, previousHash, hash } = row
      links.push({ id, previousHash, hash, sound: hash === hashOf(row, previousHash) })
    }
    after = rows.at(-1)?.id ?? after
    if (rows.length < page) return links
  }
}

const pageAfter = (db: Kysely<Database>, after: string | null) =>
  db
    .selectFrom('audit')
    .selectAll()
    .$if(after !== null, (query) => query.where('id', '>', after as string))
    .orderBy('id')
    .limit(page)
    .execute()

const firstBreak = (links: readonly Link[]): BrokenLink | null => {
  const places = new Map(links.map(({ hash }, at) => [hash, at]))
  let before = ''
  for (const [at, link] of links.entries()) {
    if (!link.sound) return { id: link.id, damage: links[at + 1]?.previousHash === before ? 'slipped-in' : 'changed' }
    if (link.previousHash !== before) return misplaced(links, at, places)
    before = link.hash
  }
  return null
}

/** A row that is sound in itself and does not follow: what it follows stands later, earlier, or nowhere. */
const misplaced = (links: readonly Link[], at: number, places: ReadonlyMap<string, number>): BrokenLink => {
  const { id, previousHash } = links[at] as Link
  const follows = previousHash === '' ? -1 : places.get(previousHash)
  if (follows === undefined) return { id, damage: 'gap' }
  if (follows > at) return { id, damage: 'moved' }
  return { id: links[follows + 1]?.id ?? id, damage: 'slipped-in' }
}

/** The last rows are missing, or rows were added past the door. */
const atTheEnd = (links: readonly Link[], head: { readonly entries: string; readonly hash: string } | undefined): BrokenLink | null => {
  if (head === undefined || head.hash === '' || links.some(({ hash }) => hash === head.hash)) return null
  return { id: null, damage: 'gap' }
}
