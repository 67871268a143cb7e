// Reads deliveries with their receipts and attempts, in the shape in which they are shown.
import { type Kysely, sql } from 'kysely'
import type { AttemptView, DeliveryView, TaskView } from '../commands/view.ts'
import type { Post } from '../connector/connector.ts'
import type { Database } from './tables.ts'

export type DeliveryOf = DeliveryView & { readonly announcementId: string }

/** The deliveries of these announcements, in the order of their channels and of what happened there. */
export const deliveriesOf = async (db: Kysely<Database>, announcementIds: readonly string[]): Promise<readonly DeliveryOf[]> => {
  if (announcementIds.length === 0) return []
  const rows = await db
    .selectFrom('delivery')
    .leftJoin('receipt', 'receipt.deliveryId', 'delivery.id')
    .leftJoin('receipt as earlier', 'earlier.deliveryId', 'delivery.target')
    .select(['delivery.id', 'announcementId', 'channel', 'platform', 'action', 'state', 'attempts', 'question', 'reason', 'revision'])
    .select(['dueAt', 'receipt.id as receiptId', 'receipt.url', 'receipt.at', 'heldFor', 'post', 'earlier.url as earlierUrl'])
    .select(sql<string | null>`receipt.detail->>'note'`.as('note'))
    .select(sql<string | null>`(select t.post->>'title' from delivery t where t.id = delivery.target)`.as('earlierTitle'))
    .select(sql<number | null>`(extract(epoch from settled_at - greatest(planned_at, not_before)) * 1000)::float8`.as('ms'))
    .where('announcementId', 'in', announcementIds)
    .orderBy('channel')
    .orderBy('sequence')
    .execute()
  return rows.map(({ receiptId, url, at, note, dueAt, ms, heldFor, post, earlierUrl, earlierTitle, ...row }) => ({
    ...row,
    task: heldFor !== 'hand' ? null : row.action === 'retract' ? deletion(earlierTitle, earlierUrl) : taskOf(post, earlierUrl),
    receipt: receiptId !== null && at !== null ? { id: receiptId, url, at: at.toISOString(), ...(note !== null && { note }) } : null,
    dueAt: dueAt.toISOString(),
    milliseconds: row.state === 'delivered' && ms !== null ? Math.round(ms) : null,
  }))
}

/** Where a post cannot be deleted any more, its readers should at least be told. */
const deletion = (title: string | null, at: string | null): TaskView => ({
  text: title === null ? null : `Zurückgenommen: ${title}\n\nDiese Meldung gilt nicht mehr.`,
  link: null,
  media: [],
  at,
})

const taskOf = (post: Post | null, at: string | null): TaskView => ({
  text: post?.text ?? null,
  link: post?.link ?? null,
  media: [...(post?.images ?? []), ...(post?.video ? [post.video] : [])].map(({ id, alt }) => ({ path: `/media/${id}`, alt })),
  at,
})

/** What happened in the attempts of each of these deliveries. */
export const historyOf = async (
  db: Kysely<Database>,
  deliveryIds: readonly string[],
): Promise<ReadonlyMap<string, readonly AttemptView[]>> => {
  if (deliveryIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('attempt')
    .select(['deliveryId', 'at', 'event', 'failure', 'detail'])
    .where('deliveryId', 'in', deliveryIds)
    .orderBy('id')
    .execute()
  const views = rows.map(({ deliveryId, at, ...row }) => ({ deliveryId, view: { ...row, at: at.toISOString() } }))
  return new Map([...Map.groupBy(views, (one) => one.deliveryId)].map(([id, list]) => [id, list.map(({ view }) => view)]))
}
