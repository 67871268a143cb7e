// One channel as another's fallback: the plan holds the standby's post, approved with everything else; here it becomes a delivery.
import type { Transaction } from 'kysely'
import { insertDeliveries } from './deliveries.ts'
import { newestPlan } from './plans.ts'
import type { Database } from './tables.ts'

/** Lets the standby channel take over for a channel that gave up or was suspended; false when the plan names none, or it already has. */
export const takeOver = async (
  trx: Transaction<Database>,
  from: { readonly announcementId: string; readonly channel: string },
): Promise<boolean> => {
  const plan = await newestPlan(trx, from.announcementId)
  const standby = plan?.content.decisions.find((one) => one.standbyFor === from.channel && one.because === 'standby' && one.post !== null)
  if (!plan || !standby) return false
  const already = await trx
    .selectFrom('delivery')
    .select('id')
    .where('announcementId', '=', from.announcementId)
    .where('channel', '=', standby.channel)
    .where('standbyFor', '=', from.channel)
    .where('revision', '=', plan.revision)
    .executeTakeFirst()
  if (already) return false
  const { announcement } = plan.content
  await insertDeliveries(
    trx,
    {
      announcementId: from.announcementId,
      revision: plan.revision,
      city: announcement.city,
      expires: announcement.expires,
      follows: announcement.references,
      suspended: new Map(),
    },
    [{ ...standby, verdict: 'send', action: standby.action ?? 'publish' }],
  )
  return true
}
