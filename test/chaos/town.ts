// The cities of a kill loop, each with three channels, and the marks by which every wording is known again wherever it stands.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeCities } from '../support/city-folder.ts'

export const platforms = ['newsroom', 'mastodon', 'bluesky'] as const
export type Platform = (typeof platforms)[number]

export const cities = ['bonn', 'mainz', 'marburg', 'dresden', 'kassel', 'aachen'] as const
export type City = (typeof cities)[number]

/** Far above what a run needs: here the order counts, not the pace. */
const pace = { actions: 1_000_000, 'per-seconds': 60 }

const channelsOf = (city: City, labUrl: string) => [
  { name: 'newsroom', platform: 'newsroom', pace },
  { name: 'mastodon', platform: 'mastodon', pace, settings: { base: `${labUrl}/mastodon`, token: `env:${tokenOf(city)}` } },
  {
    name: 'bluesky',
    platform: 'bluesky',
    pace,
    settings: { base: `${labUrl}/bluesky`, handle: `${city}.example`, appPassword: `env:${tokenOf(city)}` },
  },
]

const tokenOf = (city: City): string => `${city.toUpperCase()}_TOKEN`

/** What the lab takes as each city's credential. */
export const credentials: Readonly<Record<string, string>> = Object.fromEntries(cities.map((city) => [tokenOf(city), `rehearsal-${city}`]))

/** Writes the city files below `folder`; gives their folder. */
export const found = (folder: string, labUrl: string): string => {
  const where = join(folder, 'cities')
  mkdirSync(where)
  writeCities(where, Object.fromEntries(cities.map((city) => [city, { channels: channelsOf(city, labUrl) }])))
  return where
}

/** One wording of one story: `s12f2` is the second wording of story 12, `s12e1` the all-clear that ends it. */
export interface Mark {
  readonly story: number
  readonly part: 'f' | 'e'
  readonly number: number
}

export const markOf = ({ story, part, number }: Mark): string => `s${story}${part}${number}`

export const markIn = (text: string): Mark | undefined => {
  const found = /\bs(\d+)([fe])(\d+)\b/.exec(text)
  return found ? { story: Number(found[1]), part: found[2] as Mark['part'], number: Number(found[3]) } : undefined
}
