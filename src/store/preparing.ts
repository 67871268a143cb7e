// A connection that has PostgreSQL read and plan each statement once: a third of what a statement costs that changes few rows.
import { createHash } from 'node:crypto'
import pg from 'pg'

const names = new Map<string, string>()

/** The same text has the same name on every connection; 64 bits tell a handful of statements apart. */
const nameOf = (text: string): string => {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = createHash('sha256').update(text).digest('hex').slice(0, 16)
  names.set(text, name)
  return name
}

type Query = (this: pg.Client, ...words: readonly unknown[]) => unknown

/** What comes with values is prepared at its first call; the rest (`begin`, `commit`) goes as it is. */
export class PreparingClient extends pg.Client {
  override query = function (this: pg.Client, text: unknown, values: unknown, ...rest: unknown[]) {
    const query = pg.Client.prototype.query as Query
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return query.call(this, text, values, ...rest)
    return query.call(this, { name: nameOf(text), text, values }, ...rest)
  } as pg.Client['query']
}
