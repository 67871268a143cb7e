// A correction where no post is without a picture: what changes or answers something needs none.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Announcement } from '../../src/announcement/announcement.ts'
import { planUpdate, type StandingDelivery, standingChannels } from '../../src/planning/follow-up.ts'
import { makePlan } from '../../src/planning/plan.ts'
import type { Situation } from '../../src/policy/decide.ts'
import { platforms } from '../../src/policy/platforms.ts'
import { aChannel, aCity, anAnnouncement } from '../support/builders.ts'
import { aConnector, offersOf } from '../support/offers.ts'

const noon: Situation = {
  now: '2025-03-06T11:00:00.000Z',
  suspended: new Map(),
  connected: new Set(platforms.keys()),
  approved: false,
}
const warning: Partial<Announcement> = { kind: 'warning', severity: 'Severe', title: 'Rauch in Beuel', text: 'Fenster schließen.' }
const second: Partial<Announcement> = { ...warning, text: 'Fenster und Türen schließen.' }
const limits = { needsMedia: true, images: { max: 4, maxBytes: 1_000_000, types: ['image/png'], altMax: 1_000 }, replyImages: 0 }
const offers = { ...offersOf(), connectors: new Map([['instagram', aConnector('instagram', ['reply'], limits)]]) }
const city = aCity({ channels: [aChannel({ name: 'instagram', platform: 'instagram' })] })
const image = { id: 'a'.repeat(64), type: 'image/png', size: 1000, width: 640, height: 480, alt: 'Der Keller' }

it('answers with words alone where no post is without a picture and an answer is, and says which pictures stay behind', () => {
  const [first] = makePlan(anAnnouncement({ ...warning, media: [image] }), city, 'policy', offers, noon).decisions
  const there = {
    id: 'instagram-1',
    channel: 'instagram',
    platform: 'instagram',
    action: 'publish',
    state: 'delivered',
    revision: 1,
  } as const
  const before: readonly StandingDelivery[] = [{ ...there, post: first?.post ?? null, receipt: true, retracted: false }]
  for (const [media, says] of [
    [[image], /ist Text allein, ohne Bild und Video/],
    [[], /die Korrektur folgt als Antwort/],
  ] as const) {
    const changed = makePlan(anAnnouncement({ ...second, media }), city, 'policy', offers, { ...noon, standing: standingChannels(before) })
    const [decision] = planUpdate(before, changed, { city, offers }).decisions
    assert.deepEqual([decision?.action, decision?.target, decision?.post?.images], ['reply', 'instagram-1', []])
    assert.match(decision?.post?.text ?? '', /^Korrektur: /)
    assert.match(decision?.reason ?? '', says)
    assert.doesNotMatch(decision?.reason ?? '', /Bildkarte/)
  }
})
