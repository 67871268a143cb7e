// A file that a released announcement of Bonn shows, and taking it back.
import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../src/store/tables.ts'
import { aPost } from './builders.ts'

export interface ShownWhere {
  readonly channel?: string
  /** ISO 8601; the hour before which nothing is said. */
  readonly notBefore?: string
  readonly released?: boolean
}

/** The announcement's id. */
export const showing = async (
  db: Kysely<Database>,
  id: string,
  { channel = 'newsroom', notBefore, released = true }: ShownWhere = {},
): Promise<string> => {
  const announcementId = randomUUID()
  const image = { id, type: 'image/png', size: 1, width: 1, height: 1, alt: 'Ein Bild' }
  const at = sql<Date>`now()`
  await db
    .insertInto('announcement')
    .values({ id: announcementId, city: 'bonn', revision: 1, createdBy: 'test', ...(released && { releasedAt: at }) })
    .execute()
  if (released)
    await db
      .insertInto('delivery')
      .values({
        ...{
          id: randomUUID(),
          announcementId,
          revision: 1,
          city: 'bonn',
          channel,
          platform: 'newsroom',
          way: 'routine',
          action: 'publish',
        },
        ...{ sequence: 1, state: 'delivered', turn: 1, fence: 1, doubles: 'avoid', attempts: 1, memory: '{}' },
        ...{ post: JSON.stringify(aPost({ images: [image] })), dueAt: at, settledAt: at, notBefore: notBefore ?? null },
      })
      .execute()
  return announcementId
}

/** Taken back, as the command writes it. */
export const takenBack = async (db: Kysely<Database>, announcement: string): Promise<void> => {
  await db.updateTable('announcement').set({ retractedAt: sql<Date>`now()` }).where('id', '=', announcement).execute()
}

export interface RewordedHow {
  readonly channel?: string
  readonly state?: 'planned' | 'queued' | 'held' | 'delivered'
  /** ISO 8601; the hour before which the earlier wording stays. */
  readonly notBefore?: string
}

/** A later wording of it on that channel, without the file. */
export const reworded = async (
  db: Kysely<Database>,
  announcement: string,
  { channel = 'newsroom', state = 'delivered', notBefore }: RewordedHow = {},
): Promise<void> => {
  const at = sql<Date>`now()`
  await db
    .insertInto('delivery')
    .values({
      ...{ id: randomUUID(), announcementId: announcement, revision: 2, city: 'bonn', channel, platform: 'newsroom', way: 'routine' },
      ...{ action: 'update', sequence: 2, state, turn: 1, fence: 1, doubles: 'avoid', attempts: 1, memory: '{}' },
      ...{ post: JSON.stringify(aPost({})), dueAt: at, settledAt: state === 'delivered' ? at : null, notBefore: notBefore ?? null },
    })
    .execute()
}
