// Renews the copies without being asked, so that what was published a moment before the store went away is in them.
import type { FastifyInstance } from 'fastify'
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
  const round = (): void => {
    running = renew(parts, seen, () => closed)
      .then(() => reviewFiles(parts, rounds++))
      .catch((error: unknown) => app.log.debug({ err: error }, 'newsroom: the copies could not be renewed'))
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

/** City after city, so that readers never wait for it. A city whose sign is still the same is only confirmed. */
const renew = async (parts: RefreshParts, seen: Map<string, string>, stopped: () => boolean): Promise<void> => {
  const { rooms, copies, cities, ask } = parts
  const signs = await ask(rooms.signs)
  await copies.keep('index.html', await ask(rooms.index))
  for (const city of cities.values()) {
    if (stopped()) return
    await copies.keep(`${city.key}/index.html`, await ask(() => rooms.city(city)))
    const sign = signs.get(city.key) ?? ''
    if (seen.get(city.key) === sign) continue
    await renewCity(parts, city)
    seen.set(city.key, sign)
  }
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
