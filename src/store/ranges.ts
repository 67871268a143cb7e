// Reads a large table a piece at a time, by its key: no statement takes longer because the store has become large.
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from './tables.ts'

/** From behind `after` to `upTo`; null: to the end. */
export interface KeyRange {
  readonly after: string
  readonly upTo: string | null
}

const beforeAll = '00000000-0000-0000-0000-000000000000'

/** The ranges of `size` rows, one after the other; each is asked for when it is wanted. `key` names a column of type uuid. */
export async function* rangesOf(
  db: Kysely<Database>,
  {
    table,
    key = 'id',
    size,
  }: { readonly table: 'announcement' | 'delivery' | 'plan' | 'receipt'; readonly key?: string; readonly size: number },
): AsyncGenerator<KeyRange> {
  for (let after = beforeAll; ; ) {
    const { rows } = await sql<{ id: string }>`
      select ${sql.ref(key)} as id from ${sql.table(table)} where ${sql.ref(key)} > ${after} order by ${sql.ref(key)} offset ${size - 1} limit 1`.execute(
      db,
    )
    const upTo = rows[0]?.id ?? null
    yield { after, upTo }
    if (upTo === null) return
    after = upTo
  }
}

/** True for the rows of the range; `column` in the words of the statement. */
export const within = ({ after, upTo }: KeyRange, column: string): RawBuilder<boolean> =>
  upTo === null
    ? sql<boolean>`${sql.ref(column)} > ${after}`
    : sql<boolean>`(${sql.ref(column)} > ${after} and ${sql.ref(column)} <= ${upTo})`
