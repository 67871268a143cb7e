// Rundruf as the bench runs it: the releasing side in this process, the workers in one of their own, as in a city's installation.
import { setTimeout as pause } from 'node:timers/promises'
import { loadCities } from '../config/cities.ts'
import { connectors } from '../connectors/index.ts'
import { theHouse } from '../src/access/actor.ts'
import type { Desk } from '../src/commands/desk.ts'
import { draft } from '../src/commands/draft.ts'
import { preview } from '../src/commands/preview.ts'
import { release } from '../src/commands/release.ts'
import type { State } from '../src/delivery/delivery.ts'
import { openDatabase } from '../src/store/database.ts'
import { migrate } from '../src/store/migrate.ts'
import { type Child, startChild } from './child.ts'
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
  /** Waits until nothing is on its way on Mastodon. Throws when a delivery of these was not delivered by its first attempt. */
  settled(ids: readonly string[]): Promise<void>
  startWorker(profile: string | null): Promise<HouseWorker>
}

export interface HouseWorker extends AsyncDisposable {
  /** Resident memory after garbage collection, in MB (a million bytes). */
  memoryMb(): Promise<number>
}

/** A press office that is in a hurry: announcements released at the same time. */
const atOnce = 4

export const openHouse = async (ground: Ground): Promise<House> => {
  const cities = writeCity(ground.folder)
  const db = openDatabase({ url: ground.databaseUrl })
  await migrate(db)
  const { cities: loaded, digests } = loadCities(cities, connectors, { tolerant: false })
  const workers = new Set<Child>()
  const desk: Desk = { db, cities: loaded, policyDigests: digests, connectors }
  return {
    draft: (inputs) => each(inputs, async (input) => (await draft(desk, theHouse, input)).id),
    release: async (ids) => void (await each(ids, (id) => release(desk, theHouse, id))),
    textOf: async (input) => (await preview(desk, theHouse, input)).decisions.find(({ post }) => post !== null)?.post?.text ?? '',
    waiting: (platform) => count(desk, { platform, states: ['queued'] }),
    settled: async (ids) => {
      while ((await count(desk, { platform: 'mastodon', states: onItsWay, most: 1 })) > 0) {
        for (const worker of workers) worker.demandAlive()
        await pause(250)
      }
      await demandDelivered(desk, ids)
    },
    startWorker: async (profile) => {
      const child = await startChild('house-worker.ts', environment(ground, cities), profile)
      workers.add(child)
      return {
        memoryMb: async () => (await child.ask<{ readonly rss: number }>({ memory: true })).rss / 1e6,
        [Symbol.asyncDispose]: async () => {
          workers.delete(child)
          await child[Symbol.asyncDispose]()
        },
      }
    },
    [Symbol.asyncDispose]: () => db.destroy(),
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

const onItsWay: readonly State[] = ['planned', 'queued', 'sending', 'waiting', 'looking', 'held']

interface Which {
  readonly platform: string
  readonly states: readonly State[]
  /** Counts no further. */
  readonly most?: number
}

const count = async ({ db }: Desk, { platform, states, most = 1_000_000 }: Which): Promise<number> => {
  const some = db.selectFrom('delivery').select('id').where('state', 'in', states).where('platform', '=', platform).limit(most)
  const row = await db
    .selectFrom(some.where('way', '=', 'routine').as('some'))
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Nothing is counted that was not done: every delivery delivered, each by its first attempt. */
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
