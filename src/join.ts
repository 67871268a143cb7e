// Joins the rooms: the one file that knows them all. Opens the stores, starts the chosen roles, and stops them in the reverse order.
import { mkdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { destination } from 'pino'
import { loadCities } from '../config/cities.ts'
import type { Config } from '../config/config.ts'
import { channelSettings } from '../config/secrets.ts'
import { connectors as shipped } from '../connectors/index.ts'
import { openStores, type Stores } from '../embedded/stores.ts'
import { type LabSettings, startLab } from '../lab/lab.ts'
import { openClients } from '../workers/clients.ts'
import { openPace } from '../workers/pace.ts'
import { openQueues, type Queues } from '../workers/queue.ts'
import { checkRedis } from '../workers/redis-check.ts'
import { startRelay } from '../workers/relay.ts'
import { startWorkers, type WorkerParts } from '../workers/start.ts'
import { ensureFirstKey } from './access/first-key.ts'
import { type Problem, Refusal } from './announcement/refusal.ts'
import type { Roles } from './cli/surroundings.ts'
import type { Desk } from './commands/desk.ts'
import type { AnyConnector, Connectors } from './connector/connector.ts'
import { buildApp } from './http/app.ts'
import { newsroomDesk } from './newsroom/desk.ts'
import { newsroomPages } from './newsroom/routes.ts'
import { type Events, makeEvents } from './observing/events.ts'
import { type Logger, makeLog } from './observing/log.ts'
import { type Metrics, makeMetrics } from './observing/metrics.ts'
import type { City } from './policy/policy.ts'
import { databaseNow } from './store/announcements.ts'
import { channelSituation } from './store/channels.ts'
import { openDatabase } from './store/database.ts'
import { openLedger } from './store/ledger.ts'
import { listen } from './store/listen.ts'
import { migrate } from './store/migrate.ts'
import { outboxChannel } from './store/outbox.ts'
import { standingByLane } from './store/standing.ts'

export interface Running {
  readonly url: string
  readonly labUrl: string | null
  readonly keyFile: string
  /** True where no Redis could be had and the jobs lie in PostgreSQL. */
  readonly withoutRedis: boolean
  readonly out: readonly { readonly file: string; readonly problems: readonly Problem[] }[]
  /** Stops everything this call started, and only that; running deliveries get `graceMs` to finish. */
  stop(graceMs?: number): Promise<void>
}

/** What tests exchange; the product hands in nothing. */
export interface Exchange {
  /** Stands between the workers and what they are given. */
  around?(parts: WorkerParts): WorkerParts
  /** Instead of the shipped connectors. */
  readonly connectors?: Connectors
  /** Other limits of the lab than the platforms' own. */
  readonly lab?: LabSettings
}

/** Starts the roles. Throws a Refusal for a wrong environment, a wrong city file or a Redis that may forget; nothing runs then. */
export const open = async (config: Config, { roles, only }: Roles, exchange: Exchange = {}): Promise<Running> => {
  const connectors = exchange.connectors ?? shipped
  await using opening = new AsyncDisposableStack()
  mkdirSync(config.data, { recursive: true, mode: 0o700 })
  const cities = loadCities(config.cities, connectors, { tolerant: config.tolerant })
  const stores = await openStores(config)
  opening.defer(() => stores.stop())
  const ground = await lay(opening, config, stores, { connectors, working: mine(connectors, only) })
  const lab =
    config.mode === 'rehearsal' && roles !== 'work'
      ? await onPort('RUNDRUF_LAB_PORT', config.labPort, () => startLab({ port: config.labPort, settings: exchange.lab ?? {} }))
      : null
  if (lab) opening.defer(() => lab.stop())
  const house = furnish({ ...ground, config: lab ? { ...config, labPort: lab.port } : config, cities })
  opening.defer(() => house.clients.close())
  const keyFile = join(config.data, 'api-key')
  await ensureFirstKey(house.desk, keyFile)
  let graceMs = 30_000
  if (roles !== 'serve') {
    const workers = startWorkers(exchange.around?.(house.workers) ?? house.workers)
    opening.defer(() => workers.stop(graceMs))
  } else {
    // workers that are busy sending have no time for a new warning: who released it hands it over at once
    const relay = startRelay({ ...house.workers, onError: (error) => house.events.unexpected({ err: error, where: 'relay' }) })
    opening.defer(() => relay.close())
  }
  const url = roles === 'work' ? '' : await serve(opening, house)
  const labUrl = lab?.url ?? null
  if (roles !== 'work') await leaveWord(opening, config, { pid: process.pid, url, lab: labUrl, keyFile })
  const running = opening.move()
  return {
    url,
    labUrl,
    keyFile,
    withoutRedis: stores.queue.kind === 'postgres',
    out: cities.out,
    stop: async (grace = graceMs) => {
      graceMs = grace
      await running.disposeAsync()
    },
  }
}

/** The connectors of the platforms that this process works for. */
const mine = (connectors: Connectors, only: readonly string[] | null): Connectors => {
  const unknown = only?.find((platform) => !connectors.has(platform))
  if (unknown !== undefined)
    throw new Refusal({
      code: 'unknown-platform',
      de: `Für die Plattform „${unknown}“ gibt es keine Anbindung. Es gibt: ${[...connectors.keys()].join(', ')}.`,
      en: `There is no connector for “${unknown}”.`,
      place: '--only',
    })
  return only === null ? connectors : new Map([...connectors].filter(([platform]) => only.includes(platform)))
}

interface Platforms {
  /** Of the whole installation. */
  readonly connectors: Connectors
  /** Those that this process works for. */
  readonly working: Connectors
}

/** What everything stands on: log, metrics, store, queue. */
const lay = async (opening: AsyncDisposableStack, config: Config, stores: Stores, platforms: Platforms) => {
  const log = logOf(config)
  const metrics = makeMetrics()
  const events = makeEvents(log, metrics)
  const db = openDatabase({ url: stores.databaseUrl, max: 20, onError: (error) => events.storeAway({ error: error.message }) })
  opening.defer(() => db.destroy())
  await migrate(db)
  const warning = await checkRedis(stores.queue)
  if (warning !== null) log.warn({ warning }, 'redis settings unknown')
  const queues = openQueues(stores.queue, [...platforms.connectors.keys()], (error) => log.debug({ err: error }, 'queue connection broke'))
  opening.defer(() => queues.close())
  return { log, metrics, events, db, queues, stores, ...platforms }
}

/** A rehearsal's lines go to a file, so that its terminal stays readable; a live service's to standard output. */
const logOf = (config: Config): Logger =>
  makeLog({
    level: config.logLevel,
    ...(config.mode === 'rehearsal'
      ? { destination: destination({ dest: join(config.data, 'rundruf.log'), sync: false, minLength: 4096, periodicFlush: 200 }) }
      : {}),
  })

interface Ground extends Platforms {
  readonly config: Config
  readonly cities: { readonly cities: ReadonlyMap<string, City>; readonly digests: ReadonlyMap<string, string> }
  readonly log: Logger
  readonly metrics: Metrics
  readonly events: Events
  readonly db: Desk['db']
  readonly queues: Queues
  readonly stores: Stores
}

/** Joins the rooms on that ground. */
const furnish = (ground: Ground) => {
  const { config, cities, log, db, queues, connectors } = ground
  const desk: Desk = { db, cities: cities.cities, policyDigests: cities.digests, connectors }
  const ledger = openLedger(db)
  const newsroom = newsroomDesk(db, config.publicUrl)
  const channelOf = (city: string, channel: string) => {
    const policy = cities.cities.get(city)
    const found = policy?.channels.find(({ name }) => name === channel)
    if (!policy || !found) throw new Error(`there is no channel ${channel} of ${city} any more`)
    return { policy, found }
  }
  const clientParts = {
    connectors,
    settingsOf: (city: string, channel: string, connector: AnyConnector) => {
      const { policy, found } = channelOf(city, channel)
      return channelSettings(config, policy, found, connector)
    },
    toolsFor: (city: string, channel: string) => ({ city, media: ledger.media, log: log.child({ city, channel }), newsroom }),
  }
  const workers: WorkerParts = {
    ...clientParts,
    ledger,
    queues,
    connectors: ground.working,
    pace: openPace(queues.redis),
    events: ground.events,
    log,
    listen: (heard) => listen(ground.stores.databaseUrl, outboxChannel, heard),
    paceOf: (city, channel, connector) => channelOf(city, channel).found.pace ?? connector.limits.pace,
  }
  return { ...ground, desk, workers, clients: openClients(clientParts) }
}

type Furnished = ReturnType<typeof furnish>

/** Opens the doors: API, operators' window, newsroom. Returns the address. */
const serve = async (opening: AsyncDisposableStack, house: Furnished): Promise<string> => {
  const { config, db, desk, clients } = house
  const app = await buildApp({
    ...house,
    publicUrl: config.publicUrl,
    wake: () => {},
    pulse: { ready: () => pulseOf(house), standing: () => standingByLane(db) },
    operations: { queues: () => house.queues.forBoard() },
    askChannel: async (city, channel, signal) => {
      const { platform = '' } = desk.cities.get(city)?.channels.find(({ name }) => name === channel) ?? {}
      const connector = desk.connectors.get(platform) as AnyConnector
      return connector.check(await clients.of({ city, channel, platform }), signal)
    },
    plugins: [
      newsroomPages({
        db,
        cities: desk.cities,
        publicUrl: config.publicUrl,
        dataDir: config.data,
        suspended: async (city) => (await channelSituation(db, city)).suspended,
      }),
    ],
  })
  opening.defer(() => app.close())
  return onPort('RUNDRUF_PORT', config.port, () => app.listen({ host: config.host, port: config.port }))
}

/** A port that somebody else has is no bug but a sentence. */
const onPort = async <T>(variable: string, port: number, listening: () => Promise<T>): Promise<T> => {
  try {
    return await listening()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Refusal({
      code: 'port-in-use',
      de: `Der Anschluss ${port} ist belegt; läuft Rundruf schon? Einen anderen nennt man mit ${variable}.`,
      en: `Port ${port} is in use; does Rundruf run already? Choose another with ${variable}.`,
      place: variable,
    })
  }
}

const pulseOf = async ({ db, queues }: Furnished): Promise<{ database: boolean; queue: boolean }> => {
  const answers = async (question: Promise<unknown>): Promise<boolean> =>
    Promise.race([
      question.then(
        () => true,
        () => false,
      ),
      pause(2000).then(() => false),
    ])
  const [database, queue] = await Promise.all([answers(databaseNow(db)), answers(queues.mark())])
  return { database, queue }
}

/** Tells the command line where this Rundruf answers, as long as it does. */
const leaveWord = async (opening: AsyncDisposableStack, config: Config, word: object): Promise<void> => {
  const file = join(config.data, 'run.json')
  await writeFile(file, `${JSON.stringify(word, null, 2)}\n`, { mode: 0o600 })
  opening.defer(() => rm(file, { force: true }))
}
