// The letters of a mailing: who gets it is fixed once, each row is taken by one process alone, and what was taken is never taken again.
import { type Kysely, sql } from 'kysely'
import type { MailingStand, Outcome } from '../connector/mailing.ts'
import { onSuspendedChannel, overtaken } from './order.ts'
import type { Database } from './tables.ts'

export interface MailingOf {
  readonly city: string
  readonly channel: string
  /** The delivery's id. */
  readonly key: string
}

/** A recipient as the store knows one; the addresses of links are made elsewhere. */
export interface TakenRow {
  readonly id: string
  readonly address: string
  readonly messageId: string
  readonly earlier: readonly string[]
  readonly tries: number
}

/**
 * Writes down who gets it, unless that is fixed already: all who have confirmed. What is still in somebody's hands was an earlier
 * attempt's, and nobody knows what became of it.
 */
export const beginMailing = (db: Kysely<Database>, { city, channel, key }: MailingOf, host: string): Promise<void> =>
  db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`mailing ${key}`}, 0))`.execute(trx)
    await sql`
      insert into mailing (delivery_id, subscriber_id, message_id, state)
      select ${key}::uuid, s.id, '<' || ${key}::text || '.' || s.id || '@' || ${host}::text || '>', 'open'
      from subscriber s
      where s.city = ${city} and s.channel = ${channel} and s.state = 'confirmed'
        and not exists (select 1 from mailing m where m.delivery_id = ${key})`.execute(trx)
    await trx
      .updateTable('mailing')
      .set({ state: 'unclear', at: sql<Date>`now()`, detail: 'Der Versuch brach ab.' })
      .where('deliveryId', '=', key)
      .where('state', '=', 'taken')
      .execute()
  })

/** Takes the next one whose turn it is and who has not left meanwhile; nobody where something newer has made the letter pointless. */
export const takeRecipient = async (db: Kysely<Database>, key: string, thread: readonly string[]): Promise<TakenRow | undefined> => {
  const { rows } = await sql<TakenRow>`
    update mailing m set state = 'taken', tries = m.tries + 1, at = now()
    from subscriber s
    where m.delivery_id = ${key} and m.state = 'open' and s.id = m.subscriber_id and ${stopOf(key)} is null
      and m.subscriber_id = (
        select o.subscriber_id from mailing o join subscriber p on p.id = o.subscriber_id and p.state = 'confirmed'
        where o.delivery_id = ${key} and o.state = 'open' and o.due_at <= now()
        order by o.due_at, o.subscriber_id limit 1 for update of o skip locked)
    returning s.id, s.address, m.message_id, m.tries, array(
      select e.message_id from mailing e
      where e.subscriber_id = s.id and e.delivery_id = any(${thread}::uuid[]) and e.state in ('taken', 'sent', 'unclear')
      order by e.at) as earlier`.execute(db)
  return rows[0]
}

/** What became of a letter. One that was thought unclear may still turn out to be sent. */
export const markRecipient = async (db: Kysely<Database>, key: string, recipient: string, outcome: Outcome): Promise<void> => {
  const later = outcome.state === 'open' ? { dueAt: sql<Date>`now() + make_interval(secs => ${outcome.afterMs / 1000})` } : {}
  await db
    .updateTable('mailing')
    .set({ state: outcome.state, at: sql<Date>`now()`, detail: 'words' in outcome ? outcome.words.slice(0, 300) : null, ...later })
    .where('deliveryId', '=', key)
    .where('subscriberId', '=', recipient)
    .where('state', 'in', ['taken', 'unclear'])
    .execute()
}

/** Whoever left before the letter did is not counted. */
export const mailingStand = async (db: Kysely<Database>, key: string): Promise<MailingStand> => {
  const { rows } = await sql<MailingStand>`
    select count(*) filter (where m.state = 'sent')::int as sent,
      count(*) filter (where m.state = 'refused')::int as refused,
      count(*) filter (where m.state = 'unclear')::int as unclear,
      count(*) filter (where m.state = 'taken')::int as taken,
      count(*) filter (where m.state = 'open' and s.state = 'confirmed')::int as open,
      coalesce(greatest(extract(epoch from min(m.due_at) filter (where m.state = 'open' and s.state = 'confirmed') - now()) * 1000, 0), 0)::float8
        as wait_ms,
      ${stopOf(key)} as stopped
    from mailing m join subscriber s on s.id = m.subscriber_id
    where m.delivery_id = ${key}`.execute(db)
  return rows[0] as MailingStand
}

/** Why nobody may be taken any more; null: they may. */
const stopOf = (key: string) => sql<MailingStand['stopped']>`(
  select case when ${overtaken} then 'overtaken' when d.expires_at <= now() then 'expired' when ${onSuspendedChannel} then 'suspended' end
  from delivery d where d.id = ${key})`
