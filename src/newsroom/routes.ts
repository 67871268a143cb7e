// The addresses of the newsroom. Everything shown is also kept on disk, and shown from there while the store is away.
import { join } from 'node:path'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { callerAddress } from '../access/caller-address.ts'
import { LaneFull } from '../access/lane.ts'
import { type Limiter, openLimiter } from '../access/limiter.ts'
import { isUuid } from '../connector/uuid.ts'
import type { City } from '../policy/policy.ts'
import { answer, type Page } from './answer.ts'
import { type Asking, type NamedAsk, openAsking } from './asking.ts'
import { assets } from './assets.ts'
import { allThemesCss, themeCss } from './colours.ts'
import { fileRoutes } from './file-routes.ts'
import { coloursOfAll, feeds } from './frame.ts'
import { fromCopy, type Outages, outages } from './from-copy.ts'
import { type LastCopies, lastCopies } from './last-copy.ts'
import { publicFiles } from './media.ts'
import type { MediaLinks } from './media-links.ts'
import { away, htmlType, notFound, tooOften } from './no-page.ts'
import { keepFresh } from './refresh.ts'
import { openRooms, type RoomParts, type Rooms } from './rooms.ts'

export interface NewsroomParts extends RoomParts {
  /** Copies go to `newsroom/` below it. */
  readonly dataDir: string
  /** How often the copies are renewed without being asked, in seconds; 30 unless said otherwise, 0: never. */
  readonly refreshSeconds?: number
  /** Knows the addresses that platforms fetch files from; absent: files come for readers alone. */
  readonly mediaLinks?: Pick<MediaLinks, 'proves'>
}

/** Questions to the store for single announcements and older pages, per address: an office or a mobile network shares one. */
const perAddress = { most: 300, windowMs: 10_000 }

/**
 * The public pages and feeds of all cities: `/`, `/:city`, `/:city/:key`, `/:city/feed.{rss,atom,json}`, `/media/:id`, `/assets/…`.
 * While the store gives no answer within 2 seconds, the last copy on disk is shown, and says of when it is. Each kind of page asks on a
 * lane of its own, and words in an address that belong to no page make no other page of it.
 */
export const newsroomPages = (parts: NewsroomParts): FastifyPluginAsync => {
  const { cities, dataDir, db, refreshSeconds = 30 } = parts
  const asking = openAsking()
  const copies = lastCopies(join(dataDir, 'newsroom'))
  const house: House = {
    asking,
    copies,
    rooms: openRooms({ ...parts, publicUrl: parts.publicUrl.replace(/\/+$/, '') }),
    watch: outages(),
    often: openLimiter(perAddress.most, perAddress.windowMs),
  }
  const files = publicFiles({ db, copies, asks: { reader: asking.file, platform: asking.fetched } })
  return async (app) => {
    app.get('/', (request, reply) =>
      show(house, { request, reply, city: null, name: 'index.html', copied: true, ask: asking.index }, house.rooms.index),
    )
    pageRoutes(app, cities, house)
    styleRoutes(app, cities)
    fileRoutes(app, { files, proves: parts.mediaLinks?.proves ?? (() => false) })
    if (refreshSeconds > 0) keepFresh(app, { ...house, files, cities, everySeconds: refreshSeconds, ask: asking.renewal })
  }
}

interface House {
  readonly asking: Asking
  readonly copies: LastCopies
  readonly rooms: Rooms
  readonly watch: Outages
  /** False where this address asks the store too often. */
  readonly often: Limiter
}

interface Wish {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly city: City | null
  readonly type?: string
  /** Of the page, whatever else stands in its address. */
  readonly name: string
  /** A copy is kept under that name. */
  readonly copied: boolean
  readonly ask: NamedAsk
}

/** Asks the store for the page. */
const show = async (house: House, wish: Wish, render: () => Promise<string | undefined>): Promise<FastifyReply> => {
  const { request, reply, type = htmlType, city, name, copied, ask } = wish
  const { copies, watch } = house
  const headers = type === htmlType ? {} : openToAll
  const wanted = { name, city: city?.key ?? '', address: callerAddress(request.ip) }
  const body = await ask(wanted, render).catch((error: unknown) => (error instanceof LaneFull ? null : watch.failed(request.log, error)))
  if (body !== null) watch.answered(request.log)
  if (body === undefined) return answer(request, reply, notFound(city))
  if (body === null) return answer(request, reply, opened((await copyOf(copies, wish)) ?? away(city), headers))
  const since = copied ? await copies.keep(name, body).catch(() => null) : null
  return answer(request, reply, { type, body, changed: since?.toISOString() ?? null, cache: 'page', headers })
}

/** The same for pages that somebody could ask for without end: who asks too often gets the copy, and no question is asked. */
const showSparingly = async (house: House, wish: Wish, render: () => Promise<string | undefined>): Promise<FastifyReply> => {
  const { request, reply, city } = wish
  if (house.often(callerAddress(request.ip))) return show(house, wish, render)
  return answer(request, reply, (await copyOf(house.copies, wish)) ?? tooOften(city))
}

const copyOf = (copies: LastCopies, { name, copied, type = htmlType }: Wish): Promise<Page | undefined> =>
  fromCopy(copies, copied ? name : null, type)

const pageRoutes = (app: FastifyInstance, cities: ReadonlyMap<string, City>, house: House): void => {
  const { asking, rooms } = house
  app.get<{ Params: { city: string }; Querystring: { before?: unknown } }>('/:city', (request, reply) => {
    const city = cities.get(request.params.city)
    const { before } = request.query
    if (!city) return answer(request, reply, notFound(null))
    const front = { request, reply, city, name: `${city.key}/index.html`, copied: true, ask: asking.front }
    if (before === undefined) return show(house, front, () => rooms.city(city))
    if (typeof before !== 'string' || !isUuid(before)) return answer(request, reply, notFound(city))
    const older = { request, reply, city, name: `${city.key}/before/${before}`, copied: false, ask: asking.older }
    return showSparingly(house, older, () => rooms.city(city, before))
  })

  app.get<{ Params: { city: string; key: string } }>('/:city/:key', (request, reply) => {
    const city = cities.get(request.params.city) ?? null
    const { key } = request.params
    if (!city || !isUuid(key)) return answer(request, reply, notFound(city))
    const item = { request, reply, city, name: `${city.key}/${key}.html`, copied: true, ask: asking.item }
    return showSparingly(house, item, () => rooms.item(city, key))
  })

  for (const { file, type } of feeds)
    app.get<{ Params: { city: string } }>(`/:city/${file}`, (request, reply) => {
      const city = cities.get(request.params.city)
      if (!city) return answer(request, reply, notFound(null))
      const feed = { request, reply, city, type: `${type}; charset=utf-8`, name: `${city.key}/${file}`, copied: true, ask: asking.front }
      return show(house, feed, () => rooms.feed(city, file))
    })
}

const styleRoutes = (app: FastifyInstance, cities: ReadonlyMap<string, City>): void => {
  const css = (body: string): Page => ({ type: 'text/css; charset=utf-8', body, changed: null, cache: 'page' })
  app.get<{ Params: { city: string } }>('/:city/theme.css', (request, reply) => {
    const city = cities.get(request.params.city)
    return answer(request, reply, city ? css(themeCss(city.colours)) : notFound(null))
  })
  app.get(coloursOfAll, (request, reply) => answer(request, reply, css(allThemesCss(cities.values()))))
  for (const asset of Object.values(assets()))
    app.get(asset.path, (request, reply) => answer(request, reply, { ...asset, changed: null, cache: 'forever' }))
}

/** Feeds may be shown by anybody's page. */
const openToAll = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' } as const

const opened = (page: Page, headers: Readonly<Record<string, string>>): Page => ({ ...page, headers: { ...page.headers, ...headers } })
