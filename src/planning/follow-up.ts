// What follows on something that was announced before: an update corrects it, an all-clear answers it, a retraction takes it back. Pure.
import { wayOf } from '../announcement/announcement.ts'
import { demandSameStatus } from '../announcement/reference.ts'
import type { Channel, City } from '../policy/policy.ts'
import { label } from '../policy/reasons.ts'
import { type Rendered, withCardNote } from '../rendering/render.ts'
import { isAble } from './able.ts'
import { type Followed, followedDigest, samePost } from './digest.ts'
import { orphans } from './left-out.ts'
import { type Offers, type Plan, type PlannedDecision, print } from './plan.ts'
import { followedChannels, nothingStands, type Standing, type StandingDelivery, standingOf } from './standing.ts'

export { planRetraction } from './retraction.ts'
export { followedChannels, type StandingDelivery, standingChannels } from './standing.ts'

export interface Desk {
  readonly city: City
  readonly offers: Offers
  /** True once an all-clear has ended what is amended: it is said nowhere for the first time any more. Absent: false. */
  readonly ended?: boolean
}

/**
 * Makes of a plan for the new revision one that corrects what stands. Per channel: the post is changed where the platform lets us,
 * else answered with `Korrektur:`, else left with the reason; published where nothing stands; what has not left is superseded.
 * @param before the announcement's deliveries so far
 * @param plan from `makePlan` with the new revision, `situation.standing` being `standingChannels(before)`
 */
export const planUpdate = (before: readonly StandingDelivery[], plan: Plan, desk: Desk): Plan =>
  followed(plan, { before, undo: 'berichtigen', ways: waysOfUpdate(plan, desk), desk }, (decision, standing) => {
    const supersedes = standing.waiting
    if (decision.verdict === 'omit') return { ...stays(decision, standing), supersedes }
    if (standing.posts.length === 0 && desk.ended)
      return { ...omitted(decision, 'nothing-there', 'Die Warnung ist beendet; hier erscheint sie nicht mehr zum ersten Mal.'), supersedes }
    if (standing.posts.length === 0) return { ...instead(decision, supersedes), supersedes }
    return { ...corrected(decision, standing, plan, desk), supersedes }
  })

/**
 * Makes of a plan one that answers the announcement it refers to where that stands or may be standing and the platform has answers,
 * and publishes elsewhere. (What turns out not to be there when its turn comes cannot be answered: then the answer is a post of its own.)
 * After an all-clear, a warning that has not left yet must not leave any more.
 * @param before the deliveries of the announcement that this one refers to
 * @param plan from `makePlan`, `situation.standing` being `standingChannels(before)`
 */
export const planAllClear = (before: readonly StandingDelivery[], plan: Plan, desk: Desk): Plan => {
  const ends = plan.announcement.kind === 'all-clear'
  const ways = (name: string, can: Can): Way => ({ channel: name, way: can('reply') ? 'reply' : 'nothing', post: null })
  return followed(plan, { before, undo: ends ? 'ergänzen' : null, ways, desk }, (decision, standing) => {
    const supersedes = ends ? standing.waiting : []
    const target = standing.posts.find(({ receipt }) => receipt) ?? standing.posts[0]
    const { can, name } = partsOf(decision, desk)
    if (decision.verdict === 'omit' || target === undefined || !can('reply')) return { ...decision, supersedes }
    const alone = wordsAlone(decision, desk)
    const why = alone === '' ? decision.reason : decision.reason.replace(` ${withCardNote}`, '')
    const reason = `Antwortet auf das, was auf ${name} vorausging${alone}. ${why}`
    return { ...decision, action: 'reply', target: target.id, reason, supersedes }
  })
}

type Follow = (decision: PlannedDecision, standing: Standing) => PlannedDecision

interface Earlier {
  readonly before: readonly StandingDelivery[]
  /** What a person has to do with a post on a channel that the city file no longer has; null: nothing. */
  readonly undo: string | null
  /** What is done on a channel where it appeared: for the digest. */
  ways(channel: string, can: Can): Way
  readonly desk: Desk
}

type Way = Followed['ways'][number]
type Can = (action: 'update' | 'reply') => boolean

const waysOfUpdate =
  (plan: Plan, { city, offers }: Desk) =>
  (channel: string, can: Can): Way => {
    if (can('update') || !can('reply')) return { channel, way: can('update') ? 'update' : 'nothing', post: null }
    const correction = print(plan.announcement, city, offers, channel, 'correction')
    return { channel, way: 'reply', post: correction.fits ? correction.post : null }
  }

/** The one gate to everything earlier: what is superseded, changed or answered passes here. Refuses with `status-mismatch`. */
const followed = (plan: Plan, earlier: Earlier, follow: Follow): Plan => {
  const { before, undo } = earlier
  const standing = standingOf(before)
  for (const { post } of [...standing.values()].flatMap(({ seen }) => seen)) if (post !== null) demandSameStatus(plan.announcement, post)
  const decisions = plan.decisions.map((decision) => follow(decision, standing.get(decision.channel) ?? nothingStands))
  const known = new Set(decisions.map(({ channel }) => channel))
  const way = wayOf(plan.announcement)
  const all = undo === null ? decisions : [...decisions, ...orphans(standing, known, { because: 'cannot-update', way, undo })]
  return { ...plan, decisions: all, digest: before.length === 0 ? plan.digest : followedDigest(plan.digest, builtOn(earlier)) }
}

const builtOn = ({ before, ways, desk }: Earlier): Followed => {
  const followed = followedChannels(before, desk.city)
  return {
    revision: Math.max(...before.map(({ revision }) => revision)),
    retracted: before.some(({ action }) => action === 'retract'),
    ended: desk.ended ?? false,
    ways: desk.city.channels.filter(({ name }) => followed.has(name)).map((channel) => ways(channel.name, abilities(channel, desk))),
  }
}

/** The channel is left out this time; whoever reads the plan must know that the earlier wording stays. */
const stays = (decision: PlannedDecision, { posts }: Standing): PlannedDecision =>
  posts.length === 0 ? decision : { ...decision, reason: `${decision.reason} Dort steht weiterhin die frühere Fassung.` }

const instead = (decision: PlannedDecision, waiting: readonly string[]): PlannedDecision =>
  waiting.length === 0
    ? decision
    : { ...decision, reason: `Die frühere Fassung war noch nicht draußen und wird durch diese ersetzt. ${decision.reason}` }

const corrected = (decision: PlannedDecision, standing: Standing, plan: Plan, desk: Desk): PlannedDecision => {
  const { can, name } = partsOf(decision, desk)
  const [root] = standing.posts
  const shown = standing.newest?.post ?? null
  if (samePost(shown, decision.post)) return omitted(decision, 'unchanged', `Auf ${name} steht schon genau dieser Beitrag.`)
  if (can('update'))
    return { ...decision, action: 'update', target: root!.id, reason: `Der Beitrag auf ${name} wird geändert. ${decision.reason}` }
  if (!can('reply'))
    return omitted(
      decision,
      'cannot-update',
      `${name} kann Beiträge weder ändern noch beantworten; bitte dort von Hand berichtigen. Es steht die frühere Fassung.`,
    )
  const correction = print(plan.announcement, desk.city, desk.offers, decision.channel, 'correction')
  if (!correction.fits) return omitted(decision, correction.because, `${correction.reason} Dort steht weiterhin die frühere Fassung.`)
  if (samePost(shown, correction.post)) return omitted(decision, 'unchanged', `Auf ${name} steht schon genau diese Korrektur.`)
  const why = withoutNotes(decision.reason, print(plan.announcement, desk.city, desk.offers, decision.channel, 'follow-up'))
  const reason = [`${name} kann Beiträge nicht ändern; die Korrektur folgt als Antwort.`, why, ...correction.notes].join(' ')
  return { ...decision, action: 'reply', target: root!.id, post: correction.post, reason }
}

/** Why it goes there, without what was noted on a post that is no answer. */
const withoutNotes = (reason: string, post: Rendered): string =>
  (post.fits ? post.notes : []).reduce((rest, note) => rest.replace(note, '').replace(/ {2,}/g, ' '), reason).trim()

/** The pictures go along all the same: where the earlier post turns out not to be there, the answer is a post of its own. */
const wordsAlone = ({ platform, post }: PlannedDecision, { offers }: Desk): string =>
  offers.connectors.get(platform)?.limits.replyImages === 0 && post !== null && (post.images.length > 0 || post.video)
    ? ', mit Text allein; Bild und Video gehen nur mit, wenn dort nichts mehr steht'
    : ''

const omitted = (decision: PlannedDecision, because: PlannedDecision['because'], reason: string): PlannedDecision => ({
  ...decision,
  verdict: 'omit',
  because,
  reason,
  notBefore: null,
  action: null,
  target: null,
  post: null,
})

const partsOf = (decision: PlannedDecision, desk: Desk): { readonly name: string; readonly can: Can } => {
  const channel = desk.city.channels.find(({ name }) => name === decision.channel) as Channel
  return { name: label(channel), can: abilities(channel, desk) }
}

const abilities =
  (channel: Channel, { offers }: Desk): Can =>
  (action) => {
    const connector = offers.connectors.get(channel.platform)
    return connector !== undefined && isAble(channel, connector, action)
  }
