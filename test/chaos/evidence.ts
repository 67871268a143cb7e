// What the public has seen of each story on each platform: from the lab's ledger and the newsroom's table, the store's word aside.
import type { LedgerEntry } from '../../lab/ledger.ts'
import type { House } from './house.ts'
import { type Mark, markIn, type Platform } from './town.ts'

/** One post, with every wording that it ever had. */
export interface Seen {
  readonly platform: Platform
  readonly id: string
  readonly url: string | null
  /** Oldest first; never empty. Times are milliseconds since 1970, by the platform's clock. */
  readonly wordings: readonly { readonly mark: Mark; readonly at: number }[]
  readonly goneAt: number | null
}

export const gather = async (house: Pick<House, 'labUrl' | 'db'>): Promise<readonly Seen[]> => [
  ...(await inTheLab(house)),
  ...(await inTheNewsroom(house)),
]

const inTheLab = async ({ labUrl }: Pick<House, 'labUrl'>): Promise<readonly Seen[]> => {
  const entries = (await (await fetch(`${labUrl}/ledger`)).json()) as readonly LedgerEntry[]
  return entries.map(({ platform, id, url, revisions, deletedAt }) => ({
    platform: platform as Platform,
    id,
    url,
    wordings: revisions.map(({ text, at }) => ({ mark: known(text), at: Date.parse(at) })),
    goneAt: deletedAt === null ? null : Date.parse(deletedAt),
  }))
}

/** The page shows no history: one wording, the newest. */
const inTheNewsroom = async ({ db }: Pick<House, 'db'>): Promise<readonly Seen[]> => {
  const rows = await db.selectFrom('newsroom').select(['key', 'post', 'publishedAt', 'updatedAt', 'retractedAt']).execute()
  return rows.map(({ key, post, publishedAt, updatedAt, retractedAt }) => ({
    platform: 'newsroom',
    id: key,
    url: null,
    wordings: [{ mark: known(post.text), at: (updatedAt ?? publishedAt).getTime() }],
    goneAt: retractedAt?.getTime() ?? null,
  }))
}

const known = (text: string): Mark => {
  const mark = markIn(text)
  if (!mark) throw new Error(`a post that nobody wrote: ${text}`)
  return mark
}
