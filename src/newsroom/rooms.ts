// What each address of the newsroom shows just now, read from the store: pages and feeds as finished text.
import type { Kysely } from 'kysely'
import type { City } from '../policy/policy.ts'
import { currentWarnings, findItem, listItems, type NewsroomItem, newestOfEach, signs } from '../store/newsroom.ts'
import type { Database } from '../store/tables.ts'
import { bannerMax } from './banner.ts'
import { atom } from './feeds/atom.ts'
import { feedLength, feedOf } from './feeds/feed.ts'
import { jsonFeed } from './feeds/json-feed.ts'
import { rss } from './feeds/rss.ts'
import { cityPage, indexPage, itemPage } from './pages.ts'

export interface Rooms {
  index(): Promise<string>
  /** `before`: only what is older than the item with this key. */
  city(city: City, before?: string): Promise<string>
  /** Undefined: there is no such announcement. */
  item(city: City, key: string): Promise<string | undefined>
  feed(city: City, file: FeedFile): Promise<string>
  /** The announcements on the first page of a city. */
  newest(city: City): Promise<NewsroomItem[]>
  /** By city: a sign that changes whenever something on its pages changes. */
  signs(): Promise<ReadonlyMap<string, string>>
}

type FeedFile = keyof typeof formats

export interface RoomParts {
  readonly db: Kysely<Database>
  readonly cities: ReadonlyMap<string, City>
  /** Without a slash at its end. */
  readonly publicUrl: string
  /** The city's suspended channels with the reason, by name; the reason is not shown. */
  readonly suspended?: (city: string) => Promise<ReadonlyMap<string, string>>
}

/** How many announcements one page of a city shows. */
const pageLength = 15

export const openRooms = ({ db, cities, publicUrl, suspended }: RoomParts): Rooms => ({
  index: async () => {
    // one after the other, here and below: a page takes one connection, whatever it shows
    const warnings = await currentWarnings(db, null, bannerMax)
    const newest = await newestOfEach(db, [...cities.keys()])
    return indexPage({ cities, warnings: warnings.filter((item) => cities.has(item.city)), newest, publicUrl }).toString()
  },
  city: async (city, before) => {
    const warnings = before === undefined ? await currentWarnings(db, city.key, bannerMax) : []
    const found = await listItems(db, city.key, { before, limit: pageLength + 1 })
    const out = await suspended?.(city.key)
    const items = found.slice(0, pageLength)
    const older = found.length > pageLength ? (items.at(-1)?.key ?? null) : null
    return cityPage({ city, warnings, items, older, before: before ?? null, suspended: new Set(out?.keys()), publicUrl }).toString()
  },
  item: async (city, key) => {
    const item = await findItem(db, { city: city.key, key })
    return item && itemPage({ city, item, publicUrl }).toString()
  },
  feed: async (city, file) => {
    const items = await listItems(db, city.key, { limit: feedLength })
    return formats[file](feedOf({ city, items, publicUrl, file })).toString()
  },
  newest: (city) => listItems(db, city.key, { limit: pageLength }),
  signs: () => signs(db, [...cities.keys()]),
})

const formats = { 'feed.rss': rss, 'feed.atom': atom, 'feed.json': jsonFeed } as const
