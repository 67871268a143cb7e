// Taking back what was announced: one retraction for each post that stands, and a word on every channel where that cannot be done.
import type { Announcement } from '../announcement/announcement.ts'
import type { Connectors } from '../connector/connector.ts'
import type { Situation } from '../policy/decide.ts'
import { cityAt } from '../policy/in-force.ts'
import { platforms } from '../policy/platforms.ts'
import type { Channel, City } from '../policy/policy.ts'
import { barred, label, suspended } from '../policy/reasons.ts'
import { isAble, isByHand } from './able.ts'
import { digestOf } from './digest.ts'
import { leftOut, orphans } from './left-out.ts'
import type { Plan, PlannedDecision } from './plan.ts'
import { nothingStands, type Standing, type StandingDelivery, standingOf } from './standing.ts'

export interface Retraction {
  readonly announcement: Announcement
  readonly city: City
  readonly policyDigest: string
  readonly connectors: Connectors
  readonly situation: Pick<Situation, 'suspended' | 'now'>
}

/**
 * The plan that takes an announcement back everywhere: the newest post of a channel first, without approval and always on the urgent way.
 * What has not left is superseded. Every channel gets a decision, one with several posts gets several.
 * @param before the announcement's deliveries so far
 */
export const planRetraction = (before: readonly StandingDelivery[], retraction: Retraction): Plan => {
  const { announcement, policyDigest } = retraction
  const city = cityAt(retraction.city, retraction.situation.now)
  const standing = standingOf(before)
  const decisions = city.channels.flatMap((channel) => retracted(channel, standing.get(channel.name) ?? nothingStands, retraction))
  const known = new Set(city.channels.map(({ name }) => name))
  const all = [...decisions, ...orphans(standing, known, { because: 'cannot-retract', way, undo: 'löschen' })]
  const digest = digestOf(
    announcement,
    policyDigest,
    all.filter(({ action }) => action !== null),
  )
  return { city: city.key, announcement, digest, policyDigest, needsApproval: false, decisions: all }
}

/** Taking back is urgent whatever was announced. */
const way = 'urgent'

const nothingThere = (name: string, { waiting }: Standing): string =>
  waiting.length === 0
    ? `Auf ${name} steht nichts von dieser Meldung.`
    : `Auf ${name} war die Meldung noch nicht erschienen; sie wird dort nicht mehr gesendet.`

const retracted = (channel: Channel, standing: Standing, retraction: Retraction): readonly PlannedDecision[] => {
  const left = leftOut(channel, way, standing.waiting)
  const name = label(channel)
  if (standing.posts.length === 0) return [left('nothing-there', nothingThere(name, standing))]
  if (platforms.get(channel.platform)?.discontinued)
    return [left('discontinued', barred('discontinued', retraction.announcement, { channel, city: retraction.city }))]
  if (channel.use === 'dormant' || channel.use === 'left')
    return [left(channel.use, `${name} wird nicht mehr genutzt; bitte den Beitrag dort von Hand löschen.`)]
  const connector = retraction.connectors.get(channel.platform)
  if (connector === undefined)
    return [left('no-connector', `Für ${name} gibt es hier keine Anbindung; bitte den Beitrag dort von Hand löschen.`)]
  if (!isAble(channel, connector, 'retract'))
    return [
      left(
        'cannot-retract',
        connector.cannotRetract ?? `${name} lässt sich von hier aus nicht löschen; bitte den Beitrag dort von Hand löschen.`,
      ),
    ]
  const why = retraction.situation.suspended.get(channel.name)
  return standing.posts.toReversed().map((post, index) => ({
    ...left(
      'follows',
      isByHand(channel, connector, 'retract')
        ? `Den Beitrag auf ${name} kann nur ein Mensch löschen; er bekommt die Aufgabe.`
        : `Der Beitrag auf ${name} wird zurückgenommen.`,
    ),
    ...(why === undefined
      ? { verdict: 'send' as const }
      : { verdict: 'wait' as const, because: 'suspended' as const, reason: suspended(channel, why, null) }),
    action: 'retract' as const,
    target: post.id,
    supersedes: index === 0 ? standing.waiting : [],
  }))
}
