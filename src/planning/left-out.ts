// A channel on which a follow-up does nothing, and the sentence that says why.
import { platformTitle } from '../policy/platforms.ts'
import type { PlannedDecision } from './plan.ts'
import type { Standing } from './standing.ts'

type Because = PlannedDecision['because']

/** Nothing is done there; what has not left is superseded all the same. */
export const leftOut =
  ({ name, platform }: { readonly name: string; readonly platform: string }, way: PlannedDecision['way'], supersedes: readonly string[]) =>
  (because: Because, reason: string): PlannedDecision => ({
    channel: name,
    platform,
    verdict: 'omit',
    because,
    reason,
    rule: null,
    notBefore: null,
    doubles: 'avoid',
    way,
    standbyFor: null,
    action: null,
    target: null,
    post: null,
    supersedes,
  })

/** Decisions for the channels that have deliveries but are no longer in the city file; `undo` is what a person has to do there. */
export const orphans = (
  standing: ReadonlyMap<string, Standing>,
  known: ReadonlySet<string>,
  { because, way, undo }: { readonly because: Because; readonly way: PlannedDecision['way']; readonly undo: string },
): readonly PlannedDecision[] =>
  [...standing]
    .filter(([name, { posts, waiting }]) => !known.has(name) && posts.length + waiting.length > 0)
    .map(([name, { platform, posts, waiting }]) => {
      const gone = `Der Kanal »${name}« (${platformTitle(platform)}) steht nicht mehr in der Kanalregelung`
      const left = leftOut({ name, platform }, way, waiting)
      return posts.length > 0
        ? left(because, `${gone}; bitte den Beitrag dort von Hand ${undo}.`)
        : left('nothing-there', `${gone}; was dort noch nicht draußen war, wird nicht mehr gesendet.`)
    })
