// A house in one process whose time, queue, platforms and deaths a test moves by hand: the real commands, ledger, workers and sweep on a real store.
import { performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { channelsIn, measuresOf } from '../../src/channel-measures.ts'
import type { Actor, Desk } from '../../src/commands/desk.ts'
import type { AnyConnector, Connectors, Post } from '../../src/connector/connector.ts'
import { makeEvents } from '../../src/observing/events.ts'
import { makeLog } from '../../src/observing/log.ts'
import { makeMetrics } from '../../src/observing/metrics.ts'
import type { Channel } from '../../src/policy/policy.ts'
import { databaseNow } from '../../src/store/announcements.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openLedger } from '../../src/store/ledger.ts'
import type { Handover } from '../../src/store/outbox.ts'
import { openClients } from '../../workers/clients.ts'
import { makeDeliver } from '../../workers/deliver.ts'
import { openPrecedence } from '../../workers/precedence.ts'
import type { Queues } from '../../workers/queue.ts'
import { startSweep } from '../../workers/sweep.ts'
import { aChannel, aCity, aRule } from '../support/builders.ts'
import { aDatabase } from '../support/database.ts'
import { testProof } from '../support/proof.ts'
import { type Death, type Meanwhile, mortal } from './mortal.ts'
import { openWitness, type Witness } from './witness.ts'

export interface ModelHouse extends AsyncDisposable {
  readonly desk: Desk
  /** Time passes: for the store, which alone decides what is due. Milliseconds. */
  pass(ms: number): Promise<void>
  /** Milliseconds since 1970, by the store. */
  now(): number
  /** The relay, the workers and the sweep each do what there is to do; the worker dies where it is told, and something happens meanwhile. */
  work(death: Death | null, meanwhile?: Meanwhile | null): Promise<void>
  /** The queue forgets everything. */
  flush(): void
  /** What was sent although it had run out. */
  readonly tooLate: readonly string[]
  readonly witness: Witness
  /** Deliveries that are not settled. */
  open(): Promise<readonly { readonly id: string; readonly state: string }[]>
}

export const author: Actor = { id: 'author', name: 'Autorin', role: 'admin', cities: '*', person: 'autorin' }
export const approver: Actor = { id: 'approver', name: 'Freigeber', role: 'admin', cities: '*', person: 'freigeber' }

/** Bonn releases at once, Mainz only what a second person has approved. `over`: what their channels say beside name and platform. */
export const openModelHouse = async (platforms: Connectors, over: Partial<Channel> = {}): Promise<ModelHouse> => {
  const store = await aDatabase()
  await ownClock(store.db)
  let ahead = 0
  const now = (): number => performance.timeOrigin + performance.now() + ahead
  let began = ''
  const tooLate: string[] = []
  const witness = openWitness()
  const connectors = new Map(
    [...platforms].map(([name, connector]) => [
      name,
      witness.connector(watched(connector, (post) => isLate(post, began) && tooLate.push(post.text))),
    ]),
  )
  const db = openDatabase({ url: store.url, max: 8 })
  const channels = [...connectors.keys()].map((platform) => aChannel({ name: platform, platform, ...over }))
  const cities = [
    aCity({ key: 'bonn', channels }),
    aCity({ key: 'mainz', city: 'Mainz', channels, rules: [aRule({ hold: ['approval'] })] }),
  ]
  const desk: Desk = {
    db,
    connectors,
    proof: testProof,
    cities: new Map(cities.map((city) => [city.key, city])),
    policyDigests: new Map(cities.map((city) => [city.key, city.key.padEnd(64, '0')])),
  }
  const measures = measuresOf(channelsIn(desk.cities))
  const ledger = witness.ledger(openLedger(db, testProof))
  const queue = openQueue()
  const log = makeLog({ level: 'silent' })
  const events = makeEvents(log, makeMetrics({ withProcess: false }))
  const onError = (error: unknown): void => {
    throw error
  }
  const live = async (death: Death | null, meanwhile: Meanwhile | null): Promise<void> => {
    const life = mortal({ ledger, connectors }, death, meanwhile)
    const clients = openClients({ connectors: life.connectors, settingsOf: () => ({}), toolsFor: () => ({}) as never })
    const leases = { hold: () => ({ good: () => true, release: () => {} }), close: async () => {} }
    const deliver = makeDeliver({
      ...{ ledger: life.ledger, connectors: life.connectors, clients, leases, events, log, precedence: openPrecedence() },
      ...{ pace: { take: async () => 0, giveBack: async () => {} }, paceOf: () => null, dailyOf: measures.dailyOf, isByHand: () => false },
    })
    const jobs = queue.takeAll()
    const stop = new AbortController().signal
    const working = jobs.map(async (job) => {
      await deliver(job, stop)
      queue.done(job)
    })
    await Promise.race([Promise.all(working), life.died])
    // what a dead worker had in its hands is given to the next one
    queue.giveBack()
  }
  return {
    desk,
    now,
    tooLate,
    witness,
    pass: async (ms) => {
      ahead += ms
      await sql`update clock set ahead = make_interval(secs => ${ahead / 1000})`.execute(db)
    },
    work: async (death, meanwhile = null) => {
      began = await databaseNow(db)
      for (const way of ['urgent', 'routine'] as const) await ledger.takeDue(way, 1000, async (rows) => queue.add(rows))
      await live(death, meanwhile)
      await startSweep({ ledger, connectors, events, queues: queue.asQueues, onError }).close()
    },
    flush: () => queue.forget(),
    open: () =>
      db
        .selectFrom('delivery')
        .select(['id', 'state', 'platform', 'reason'])
        .where('state', 'not in', ['delivered', 'given-up', 'expired', 'superseded'])
        .execute(),
    [Symbol.asyncDispose]: async () => {
      await db.destroy()
      await store[Symbol.asyncDispose]()
    },
  }
}

/** Had run out before the worker began: by the time of the store, and however slow the machine is. */
const isLate = ({ expires }: Post, began: string): boolean => expires !== null && Date.parse(expires) < Date.parse(began)

const watched = (connector: AnyConnector, see: (post: Post) => unknown): AnyConnector => {
  const { publish, update, reply } = connector
  return {
    ...connector,
    publish: (client, post, attempt) => {
      see(post)
      return publish(client, post, attempt)
    },
    ...(update && {
      update: (client, receipt, post, attempt) => {
        see(post)
        return update(client, receipt, post, attempt)
      },
    }),
    ...(reply && {
      reply: (client, receipt, post, attempt) => {
        see(post)
        return reply(client, receipt, post, attempt)
      },
    }),
  }
}

/** `now()` of this database becomes one that can be moved; what PostgreSQL itself calls is left alone. */
const ownClock = async (db: Desk['db']): Promise<void> => {
  await sql`create table clock (ahead interval not null)`.execute(db)
  await sql`insert into clock values (interval '0')`.execute(db)
  await sql`create function public.now() returns timestamptz language sql stable as
    'select pg_catalog.now() + ahead from public.clock'`.execute(db)
  await sql
    .raw(`do $$ begin execute format('alter database %I set search_path = public, pg_catalog', current_database()); end $$`)
    .execute(db)
}

type Job = Pick<Handover, 'deliveryId' | 'turn' | 'platform' | 'way'>

/** A queue in memory, with the promises of the real one: one job for each delivery and turn, and it may forget them all. */
const openQueue = () => {
  const waiting = new Map<string, Job>()
  const active = new Map<string, Job>()
  let mark: string | null = null
  const idOf = (job: Job): string => `${job.deliveryId}-${job.turn}`
  const asQueues: Pick<Queues, 'missing' | 'mark' | 'setMark' | 'canForget'> = {
    canForget: true,
    missing: async (rows) => rows.filter(({ id, turn }) => !waiting.has(`${id}-${turn}`)).map(({ id }) => id),
    mark: async () => mark,
    setMark: async (to) => {
      mark = to
    },
  }
  return {
    asQueues: asQueues as Queues,
    add: (jobs: readonly Job[]) => {
      for (const { deliveryId, turn, platform, way } of jobs) waiting.set(`${deliveryId}-${turn}`, { deliveryId, turn, platform, way })
    },
    takeAll: (): readonly Job[] => {
      for (const [id, job] of waiting) active.set(id, job)
      waiting.clear()
      return [...active.values()]
    },
    done: (job: Job) => active.delete(idOf(job)),
    giveBack: () => {
      for (const [id, job] of active) waiting.set(id, job)
      active.clear()
    },
    forget: () => {
      waiting.clear()
      mark = null
    },
  }
}
