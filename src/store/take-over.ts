// One channel as another's fallback: the plan holds the standby's post, approved with everything else; here it becomes a delivery.
import { sql, type Transaction } from 'kysely'
import { insertDeliveries } from './deliveries.ts'
import { openEarlier } from './guard.ts'
import { isEnded } from './order.ts'
import { newestPlan } from './plans.ts'
import type { Proof } from './proof.ts'
import type { Database } from './tables.ts'

/**
 * Lets the standby channel take over for a channel that gave up or was suspended, not before that channel's own hour. False when the plan
 * names none, it already has, or the announcement has been taken back or ended meanwhile. From a plan that is not as it was released
 * comes a delivery that is held at its claim.
 */
export const takeOver = async (
  trx: Transaction<Database>,
  from: { readonly announcementId: string; readonly channel: string },
  proof: Proof,
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
  if (already || (await isEnded(trx, from.announcementId))) return false
  const notBefore = await hourOf(trx, from, plan.revision)
  const { announcement } = plan.content
  const { id, revision, content, mac } = plan
  const genuine =
    (mac === null && (await openEarlier(trx, proof).isAtWork())) ||
    proof.holds('plan', { id, announcementId: from.announcementId, revision, content }, mac)
  await insertDeliveries(
    trx,
    {
      announcementId: from.announcementId,
      revision: plan.revision,
      city: announcement.city,
      expires: announcement.expires,
      follows: announcement.references,
      suspended: new Map(),
      proof: genuine ? proof : null,
    },
    [{ ...standby, verdict: 'send', action: standby.action ?? 'publish', notBefore }],
  )
  return true
}

/** Until when the channel would have waited with it: an embargo, quiet hours. */
const hourOf = async (
  trx: Transaction<Database>,
  { announcementId, channel }: { readonly announcementId: string; readonly channel: string },
  revision: number,
): Promise<string | null> => {
  const { hour } = await trx
    .selectFrom('delivery')
    .select(sql<Date | null>`max(not_before)`.as('hour'))
    .where('announcementId', '=', announcementId)
    .where('channel', '=', channel)
    .where('revision', '=', revision)
    .executeTakeFirstOrThrow()
  return hour?.toISOString() ?? null
}
