// Whether a post of ours is there: looks through what the account has posted, in the platform's own time, and takes no "perhaps" for a "no".
import type { Attempt } from './connector.ts'
import { UnclearError } from './errors.ts'
import type { Likeness } from './likeness.ts'

/** One page of what the account has posted, newest first. */
export interface OwnPage<T> {
  readonly posts: readonly T[]
  /** By which the next page is asked for; undefined: the list ends here. A page may be empty and not the last. */
  readonly next: string | undefined
  /** What the platform's clock said when it answered: the `Date` of the answer; null: it did not say. */
  readonly date: string | null
}

/** What a look must know of the attempt. */
type Sent = Pick<Attempt, 'firstAt' | 'age' | 'hasReceipt'>

export interface OwnPosts<T> {
  /** The platform's name as people call it. */
  readonly title: string
  /** @param after `next` of the page before; undefined: the first page */
  page(after: string | undefined): Promise<OwnPage<T>>
  /** When it appeared by the platform's word, in milliseconds since 1970; NaN: it does not say, so it may be new. */
  bornAt(post: T): number
  /** How alike it is to what was sent. */
  likeness(post: T): Likeness | Promise<Likeness>
  /** How many pages are turned at most. */
  readonly mostPages: number
  /** True where new posts may stand behind old ones: every page is read. */
  readonly mixed?: boolean
}

/**
 * The largest difference between a platform's clock and the store's with which a look may say "not there": five minutes, and what the whole
 * seconds of a `Date` and the way of an answer add to it.
 */
const trustedMs = 310_000

/**
 * How long before the first attempt, in the platform's time, a look begins: servers of one platform differ, and a clock may have been put
 * right between the attempt and the look.
 */
const slackMs = 310_000

/**
 * How much older than the window a post with our words may be and still be ours: the platform's clock may have been behind when it dated
 * the post and right when it answered the look. An hour is what a mistake about summer time makes; a notice that a city repeats is older.
 */
const behindMs = 3_600_000

/** When a look begins where the platform does not say its time. */
const sinceOurs = ({ firstAt }: Pick<Attempt, 'firstAt'>): number => Date.parse(firstAt) - trustedMs - slackMs

/** Where a platform wants to know beforehand from when on: nothing that a look could call ours is older. Milliseconds since 1970. */
export const earliestOf = (attempt: Pick<Attempt, 'firstAt'>): number => sinceOurs(attempt) - behindMs

/**
 * The account's own posts that may be this attempt's, newest first; none: it is not there. Posts with exactly these words come first; those
 * that a platform has rendered (the same letters and digits) count where there is none of them.
 *
 * @throws UnclearError where nothing was found and nobody can say that nothing is there: there is more than is looked through, a post is
 * nearly the same or only a little too old, or the platform's clock is unknown or too far from ours
 */
export async function* ownPosts<T>(list: OwnPosts<T>, attempt: Sent): AsyncGenerator<T> {
  const seen: Seen<T> = { exact: 0, same: [], near: 0, older: 0 }
  let reach: Reach | undefined
  let after: string | undefined
  let isAll = false
  for (let turned = 0; turned < list.mostPages && !isAll; turned += 1) {
    const { posts, next, date } = await list.page(after)
    reach ??= reachOf(date, attempt)
    const { since } = reach
    const recent = posts.filter((post) => !(list.bornAt(post) < since))
    for (const post of recent) {
      const likeness = await list.likeness(post)
      if (likeness === 'near') seen.near += 1
      if (likeness === 'same') seen.same.push(post)
      if (likeness !== 'exact') continue
      seen.exact += 1
      yield post
    }
    if (seen.exact === 0 && !attempt.hasReceipt) seen.older += await alikeBefore(list, posts, since)
    reach = { ...reach, doubt: reach.doubt ?? doubtAbout(recent.map(list.bornAt), reach) }
    after = next
    isAll = next === undefined || (!list.mixed && recent.length < posts.length)
  }
  if (!isAll) throw unclear(`Auf ${list.title} steht seit dem ersten Versuch mehr, als durchgesehen wird.`)
  yield* rest(list.title, seen, reach?.doubt)
}

interface Seen<T> {
  exact: number
  readonly same: T[]
  near: number
  /** Of those that are too old to be ours by their date: how many have our words, or nearly. */
  older: number
}

/** How many of these have our words and are only a little older than the window. */
const alikeBefore = async <T>({ bornAt, likeness }: OwnPosts<T>, posts: readonly T[], since: number): Promise<number> => {
  let alike = 0
  for (const post of posts) {
    const isNear = bornAt(post) < since && bornAt(post) >= since - behindMs
    if (isNear && (await likeness(post)) !== 'other') alike += 1
  }
  return alike
}

/** What counts where nothing is exact. @throws UnclearError where it cannot be told that nothing is there */
const rest = <T>(title: string, { exact, same, near, older }: Seen<T>, doubt: string | undefined): readonly T[] => {
  if (exact > 0) return []
  if (same.length > 0) return same
  if (near > 0) throw unclear(`Auf ${title} steht ein Beitrag, der diesem sehr ähnlich ist; ob er es ist, kann nur ein Mensch sagen.`)
  if (older > 0)
    throw unclear(`Auf ${title} steht ein gleicher Beitrag, der nach seinem Datum älter ist; ob er es ist, kann nur ein Mensch sagen.`)
  if (doubt !== undefined) throw unclear(`Ob der Beitrag auf ${title} steht, lässt sich nicht sagen: ${doubt}`)
  return []
}

/** The first of them; undefined: it is not there. */
export const firstOwnPost = async <T>(list: OwnPosts<T>, attempt: Sent): Promise<T | undefined> => {
  for await (const post of ownPosts(list, attempt)) return post
  return undefined
}

/** The post of which this is true, whenever it appeared; undefined: none of those that are looked through. */
export const postAmong = async <T>(
  { page, mostPages }: Pick<OwnPosts<T>, 'page' | 'mostPages'>,
  isWanted: (post: T) => boolean,
): Promise<T | undefined> => {
  let after: string | undefined
  for (let turned = 0; turned < mostPages; turned += 1) {
    const { posts, next } = await page(after)
    const found = posts.find(isWanted)
    if (found !== undefined || next === undefined) return found
    after = next
  }
  return undefined
}

/** How far back a look goes. */
interface Reach {
  /** Milliseconds since 1970 by the platform's clock. */
  readonly since: number
  /** What its clock said; NaN: nothing. */
  readonly there: number
  /** Why what is not seen may be there all the same; undefined: it is not. */
  readonly doubt: string | undefined
}

/**
 * The first attempt began `age` before the platform's clock said `date`, whatever any other clock says. Where it took time to answer, or the
 * header left out the milliseconds, the look begins the earlier for it.
 */
const reachOf = (date: string | null, attempt: Sent): Reach => {
  const there = Date.parse(date ?? '')
  const age = attempt.age()
  if (Number.isNaN(there)) return { since: sinceOurs(attempt), there, doubt: 'Die Plattform nennt ihre Uhrzeit nicht.' }
  const since = there - Math.max(age, 0) - slackMs
  if (age < 0) return { since, there, doubt: 'Die Uhr unserer Datenbank wurde seither zurückgestellt.' }
  const skew = there - (Date.parse(attempt.firstAt) + age)
  const minutes = Math.round(Math.abs(skew) / 60_000)
  const isFar = Math.abs(skew) > trustedMs
  return { since, there, doubt: isFar ? `Die Uhr der Plattform und unsere gehen um ${minutes} Minuten auseinander.` : undefined }
}

/** A post of tomorrow: the clock that dates posts is not the one that dates answers. */
const doubtAbout = (times: readonly number[], { there }: Reach): string | undefined =>
  times.some((at) => at > there + slackMs) ? 'Die Plattform datiert Beiträge nach einer anderen Uhr als ihre Antworten.' : undefined

const unclear = (words: string): UnclearError => new UnclearError(words, { findable: false })
