// Compares what was promised with what the public has seen. Pure.
import type { Seen } from './evidence.ts'
import type { Story } from './press-office.ts'
import { type Platform, platforms } from './town.ts'

export type Charge = 'lost' | 'doubled' | 'inverted'

export interface Finding {
  readonly charge: Charge
  readonly story: number
  readonly platform: Platform
  readonly words: string
}

/** Everything that is wrong; empty when every promise was kept. */
export const judge = (stories: readonly Story[], seen: readonly Seen[]): readonly Finding[] => {
  const byPlace = Map.groupBy(seen, (post) => `${post.platform} ${post.wordings[0]?.mark.story}`)
  return stories.flatMap((story) =>
    platforms.flatMap((platform) => {
      const posts = byPlace.get(`${platform} ${story.number}`) ?? []
      return checks.flatMap(([charge, check]) =>
        check(story, posts, platform).map((words) => ({ charge, story: story.number, platform, words })),
      )
    }),
  )
}

type Check = (story: Story, posts: readonly Seen[], platform: Platform) => readonly string[]

const partOf = (posts: readonly Seen[], part: 'f' | 'e'): readonly Seen[] => posts.filter(({ wordings }) => wordings[0]?.mark.part === part)
const numbersOf = ({ wordings }: Seen): readonly number[] => wordings.map(({ mark }) => mark.number)
const newestOf = (post: Seen): number => numbersOf(post).at(-1) ?? 0
const stands = ({ goneAt }: Seen): boolean => goneAt === null

/** A correction is a post of its own where posts cannot be changed; everywhere else there is one post. */
const corrects: Readonly<Record<Platform, 'by-change' | 'by-answer'>> = {
  newsroom: 'by-change',
  mastodon: 'by-change',
  bluesky: 'by-answer',
}

const doubled: Check = (_story, posts, platform) => {
  const said = partOf(posts, 'f')
  const twice = (list: readonly unknown[], what: string): readonly string[] => (list.length > 1 ? [`${what}: ${list.length} times`] : [])
  const wordings =
    corrects[platform] === 'by-change'
      ? twice(said, 'posted')
      : [...Map.groupBy(said, newestOf)].flatMap(([number, same]) => twice(same, `wording ${number}`))
  return [...wordings, ...twice(partOf(posts, 'e'), 'all-clear')]
}

const lost: Check = ({ wordings, retracted, cleared }, posts) => {
  const said = partOf(posts, 'f')
  if (retracted) return said.some(stands) ? ['taken back, and still there'] : []
  // what had not left when the all-clear came never leaves
  if (cleared) return partOf(posts, 'e').some(stands) ? [] : ['the all-clear is not there']
  const ever = said.flatMap(numbersOf)
  return ever.includes(wordings) ? [] : [`wording ${wordings} never appeared, only: ${ever.join(', ') || 'nothing'}`]
}

interface Event {
  readonly at: number
  /** Rises with every step of a story: its wordings, then its end. */
  readonly rank: number
}

const last = 1_000

const inverted: Check = ({ wordings, retracted, cleared }, posts) => {
  const events: readonly Event[] = posts.flatMap(({ wordings: all, goneAt }) => [
    ...all.map(({ mark, at }) => ({ at, rank: mark.part === 'e' ? last : mark.number })),
    ...(goneAt === null ? [] : [{ at: goneAt, rank: last }]),
  ])
  const inTime = events.toSorted((one, other) => one.at - other.at || one.rank - other.rank)
  const falls = inTime.slice(1).flatMap(({ rank }, at) => (rank < (inTime[at] as Event).rank ? [`${inTime[at]?.rank} before ${rank}`] : []))
  const newest = Math.max(0, ...partOf(posts, 'f').filter(stands).map(newestOf))
  const stale = !retracted && !cleared && newest < wordings && posts.some((post) => numbersOf(post).includes(wordings))
  return [...falls, ...(stale ? [`wording ${newest} stands over ${wordings}`] : [])]
}

const checks: readonly (readonly [Charge, Check])[] = [
  ['doubled', doubled],
  ['lost', lost],
  ['inverted', inverted],
]
