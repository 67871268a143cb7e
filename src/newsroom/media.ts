// Images of announcements: by the hash of their bytes, so that they never change; from the copy on disk while the store is away.
import type { Kysely } from 'kysely'
import { findMedium } from '../store/newsroom.ts'
import type { Database } from '../store/tables.ts'
import type { Ask } from './from-copy.ts'
import type { LastCopies } from './last-copy.ts'

/** An image; or there is none of this name; or nobody can say just now. */
export type Picture = { readonly type: string; readonly body: Buffer } | 'nowhere' | 'away'

/** Gives the image of this name. */
export type Pictures = (id: string) => Promise<Picture>

export interface PictureParts {
  readonly db: Kysely<Database>
  readonly copies: LastCopies
  readonly ask: Ask
}

/** What a browser may show from here, and how its copy is named. Nothing that could carry a script. */
const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
}

export const pictures =
  ({ db, copies, ask }: PictureParts): Pictures =>
  async (id) => {
    if (!/^[0-9a-f]{64}$/.test(id)) return 'nowhere'
    try {
      const medium = await ask(() => findMedium(db, id))
      const ending = endings[medium?.type ?? '']
      if (!medium || !ending) return 'nowhere'
      await copies.keep(`media/${id}.${ending}`, medium.bytes).catch(() => {})
      return { type: medium.type, body: medium.bytes }
    } catch {
      return (await copied(copies, id)) ?? 'away'
    }
  }

const copied = async (copies: LastCopies, id: string): Promise<Picture | undefined> => {
  for (const [type, ending] of Object.entries(endings)) {
    const copy = await copies.read(`media/${id}.${ending}`)
    if (copy) return { type, body: copy.body }
  }
  return undefined
}
