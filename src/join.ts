// Joins the rooms: the one file that knows them all. Opens the stores, starts the chosen roles, and stops them in the reverse order.
import { join } from 'node:path'
import { destination } from 'pino'
import { loadCities } from '../config/cities.ts'
import type { Config } from '../config/config.ts'
import { openingsOf } from '../config/openings.ts'
import { channelSettings } from '../config/secrets.ts'
import { connectors as shipped } from '../connectors/index.ts'
import { ffprobe, findProgram, wanted } from '../embedded/programs.mjs'
import { openStores, type Stores } from '../embedded/stores.ts'
import { type LabSettings, startLab } from '../lab/lab.ts'
import { openClients } from '../workers/clients.ts'
import { openPace } from '../workers/pace.ts'
import { openQueues, type Queues } from '../workers/queue.ts'
import { checkRedis } from '../workers/redis-check.ts'
import { startRelay } from '../workers/relay.ts'
import { startWorkers, type WorkerParts } from '../workers/start.ts'
import { ensureFirstKey } from './access/first-key.ts'
import { sealKey, sealWith } from './access/seal.ts'
import { vaultIn } from './access/vault.ts'
import { type Problem, Refusal } from './announcement/refusal.ts'
import { channelsIn, measuresOf } from './channel-measures.ts'
import type { Roles } from './cli/surroundings.ts'
import type { Desk } from './commands/desk.ts'
import { openLinking } from './commands/link-channel.ts'
import { warmPictures } from './commands/prepare-media.ts'
import type { AnyConnector, Connectors, Tools } from './connector/connector.ts'
import { closeExit } from './connector/exit.ts'
import { openDataDirectory } from './data-directory.ts'
import { buildApp } from './http/app.ts'
import { leaveWord } from './leave-word.ts'
import { newsroomDesk } from './newsroom/desk.ts'
import { openMediaLinks } from './newsroom/media-links.ts'
import { mailingDesk } from './newsroom/newsletter/desk.ts'
import { openLinks } from './newsroom/newsletter/links.ts'
import { newsletterPages } from './newsroom/newsletter/routes.ts'
import { newsroomPages } from './newsroom/routes.ts'
import { type Events, makeEvents } from './observing/events.ts'
import { type Logger, makeLog } from './observing/log.ts'
import { type Metrics, makeMetrics } from './observing/metrics.ts'
import { onPort } from './on-port.ts'
import type { City } from './policy/policy.ts'
import { openPools, type Pools } from './pools.ts'
import { pulseOf } from './pulse.ts'
import { channelSituation } from './store/channels.ts'
import { demandGuard } from './store/guard.ts'
import { openLedger } from './store/ledger.ts'
import { listen } from './store/listen.ts'
import { migrate } from './store/migrate.ts'
import { outboxChannel } from './store/outbox.ts'
import { sendingPause } from './store/pausing.ts'
import { type Proof, proofWith } from './store/proof.ts'
import { safeOf } from './store/safe.ts'
import { standingByLane } from './store/standing.ts'

export interface Running {
  readonly url: string
  readonly labUrl: string | null
  readonly keyFile: string
  /** True where no Redis could be had and the jobs lie in PostgreSQL. */
  readonly withoutRedis: boolean
  /** Where a file lies in which Redis kept its jobs and which it could not read any more; the queue is filled again from the store. */
  readonly setAside: string | null
  /** Why sending rests, one German sentence; null where it does not. */
  readonly resting: string | null
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
  if (config.mode === 'rehearsal') opening.use(closeExit(openingsOf(config)))
  const readable = openDataDirectory(config)
  const cities = loadCities(config.cities, connectors, { tolerant: config.tolerant, places: config })
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
  const resting = (await sendingPause(ground.db))?.because ?? null
  if (stores.setAside !== null)
    ground.log.warn({ file: stores.setAside }, 'redis could not read its file: set aside, the queue is filled again')
  if (readable.length > 0) ground.log.warn({ files: readable }, 'others on this machine can read what only Rundruf should')
  if (resting !== null) ground.log.warn({ because: resting }, 'sending rests until a person resumes it')
  if (roles !== 'work') await leaveWord(opening, config.data, { pid: process.pid, url, lab: lab?.url ?? null, keyFile })
  const running = opening.move()
  return {
    url,
    labUrl: lab?.url ?? null,
    keyFile,
    withoutRedis: stores.queue.kind === 'postgres',
    setAside: stores.setAside,
    resting,
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
  const pools = openPools(opening, { url: stores.databaseUrl, onError: (error) => events.storeAway({ error: error.message }) })
  const key = sealKey(config.secretKeyFile)
  const proof = proofWith(key)
  await migrate(pools.db, proof)
  await demandGuard(pools.db, proof)
  const warning = await checkRedis(stores.queue)
  if (warning !== null) log.warn({ warning }, 'redis settings unknown')
  const queues = openQueues(stores.queue, [...platforms.connectors.keys()], (error) => log.debug({ err: error }, 'queue connection broke'))
  opening.defer(() => queues.close())
  return { log, metrics, events, ...pools, key, proof, queues, stores, ...platforms }
}

/** A rehearsal's lines go to a file, so that its terminal stays readable; a live service's to standard output. */
const logOf = (config: Config): Logger =>
  makeLog({
    level: config.logLevel,
    ...(config.mode === 'rehearsal'
      ? {
          destination: destination({
            dest: join(config.data, 'rundruf.log'),
            mode: 0o600,
            sync: false,
            minLength: 16_000,
            periodicFlush: 200,
          }),
        }
      : {}),
  })

interface Ground extends Platforms, Pools {
  readonly config: Config
  readonly cities: { readonly cities: ReadonlyMap<string, City>; readonly digests: ReadonlyMap<string, string> }
  readonly log: Logger
  readonly metrics: Metrics
  readonly events: Events
  /** The secret key that all processes share, and what it proves. */
  readonly key: Uint8Array
  readonly proof: Proof
  readonly queues: Queues
  readonly stores: Stores
}

/** Joins the rooms on that ground. */
const furnish = (ground: Ground) => {
  const { config, cities, log, db, door, hot, key, proof, queues, connectors } = ground
  const workshop = { folder: join(config.data, 'uploads'), ffprobe: findProgram(ffprobe) ?? null }
  const desk: Desk = { db: door, cities: cities.cities, policyDigests: cities.digests, connectors, proof, workshop }
  const ledger = openLedger(db, proof, hot)
  const newsroom = newsroomDesk(db, config.publicUrl)
  const [seal, links, mediaLinks] = [sealWith(key), openLinks(config.publicUrl, key), openMediaLinks(config.publicUrl, key)]
  const channelOf = channelsIn(cities.cities)
  const pace = openPace(queues.redis)
  const clientParts = {
    connectors,
    settingsOf: (city: string, channel: string, connector: AnyConnector) => {
      const { policy, found } = channelOf(city, channel)
      return channelSettings(config, policy, found, connector)
    },
    toolsFor: (city: string, channel: string): Tools => ({
      city,
      website: cities.cities.get(city)?.website ?? null,
      media: ledger.media,
      mediaUrl: (id, to) => (to === 'readers' ? mediaLinks.forReaders(id) : mediaLinks.forPlatform(id)),
      safe: safeOf(db, seal, { city, channel }),
      vault: vaultIn({ folder: join(config.data, 'vaults', city, channel), key, purpose: `${city}/${channel}` }),
      pace: (shared, span) => pace.take(`shared ${shared}`, span),
      chromium: () => findProgram(wanted.chromium),
      log: log.child({ city, channel }),
      newsroom,
      mailing: mailingDesk(db, links, { city, channel }),
    }),
  }
  const workers: WorkerParts = {
    ...clientParts,
    ledger,
    queues,
    connectors: ground.working,
    pace,
    events: ground.events,
    log,
    listen: (heard) => listen(ground.stores.databaseUrl, outboxChannel, heard),
    ...measuresOf(channelOf),
  }
  return { ...ground, desk, workers, links, mediaLinks, clients: openClients(clientParts) }
}

type Furnished = ReturnType<typeof furnish>

/** Opens the doors: API, operators' window, newsroom. Returns the address. */
const serve = async (opening: AsyncDisposableStack, house: Furnished): Promise<string> => {
  const { config, db, readers, desk, clients } = house
  const of = async ({ city, channel }: { city: string; channel: string }) => {
    const { platform = '' } = desk.cities.get(city)?.channels.find(({ name }) => name === channel) ?? {}
    return { connector: desk.connectors.get(platform) as AnyConnector, client: await clients.of({ city, channel, platform }) }
  }
  const linking = openLinking(async (where, wish, signal) => {
    const { connector, client } = await of(where)
    await connector.link?.(client, wish, signal)
  })
  opening.defer(() => linking.close())
  const app = await buildApp({
    ...house,
    linking,
    publicUrl: config.publicUrl,
    trustProxy: config.trustedProxies,
    pulse: { ready: () => pulseOf(house), standing: () => standingByLane(db) },
    operations: { queues: () => house.queues.forBoard() },
    checking: { missing: (rows) => house.queues.missing(rows), client: (channel) => clients.of(channel) },
    askChannel: async (city, channel, signal) => {
      const { connector, client } = await of({ city, channel })
      return connector.check(client, signal)
    },
    plugins: [
      newsroomPages({
        db: readers,
        cities: desk.cities,
        publicUrl: config.publicUrl,
        dataDir: config.data,
        mediaLinks: house.mediaLinks,
        suspended: async (city) => (await channelSituation(readers, city)).suspended,
      }),
      newsletterPages({
        ...house,
        ...desk,
        db: readers,
        publicUrl: config.publicUrl,
        write: async (sender, letter) =>
          desk.connectors.get(sender.platform)?.write?.(await clients.of(sender), letter, AbortSignal.timeout(20_000)),
      }),
    ],
  })
  opening.defer(() => app.close())
  warmPictures(desk)
  return onPort('RUNDRUF_PORT', config.port, () => app.listen({ host: config.host, port: config.port }))
}
