// With which secret key the rows of this store are guarded, and how rows of the version before, which wrote no MAC, come by theirs.
import { type Kysely, sql } from 'kysely'
import { Refusal } from '../announcement/refusal.ts'
import type { Plan } from '../planning/plan.ts'
import { type DeliveryFacts, type KeyFacts, type Proof, type ReceiptFacts, timeOf } from './proof.ts'
import type { Database } from './tables.ts'

/** How long a process of the version before may work beside this one: a rolling start takes minutes. */
export const rollingMinutes = 60

/**
 * Gives what the version before has left its MACs: in the migration's own transaction, so that it happens once. What happens to the rows
 * afterwards shows.
 * @param minutes how long processes of the version before may go on
 */
export const guardEarlier = async (db: Kysely<Database>, proof: Proof, minutes = rollingMinutes): Promise<void> => {
  await writeMark(db, proof, (await isEmpty(db)) ? 0 : minutes)
  await proveRows(db, proof)
  await proveKeys(db, proof)
}

/**
 * Guards what was taken over on an operator's word, with a new mark: nothing of its own version is believed beside it. Its API keys
 * stay without a MAC, and are useless.
 */
export const guardTaken = async (db: Kysely<Database>, proof: Proof): Promise<void> => {
  await sql`update delivery set mac = null where mac is not null`.execute(db)
  await sql`update receipt set mac = null where mac is not null`.execute(db)
  await sql`update plan set mac = null where mac is not null`.execute(db)
  await sql`update api_key set mac = null where mac is not null`.execute(db)
  await writeMark(db, proof, 0)
  await proveRows(db, proof)
}

/** Refuses with `foreign-secret-key` where the rows are guarded with another key, or have lost their mark. An empty store gets its mark. */
export const demandGuard = (db: Kysely<Database>, proof: Proof): Promise<void> =>
  db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('rundruf.guard'))`.execute(trx)
    const mark = await readMark(trx)
    if (mark === undefined && (await isEmpty(trx))) return writeMark(trx, proof, 0)
    if (mark === undefined || !isOurs(mark, proof)) throw foreignKey()
  })

export interface Earlier {
  /** True while a row without a MAC may be of a process of the version before. */
  isAtWork(): Promise<boolean>
  /** Gives such rows their MACs, as long as that is so. */
  prove(): Promise<void>
}

export const openEarlier = (db: Kysely<Database>, proof: Proof): Earlier => {
  const isAtWork = untilOver(async () => {
    const mark = await readMark(db)
    return mark === undefined || mark.over || !isOurs(mark, proof)
  })
  return {
    isAtWork,
    prove: async () => {
      if (await isAtWork()) await proveRows(db, proof)
    },
  }
}

/** True until `isOver` has said so once. */
export const untilOver = (isOver: () => Promise<boolean>): (() => Promise<boolean>) => {
  let over = false
  return async () => {
    over ||= await isOver()
    return !over
  }
}

/** With which key the rows are guarded. `over`: no process of the version before is at work any more. */
export interface Mark {
  readonly until: Date
  readonly mac: string
  readonly over: boolean
}

export const readMark = async (db: Kysely<Database>): Promise<Mark | undefined> =>
  (await sql<Mark>`select earlier_until as until, mac, earlier_until <= now() as over from guard`.execute(db)).rows[0]

/** True when this secret key guards the rows. */
export const isOurs = ({ until, mac }: Mark, proof: Proof): boolean => proof.holds('guard', { earlierUntil: until.toISOString() }, mac)

const writeMark = async (db: Kysely<Database>, proof: Proof, minutes: number): Promise<void> => {
  const { rows } = await sql<{ until: Date }>`
    select date_trunc('milliseconds', now() + make_interval(mins => ${minutes})) as until`.execute(db)
  const until = (rows[0] as { until: Date }).until
  const mac = proof.of('guard', { earlierUntil: until.toISOString() })
  await sql`insert into guard (id, earlier_until, mac) values (1, ${until}, ${mac})
    on conflict (id) do update set earlier_until = excluded.earlier_until, mac = excluded.mac`.execute(db)
}

const isEmpty = async (db: Kysely<Database>): Promise<boolean> => {
  const { rows } = await sql<{ empty: boolean }>`
    select not exists (select 1 from delivery) and not exists (select 1 from api_key) as empty`.execute(db)
  return rows[0]?.empty === true
}

/** At most so many rows in one statement. */
const atOnce = 2000

/** What may still be sent, and what may still be changed or taken back. Settled deliveries never leave again. */
const proveRows = async (db: Kysely<Database>, proof: Proof): Promise<void> => {
  const plain = db.withoutPlugins()
  await proveAll(plain, 'delivery', async () => {
    const { rows } = await sql<Omit<DeliveryFacts, 'notBefore' | 'expiresAt'> & { notBefore: Date | null; expiresAt: Date | null }>`
      select id, announcement_id as "announcementId", revision, city, channel, platform, action, target, post, not_before as "notBefore",
        expires_at as "expiresAt"
      from delivery where mac is null and state not in ('delivered', 'given-up', 'expired', 'superseded') limit ${atOnce}`.execute(plain)
    return rows.map((row) => [row.id, proof.of('delivery', { ...row, notBefore: timeOf(row.notBefore), expiresAt: timeOf(row.expiresAt) })])
  })
  await proveAll(plain, 'receipt', async () => {
    const { rows } = await sql<Omit<ReceiptFacts, 'at'> & { at: Date }>`
      select delivery_id as "deliveryId", id, url, at, detail from receipt where mac is null limit ${atOnce}`.execute(plain)
    return rows.map((row) => [row.deliveryId, proof.of('receipt', { ...row, at: row.at.toISOString() })])
  })
  await proveAll(plain, 'plan', async () => {
    const { rows } = await sql<{ id: string; announcementId: string; revision: number; content: Plan }>`
      select id, announcement_id as "announcementId", revision, content from plan p where mac is null and exists (
        select 1 from delivery d where d.announcement_id = p.announcement_id and d.state not in ('delivered', 'given-up', 'expired', 'superseded'))
      limit ${atOnce}`.execute(plain)
    return rows.map((row) => [row.id, proof.of('plan', row)])
  })
}

const proveKeys = (db: Kysely<Database>, proof: Proof): Promise<void> =>
  proveAll(db.withoutPlugins(), 'api_key', async () => {
    const { rows } = await sql<Omit<KeyFacts, 'expiresAt'> & { expiresAt: Date | null }>`
      select id, name, hash, role, cities, person, expires_at as "expiresAt" from api_key where mac is null and revoked_at is null
      limit ${atOnce}`.execute(db.withoutPlugins())
    return rows.map((row) => [row.id, proof.of('key', { ...row, expiresAt: timeOf(row.expiresAt) })])
  })

type Pair = readonly [id: string, mac: string]

/** Until `next` finds none without a MAC. */
const proveAll = async (
  db: Kysely<Database>,
  table: 'delivery' | 'receipt' | 'plan' | 'api_key',
  next: () => Promise<readonly Pair[]>,
): Promise<void> => {
  const id = sql.ref(table === 'receipt' ? 'delivery_id' : 'id')
  for (let pairs = await next(); pairs.length > 0; pairs = await next())
    await sql`update ${sql.table(table)} t set mac = p.mac
      from unnest(${pairs.map(([one]) => one)}::uuid[], ${pairs.map(([, mac]) => mac)}::text[]) as p (of, mac)
      where t.${id} = p.of and t.mac is null`.execute(db)
}

export const foreignKey = (): Refusal =>
  new Refusal({
    code: 'foreign-secret-key',
    de:
      'Dieser Speicher wurde mit einem anderen geheimen Schlüssel gesichert, als er hier liegt. Bitte geben Sie allen Prozessen dieselbe Datei ' +
      '(RUNDRUF_SECRET_KEY_FILE); ist sie verloren, hilft `rundruf restore --done-elsewhere --unsigned`.',
    en: 'The rows of this store are guarded with another secret key than the one here. All processes need the same RUNDRUF_SECRET_KEY_FILE.',
    place: 'RUNDRUF_SECRET_KEY_FILE',
  })
