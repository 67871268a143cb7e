// How long a warning takes from its release to the platform while everyday news wait by the thousand and another platform hangs.
import { setTimeout as pause } from 'node:timers/promises'
import { notice, warning, warningAccount } from './city.ts'
import type { Ground, LabPost } from './ground.ts'
import type { House } from './house.ts'

export interface UrgentWish {
  /** Warnings, released one by one. */
  readonly samples: number
  /** Notices on the platform that works, and on the one that hangs. */
  readonly notices: number
  readonly hanging: number
  /** Milliseconds between two warnings. */
  readonly everyMs: number
  readonly profile: string | null
}

export interface Urgent {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly worstMs: number
  /** Everyday deliveries that waited on the working platform when the first and the last warning were released. */
  readonly waitingFirst: number
  readonly waitingLast: number
}

/**
 * Each warning goes to the platform that works and to the one that hangs. Its time ends where the lab writes the post into its
 * ledger, which is a moment after the first byte; both clocks are this machine's.
 */
export const measureUrgent = async (ground: Ground, house: House, wish: UrgentWish): Promise<Urgent> => {
  await ground.lab.clear()
  await ground.lab.hang('bluesky')
  const news = await house.draft(numbers(wish.notices).map((number) => notice(number)))
  const culture = await house.draft(numbers(wish.hanging).map((number) => notice(number, 'culture')))
  const warnings = await house.draft(numbers(wish.samples).map(warning))
  await house.release(culture)
  await house.release(news)
  const hung = await house.waiting('bluesky')
  await using _worker = await house.startWorker(wish.profile)
  const begun = async (): Promise<boolean> => (await house.waiting('bluesky')) < hung && (await ground.lab.posts('mastodon')).length > 0
  while (!(await begun())) await pause(20)
  const waitingFirst = await house.waiting('mastodon')
  const released = await releaseOneByOne(house, warnings, wish.everyMs)
  const waitingLast = await house.waiting('mastodon')
  while ((await ground.lab.posts('mastodon', warningAccount)).length < wish.samples) await pause(50)
  const times = timesOf(await ground.lab.posts('mastodon', warningAccount), released)
  await ground.lab.heal('bluesky')
  return { ...quantiles(times), waitingFirst, waitingLast }
}

const numbers = (many: number): number[] => Array.from({ length: many }, (_, at) => at + 1)

/** When each was released, in milliseconds since 1970: the moment before the call. The next one does not wait for it. */
const releaseOneByOne = async (house: House, warnings: readonly string[], everyMs: number): Promise<readonly number[]> => {
  const start = performance.now()
  const releases = []
  const released: number[] = []
  for (const [at, id] of warnings.entries()) {
    await pause(Math.max(start + at * everyMs - performance.now(), 0))
    released.push(Date.now())
    releases.push(house.release([id]))
  }
  await Promise.all(releases)
  return released
}

const timesOf = (posts: readonly LabPost[], released: readonly number[]): readonly number[] =>
  released.map((at, index) => {
    const post = posts.find(({ text }) => text.includes(warning(index + 1).title))
    if (!post) throw new Error(`warning ${index + 1} did not arrive`)
    return Date.parse(post.createdAt) - at
  })

const quantiles = (times: readonly number[]): Pick<Urgent, 'p50Ms' | 'p99Ms' | 'worstMs'> => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99), worstMs: at(1) }
}
