// The addresses of the newsroom. Everything shown is also kept on disk, and shown from there while the store is away.
import { join } from 'node:path'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { doors } from '../policy/doors.ts'
import type { City } from '../policy/policy.ts'
import { answer, type Page } from './answer.ts'
import { assets } from './assets.ts'
import { allThemesCss, themeCss } from './colours.ts'
import { crowd } from './crowd.ts'
import { answerFile } from './file-answer.ts'
import { coloursOfAll, feeds } from './frame.ts'
import { fromCopy, outages, patient } from './from-copy.ts'
import { lastCopies } from './last-copy.ts'
import { publicFiles } from './media.ts'
import { awayPage, notFoundPage } from './pages.ts'
import { keepFresh } from './refresh.ts'
import { openRooms, type RoomParts } from './rooms.ts'

export interface NewsroomParts extends RoomParts {
  /** Copies go to `newsroom/` below it. */
  readonly dataDir: string
  /** How often the copies are renewed without being asked, in seconds; 30 unless said otherwise, 0: never. */
  readonly refreshSeconds?: number
}

const htmlType = 'text/html; charset=utf-8'
const keyForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The public pages and feeds of all cities: `/`, `/:city`, `/:city/:key`, `/:city/feed.{rss,atom,json}`, `/media/:id`, `/assets/…`.
 * While the store gives no answer within 2 seconds, the last copy on disk is shown, and says of when it is.
 */
export const newsroomPages = (parts: NewsroomParts): FastifyPluginAsync => {
  const { cities, dataDir, db, refreshSeconds = 30 } = parts
  const rooms = openRooms({ ...parts, publicUrl: parts.publicUrl.replace(/\/+$/, '') })
  const copies = lastCopies(join(dataDir, 'newsroom'))
  const ask = patient(2_000)
  const watch = outages()
  const together = crowd()

  /** Asks the store for the page; `name` is that of its copy, null where none is kept. */
  const show = async (wish: Wish, name: string | null, render: () => Promise<string | undefined>): Promise<FastifyReply> => {
    const { request, reply, type = htmlType, city } = wish
    const headers = type === htmlType ? {} : openToAll
    const body = await together(name ?? request.url, () => ask(render)).catch((error: unknown) => watch.failed(request.log, error))
    if (body !== null) watch.answered(request.log)
    if (body === undefined) return answer(request, reply, notFound(city))
    if (body === null) return answer(request, reply, opened((await fromCopy(copies, name, type)) ?? away(city), headers))
    const since = name === null ? null : await copies.keep(name, body).catch(() => null)
    return answer(request, reply, { type, body, changed: since?.toISOString() ?? null, cache: 'page', headers })
  }

  return async (app) => {
    app.get('/', (request, reply) => show({ request, reply, city: null }, 'index.html', rooms.index))

    app.get<{ Params: { city: string }; Querystring: { before?: string } }>('/:city', (request, reply) => {
      const city = cities.get(request.params.city)
      const { before } = request.query
      if (!city) return answer(request, reply, notFound(null))
      if (before === undefined) return show({ request, reply, city }, `${city.key}/index.html`, () => rooms.city(city))
      if (!keyForm.test(before)) return answer(request, reply, notFound(city))
      return show({ request, reply, city }, null, () => rooms.city(city, before))
    })

    app.get<{ Params: { city: string; key: string } }>('/:city/:key', (request, reply) => {
      const city = cities.get(request.params.city) ?? null
      const { key } = request.params
      if (!city || !keyForm.test(key)) return answer(request, reply, notFound(city))
      return show({ request, reply, city }, `${city.key}/${key}.html`, () => rooms.item(city, key))
    })

    for (const { file, type } of feeds)
      app.get<{ Params: { city: string } }>(`/:city/${file}`, (request, reply) => {
        const city = cities.get(request.params.city)
        if (!city) return answer(request, reply, notFound(null))
        return show({ request, reply, city, type: `${type}; charset=utf-8` }, `${city.key}/${file}`, () => rooms.feed(city, file))
      })

    app.get<{ Params: { city: string } }>('/:city/theme.css', (request, reply) => {
      const city = cities.get(request.params.city)
      if (!city) return answer(request, reply, notFound(null))
      return answer(request, reply, { type: 'text/css; charset=utf-8', body: themeCss(city.colours), changed: null, cache: 'page' })
    })

    app.get(coloursOfAll, (request, reply) =>
      answer(request, reply, { type: 'text/css; charset=utf-8', body: allThemesCss(cities.values()), changed: null, cache: 'page' }),
    )
    for (const asset of Object.values(assets()))
      app.get(asset.path, (request, reply) => answer(request, reply, { ...asset, changed: null, cache: 'forever' }))

    const files = publicFiles({ db, copies, ask })
    app.get<{ Params: { id: string } }>(`${doors.media}/:id`, async (request, reply) => {
      const file = await files(request.params.id)
      if (file === 'nowhere') return answer(request, reply, notFound(null))
      if (file === 'away') return answer(request, reply, away(null))
      return answerFile(request, reply, request.params.id, file)
    })

    if (refreshSeconds > 0) keepFresh(app, { rooms, copies, files, cities, everySeconds: refreshSeconds, ask })
  }
}

interface Wish {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly city: City | null
  readonly type?: string
}

/** Feeds may be shown by anybody's page. */
const openToAll = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' } as const

const opened = (page: Page, headers: Readonly<Record<string, string>>): Page => ({ ...page, headers: { ...page.headers, ...headers } })

const notFound = (city: City | null): Page => ({
  status: 404,
  type: htmlType,
  body: notFoundPage(city).toString(),
  changed: null,
  cache: 'page',
})

const away = (city: City | null): Page => ({
  status: 503,
  type: htmlType,
  body: awayPage(city).toString(),
  changed: null,
  cache: 'copy',
  headers: { 'retry-after': '30' },
})
