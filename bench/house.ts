// Rundruf as the bench runs it: this process releases and relays as `rundruf serve` does, a process of its own works as `rundruf work`.

import { join } from 'node:path'
import { loadCities } from '../config/cities.ts'
import { connectors } from '../connectors/index.ts'
import { theHouse } from '../src/access/actor.ts'
import { sealKey } from '../src/access/seal.ts'
import type { Announcement } from '../src/announcement/announcement.ts'
import type { Desk } from '../src/commands/desk.ts'
import { draft } from '../src/commands/draft.ts'
import { preview } from '../src/commands/preview.ts'
import { release } from '../src/commands/release.ts'
import { openDatabase } from '../src/store/database.ts'
import { openLedger } from '../src/store/ledger.ts'
import { listen } from '../src/store/listen.ts'
import { migrate } from '../src/store/migrate.ts'
import { outboxChannel } from '../src/store/outbox.ts'
import { proofWith } from '../src/store/proof.ts'
import { openQueues } from '../workers/queue.ts'
import { startRelay } from '../workers/relay.ts'
import { startChild } from './child.ts'
import { writeCity } from './city.ts'
import type { Ground } from './ground.ts'

export interface House extends AsyncDisposable {
  /** Stores announcements; the ids, in order. */
  draft(inputs: readonly object[]): Promise<readonly string[]>
  /** Releases them, a few at a time. */
  release(ids: readonly string[]): Promise<void>
  /** How the announcement reads on the first news channel. */
  textOf(input: object): Promise<string>
  /** Everyday deliveries on that platform which no worker has begun. */
  waiting(platform: string): Promise<number>
  /** Throws when a delivery of these was not delivered by its first attempt: nothing is counted that was not done. */
  demandDelivered(ids: readonly string[]): Promise<void>
  startWorker(profile: string | null): Promise<HouseWorker>
}

export interface HouseWorker extends AsyncDisposable {
  /** Resolves when that many more receipts have been written. */
  receipts(many: number): Promise<void>
  /** Resident memory after garbage collection, in MB (a million bytes). */
  memoryMb(): Promise<number>
}

/** A press office that is in a hurry: announcements released at the same time. */
const atOnce = 4

export const openHouse = async (ground: Ground): Promise<House> => {
  const cities = writeCity(ground.folder)
  const db = openDatabase({ url: ground.databaseUrl })
  const proof = proofWith(sealKey(join(ground.folder, 'secret.key')))
  await migrate(db, proof)
  const { cities: loaded, digests } = loadCities(cities, connectors, { tolerant: false })
  const queues = openQueues({ kind: 'redis-socket', path: ground.redisPath }, [...connectors.keys()], () => {})
  const relay = startRelay({
    ledger: openLedger(db, proof),
    queues,
    listen: (heard) => listen(ground.databaseUrl, outboxChannel, heard),
    onError: (error) => process.emitWarning(error instanceof Error ? error : new Error(String(error))),
  })
  const drafted = new Map<string, Announcement>()
  const desk: Desk = { db, cities: loaded, policyDigests: digests, connectors, proof }
  return {
    draft: (inputs) =>
      each(inputs, async (input) => {
        const { id, announcement } = await draft(desk, theHouse, input)
        drafted.set(id, announcement)
        return id
      }),
    release: async (ids) => void (await each(ids, (id) => release(desk, theHouse, id, { sent: drafted.get(id) as Announcement }))),
    textOf: async (input) => (await preview(desk, theHouse, input)).decisions.find(({ post }) => post !== null)?.post?.text ?? '',
    waiting: (platform) => waiting(desk, platform),
    demandDelivered: (ids) => demandDelivered(desk, ids),
    startWorker: async (profile) => {
      const child = await startChild('house-worker.ts', environment(ground, cities), profile)
      return {
        receipts: async (many) => void (await child.ask({ receipts: many })),
        memoryMb: async () => (await child.ask<{ readonly rss: number }>({ memory: true })).rss / 1e6,
        [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
      }
    },
    [Symbol.asyncDispose]: async () => {
      await relay.close()
      await queues.close()
      await db.destroy()
    },
  }
}

const environment = ({ folder, databaseUrl, redisPath, lab }: Ground, cities: string) => ({
  RUNDRUF_MODE: 'rehearsal',
  RUNDRUF_DATA: folder,
  RUNDRUF_CITIES: cities,
  RUNDRUF_LAB_PORT: String(lab.port),
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisPath,
})

/** Does it for each, a few at a time, in order of beginning. */
const each = async <In, Out>(all: readonly In[], act: (one: In) => Promise<Out>): Promise<readonly Out[]> => {
  const results: Out[] = []
  const entries = all.entries()
  const lane = async (): Promise<void> => {
    for (const [at, one] of entries) results[at] = await act(one)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return results
}

const waiting = async ({ db }: Desk, platform: string): Promise<number> => {
  const row = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('settledAt', 'is', null)
    .where('state', '=', 'queued')
    .where('platform', '=', platform)
    .where('way', '=', 'routine')
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

const demandDelivered = async ({ db }: Desk, ids: readonly string[]): Promise<void> => {
  const wrong = await db
    .selectFrom('delivery')
    .select(['id', 'state', 'reason', 'attempts'])
    .where('announcementId', 'in', [...ids])
    .where(({ or, eb }) => or([eb('state', '!=', 'delivered'), eb('attempts', '!=', 1)]))
    .limit(1)
    .executeTakeFirst()
  if (wrong) throw new Error(`a delivery was not simply delivered: ${JSON.stringify(wrong)}`)
}
