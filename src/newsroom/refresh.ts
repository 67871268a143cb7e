// Renews the copies without being asked, so that what was published a moment before the store went away is in them.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { City } from '../policy/policy.ts'
import { feeds } from './frame.ts'
import type { Ask } from './from-copy.ts'
import type { LastCopies } from './last-copy.ts'
import type { PublicFiles } from './media.ts'
import type { Rooms } from './rooms.ts'

export interface RefreshParts {
  readonly rooms: Rooms
  readonly copies: LastCopies
  readonly files: PublicFiles
  readonly cities: ReadonlyMap<string, City>
  readonly everySeconds: number
  readonly ask: Ask
}

/** Begins when the app is ready, ends when it closes. A store that is away is no event here: the next round tries again. */
export const keepFresh = (app: FastifyInstance, parts: RefreshParts): void => {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let closed = false
  let rounds = 0
  const seen = new Map<string, string>()
  const trouble = troubles(app.log)
  const round = (): void => {
    const { each, ended } = trouble()
    running = renew(parts, { seen, each, stopped: () => closed })
      .then(() => each('files', () => reviewFiles(parts, rounds++)))
      .then(ended)
      .then(() => {
        if (!closed) timer = setTimeout(round, parts.everySeconds * 1000).unref()
      })
  }
  app.addHook('onReady', async () => round())
  app.addHook('onClose', async () => {
    closed = true
    clearTimeout(timer)
    await running
  })
}

/** Does one page's part of a round; undefined where that failed, which keeps no other page from its own. */
type Each = <T>(page: string, work: () => Promise<T>) => Promise<T | undefined>

/** One line when the first page of a round fails after a good round, and one when a round is good again. */
const troubles = (log: FastifyBaseLogger) => {
  let before = false
  return (): { readonly each: Each; readonly ended: () => void } => {
    let failed = false
    const each: Each = (page, work) =>
      work().catch((err: unknown) => {
        if (!failed && !before) log.warn({ err, page }, 'newsroom: a copy could not be renewed')
        failed = true
        return undefined
      })
    const ended = (): void => {
      if (before && !failed) log.info('newsroom: all copies are renewed again')
      before = failed
    }
    return { each, ended }
  }
}

interface Round {
  readonly seen: Map<string, string>
  readonly each: Each
  readonly stopped: () => boolean
}

/**
 * City after city, so that readers never wait for it; the page of all cities, which may be the slowest, comes last. A city whose sign is
 * still the same is only confirmed, and so is every city where the signs cannot be read.
 */
const renew = async (parts: RefreshParts, { seen, each, stopped }: Round): Promise<void> => {
  const { rooms, copies, cities, ask } = parts
  const signs = await each('signs', () => ask(rooms.signs))
  for (const city of cities.values()) {
    if (stopped()) return
    const name = `${city.key}/index.html`
    const front = await each(name, async () => copies.keep(name, await ask(() => rooms.city(city))))
    const sign = signs?.get(city.key) ?? ''
    if (!front || !signs || seen.get(city.key) === sign) continue
    if (await each(city.key, () => renewCity(parts, city).then(() => true))) seen.set(city.key, sign)
  }
  await each('index.html', async () => copies.keep('index.html', await ask(rooms.index)))
}

/** How many copies of files are looked at in one round. */
const filesARound = 100

/** Asks again for files of which a copy lies here: one that was taken back must not be shown from it when the store is away. */
const reviewFiles = async ({ copies, files }: RefreshParts, round: number): Promise<void> => {
  const names = await copies.names('media')
  const from = names.length === 0 ? 0 : (round * filesARound) % names.length
  for (const name of names.slice(from, from + filesARound)) await files(name.split('.', 1)[0] ?? '')
}

const renewCity = async ({ rooms, copies, files, ask }: RefreshParts, city: City): Promise<void> => {
  for (const { file } of feeds) await copies.keep(`${city.key}/${file}`, await ask(() => rooms.feed(city, file)))
  for (const { key, post } of await ask(() => rooms.newest(city))) {
    const body = await ask(() => rooms.item(city, key))
    if (body !== undefined) await copies.keep(`${city.key}/${key}.html`, body)
    for (const image of post.images) await files(image.id)
  }
}
