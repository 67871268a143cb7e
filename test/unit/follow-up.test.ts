// Corrections, all-clears and retractions: what happens to what stands, to what is on its way, and to what has not left.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Announcement } from '../../src/announcement/announcement.ts'
import { onItsWay, settled } from '../../src/delivery/delivery.ts'
import {
  followedChannels,
  planAllClear,
  planRetraction,
  planUpdate,
  type StandingDelivery,
  standingChannels,
} from '../../src/planning/follow-up.ts'
import { makePlan, type Plan, type PlannedDecision } from '../../src/planning/plan.ts'
import type { Situation } from '../../src/policy/decide.ts'
import { platforms } from '../../src/policy/platforms.ts'
import type { Channel, City } from '../../src/policy/policy.ts'
import { anyAnnouncement, anyCity, anySituation } from '../support/arbitraries.ts'
import { aChannel, aCity, anAnnouncement, aPost, aRule } from '../support/builders.ts'
import { aConnector, offersOf, someConnectors } from '../support/offers.ts'

const noon: Situation = {
  now: '2025-03-06T11:00:00.000Z',
  suspended: new Map(),
  connected: new Set(platforms.keys()),
  approved: false,
}
const offers = offersOf()
const names = ['newsroom', 'mastodon', 'bluesky', 'x', 'telegram'] as const
const on = (platform: string, over: Partial<Channel> = {}): Channel => aChannel({ name: platform, platform, ...over })
const everywhere = aCity({ channels: names.map((name) => on(name)) })

/** Telegram stands by for Mastodon. */
const taking = aCity({
  channels: [
    ...names.map((name) => on(name, name === 'mastodon' ? { fallback: 'telegram-2' } : {})),
    on('telegram', { name: 'telegram-2', use: 'standby' }),
  ],
})

const warning: Partial<Announcement> = { kind: 'warning', severity: 'Severe', title: 'Rauch in Beuel', text: 'Fenster schließen.' }
const second: Partial<Announcement> = { ...warning, text: 'Fenster und Türen schließen.' }

const planOf = (announcement: Partial<Announcement>, situation: Partial<Situation> = {}, city: City = everywhere): Plan =>
  makePlan(anAnnouncement(announcement), city, 'policy', offers, { ...noon, ...situation })

const aDelivery = (over: Partial<StandingDelivery> & Pick<StandingDelivery, 'channel'>): StandingDelivery => ({
  id: `${over.channel}-1`,
  platform: over.channel,
  action: 'publish',
  state: 'delivered',
  revision: 1,
  post: aPost(),
  receipt: (over.state ?? 'delivered') === 'delivered',
  retracted: false,
  ...over,
})

/** What the store would know after the plan was carried out everywhere; posts come back from JSON. */
const delivered = (plan: Plan, over: Partial<StandingDelivery> = {}): readonly StandingDelivery[] =>
  plan.decisions.flatMap(({ channel, platform, action, post }) =>
    action === null ? [] : [aDelivery({ channel, platform, action, post: JSON.parse(JSON.stringify(post)), ...over })],
  )

const update = (
  before: readonly StandingDelivery[],
  announcement: Partial<Announcement>,
  situation: Partial<Situation> = {},
  city: City = everywhere,
): Plan =>
  planUpdate(
    before,
    planOf(announcement, { standing: standingChannels(before), followed: followedChannels(before, city), ...situation }, city),
    {
      city,
      offers,
    },
  )

const retraction = (before: readonly StandingDelivery[], situation: Partial<Situation> = {}, city: City = everywhere): Plan =>
  planRetraction(before, {
    announcement: anAnnouncement(warning),
    city,
    policyDigest: 'policy',
    connectors: offers.connectors,
    situation: { ...noon, ...situation },
  })

const decisionOn = (plan: Plan, channel: string): PlannedDecision => plan.decisions.find((decision) => decision.channel === channel)!
const outcome = ({ verdict, because, action, target, supersedes }: PlannedDecision): string =>
  [verdict, because, action, target, ...supersedes.map((id) => `not ${id}`)].filter((part) => part !== null).join(' ')
const outcomes = (plan: Plan): readonly string[] => plan.decisions.map(outcome)

describe('an amended announcement', () => {
  const first = delivered(planOf(warning))

  it('changes posts where that can be done, answers where only that can be done, and says where neither can', () => {
    const plan = update(first, second)
    assert.deepEqual(outcomes(plan), [
      'send rule update newsroom-1',
      'send rule update mastodon-1',
      'send rule reply bluesky-1',
      'omit cannot-update',
      'omit cannot-update',
    ])
    assert.match(decisionOn(plan, 'mastodon').post!.text, /^WARNUNG: Rauch in Beuel\n\nFenster und Türen/)
    assert.match(decisionOn(plan, 'bluesky').post!.text, /^Korrektur: WARNUNG: Rauch in Beuel\n\nFenster und Türen/)
    assert.match(decisionOn(plan, 'x').reason, /von Hand berichtigen/)
    assert.equal(decisionOn(plan, 'x').post, null)
  })

  it('does nothing where readers would see no difference', () => {
    assert.deepEqual(outcomes(update(first, warning)), Array(5).fill('omit unchanged'))
  })

  it('shortens a correction so that its first word fits too', () => {
    const long = { ...second, text: 'Wort '.repeat(80).trim() }
    const { post } = decisionOn(update(first, long), 'bluesky')
    assert.match(post!.text, /^Korrektur: WARNUNG: /)
    assert.ok(post!.length <= 300)
  })

  it('corrects the post itself a second time, and compares with what readers saw last', () => {
    const correction = aDelivery({
      channel: 'bluesky',
      id: 'bluesky-2',
      action: 'reply',
      revision: 2,
      post: decisionOn(update(first, second), 'bluesky').post,
    })
    const change = aDelivery({
      channel: 'mastodon',
      id: 'mastodon-2',
      action: 'update',
      revision: 2,
      post: decisionOn(update(first, second), 'mastodon').post,
    })
    const before = [...first, correction, change]
    assert.equal(outcome(decisionOn(update(before, second), 'bluesky')), 'omit unchanged')
    assert.equal(outcome(decisionOn(update(before, second), 'mastodon')), 'omit unchanged')
    assert.equal(outcome(decisionOn(update(before, warning), 'bluesky')), 'send rule reply bluesky-1')
    assert.equal(outcome(decisionOn(update(before, warning), 'mastodon')), 'send rule update mastodon-1')
  })

  it('is published where nothing stands: never planned, given up, expired, taken back', () => {
    const before = [
      aDelivery({ channel: 'mastodon', state: 'given-up' }),
      aDelivery({ channel: 'bluesky', state: 'expired' }),
      aDelivery({ channel: 'x', retracted: true }),
      aDelivery({ channel: 'telegram', state: 'superseded' }),
    ]
    assert.deepEqual(outcomes(update(before, second)), Array(5).fill('send rule publish'))
  })

  it('takes the place of what has not left yet', () => {
    const before = [
      ...(['planned', 'queued', 'waiting'] as const).map((state, index) => aDelivery({ channel: names[index]!, state })),
      aDelivery({ channel: 'x', state: 'held', unclear: false }),
    ]
    const plan = update(before, second)
    assert.deepEqual(outcomes(plan), [
      'send rule publish not newsroom-1',
      'send rule publish not mastodon-1',
      'send rule publish not bluesky-1',
      'send rule publish not x-1',
      'send rule publish',
    ])
    assert.match(decisionOn(plan, 'x').reason, /noch nicht draußen und wird durch diese ersetzt/)
  })

  it('follows what may be there already instead of posting it a second time', () => {
    for (const over of [
      { state: 'sending' },
      { state: 'looking' },
      { state: 'held' },
      { state: 'held', unclear: true },
      { state: 'queued', unclear: true },
    ] as const) {
      assert.equal(
        outcome(decisionOn(update([aDelivery({ channel: 'mastodon', ...over })], second), 'mastodon')),
        'send rule update mastodon-1',
      )
      assert.equal(outcome(decisionOn(update([aDelivery({ channel: 'telegram', ...over })], second), 'telegram')), 'omit cannot-update')
    }
  })

  it('supersedes a change that has not left, and still changes the post', () => {
    const before = [...first, aDelivery({ channel: 'mastodon', id: 'mastodon-2', action: 'update', state: 'queued', revision: 2 })]
    assert.equal(
      outcome(decisionOn(update(before, { ...second, text: 'Dritte Fassung.' }), 'mastodon')),
      'send rule update mastodon-1 not mastodon-2',
    )
    assert.equal(outcome(decisionOn(update(before, warning), 'mastodon')), 'omit unchanged not mastodon-2')
  })

  it('keeps the earlier wording from leaving on channels that do not carry the new one, and says where it stays', () => {
    const city = aCity({ channels: [on('mastodon', { use: 'dormant' }), on('bluesky', { use: 'dormant' })] })
    const before = [aDelivery({ channel: 'mastodon' }), aDelivery({ channel: 'bluesky', state: 'queued' })]
    const plan = update(before, second, {}, city)
    assert.deepEqual(outcomes(plan), ['omit dormant', 'omit dormant not bluesky-1'])
    assert.match(decisionOn(plan, 'mastodon').reason, /Dort steht weiterhin die frühere Fassung\.$/)
    assert.doesNotMatch(decisionOn(plan, 'bluesky').reason, /steht weiterhin/)
  })

  it('reaches an emergency-only channel on which it stands, also when it has become less severe', () => {
    const city = aCity({ channels: [on('mastodon', { use: 'emergency-only' })] })
    const before = [aDelivery({ channel: 'mastodon' })]
    assert.equal(outcome(decisionOn(update(before, { ...second, severity: 'Minor' }, {}, city), 'mastodon')), 'send rule update mastodon-1')
    assert.equal(outcome(decisionOn(update([], { ...second, severity: 'Minor' }, {}, city), 'mastodon')), 'omit emergency-only')
  })

  it('reaches a stand-in that had taken over', () => {
    const city = aCity({
      channels: [on('x', { fallback: 'mastodon' }), on('mastodon', { use: 'standby' })],
      rules: [aRule({ channels: ['x'] })],
    })
    const before = [aDelivery({ channel: 'x', state: 'given-up' }), aDelivery({ channel: 'mastodon' })]
    assert.deepEqual(outcomes(update(before, second, {}, city)), ['send rule publish', 'send follows update mastodon-1'])
  })

  it('waits where the channel is suspended or an approval is due', () => {
    const suspended = { suspended: new Map([['mastodon', 'Die Anmeldung ist abgelaufen.']]) }
    assert.equal(outcome(decisionOn(update(first, second, suspended), 'mastodon')), 'wait suspended update mastodon-1')
    const held = aCity({ channels: [on('mastodon')], rules: [aRule({ hold: ['approval'] })] })
    assert.equal(outcome(decisionOn(update(first, second, {}, held), 'mastodon')), 'wait approval update mastodon-1')
  })

  it('says what to do on a channel that the city file no longer has', () => {
    const before = [
      aDelivery({ channel: 'threads' }),
      aDelivery({ channel: 'facebook', state: 'queued' }),
      aDelivery({ channel: 'email', state: 'given-up' }),
    ]
    const plan = update(before, second)
    assert.deepEqual(outcomes(plan).slice(5), ['omit cannot-update', 'omit nothing-there not facebook-1'])
    assert.match(
      decisionOn(plan, 'threads').reason,
      /»threads« \(Threads\) steht nicht mehr in der Kanalregelung; bitte den Beitrag dort von Hand berichtigen\.$/,
    )
  })

  it('has a digest of its own that outlives suspensions, and the plain one where nothing stands', () => {
    const suspended = { suspended: new Map([['mastodon', 'weg']]) }
    assert.equal(update(first, second).digest, update(first, second, suspended).digest)
    assert.notEqual(update(first, second).digest, planOf(second).digest)
    assert.equal(update([], second).digest, planOf(second).digest)
  })

  it('P24 has a digest that outlives every step of the deliveries of what is out', () => {
    const narrow = aCity({ channels: everywhere.channels, rules: [aRule({ when: { ...aRule().when, severity: 'Extreme' } })] })
    for (const city of [everywhere, narrow, taking]) {
      const digests = new Set<string>()
      for (const state of [...onItsWay, ...settled])
        for (const of of first.map(({ channel }) => channel)) {
          const before = first.map((one) => (one.channel === of ? { ...one, state, receipt: state === 'delivered' } : one))
          digests.add(update(before, second, {}, city).digest)
          const takenOver = aDelivery({ channel: 'telegram-2', platform: 'telegram', state, receipt: state === 'delivered' })
          if (city === taking) digests.add(update([...before, takenOver], second, {}, city).digest)
        }
      assert.equal(digests.size, 1)
    }
  })

  it('P24 has another digest after another revision, a retraction, an all-clear, or where something else can be done with what is out', () => {
    const { digest } = update(first, second)
    const revised = first.map((one) => ({ ...one, revision: 2 }))
    const taken = [...first, aDelivery({ channel: 'x', action: 'retract', state: 'queued' })]
    const ended = planUpdate(first, planOf(second), { city: everywhere, offers, ended: true })
    const answering = offersOf([
      ...someConnectors.filter(({ platform }) => platform !== 'mastodon'),
      aConnector('mastodon', ['reply'], { text: { max: 500 } }),
    ])
    const answers = planUpdate(first, planOf(second, { followed: followedChannels(first, everywhere) }), {
      city: everywhere,
      offers: answering,
    })
    const closed = aCity({ channels: names.map((name) => on(name, name === 'mastodon' ? { use: 'left' } : {})) })
    const others = [update(revised, second), update(taken, second), ended, answers, update(first, second, {}, closed)]
    assert.equal(new Set([digest, ...others.map((plan) => plan.digest)]).size, others.length + 1)
  })

  it('P23 looks at the status of what readers see or may see yet, not of what an older version has overwritten or stopped', () => {
    const drill = aPost({ status: 'Exercise' })
    const overwritten = [aDelivery({ channel: 'mastodon' }), aDelivery({ channel: 'mastodon', id: 'm2', action: 'update', post: drill })]
    const stopped = [aDelivery({ channel: 'bluesky', state: 'superseded' }), aDelivery({ channel: 'bluesky', id: 'b2', post: drill })]
    assert.equal(
      outcome(decisionOn(update([...overwritten, ...stopped], { ...second, status: 'Exercise' }), 'mastodon')),
      'send follows update mastodon-1',
    )
    const mismatch = { code: 'status-mismatch' }
    assert.throws(() => update(overwritten, second), mismatch)
    const answered = [aDelivery({ channel: 'bluesky' }), aDelivery({ channel: 'bluesky', id: 'b2', action: 'reply', post: drill })]
    assert.throws(() => update(answered, { ...second, status: 'Exercise' }), mismatch, 'the first post stands there in earnest')
    const changing = [overwritten[0]!, { ...overwritten[1]!, state: 'sending' as const, receipt: false }]
    assert.throws(() => update(changing, { ...second, status: 'Exercise' }), mismatch, 'the change may never arrive')
    assert.equal(decisionOn(retraction([...overwritten, ...answered]), 'bluesky').action, 'retract')
  })
})

describe('an all-clear', () => {
  const allClear: Partial<Announcement> = {
    kind: 'all-clear',
    title: 'Kein Rauch mehr',
    text: 'Fenster dürfen auf.',
    references: '0190c2f4-0000-7000-8000-00000000000a',
  }
  const end = (before: readonly StandingDelivery[], over: Partial<Announcement> = {}, city: City = everywhere): Plan =>
    planAllClear(before, planOf({ ...allClear, ...over }, { standing: standingChannels(before) }, city), { city, offers })

  it('answers the warning where it stands and the platform has answers, and is published elsewhere', () => {
    const plan = end(delivered(planOf(warning)))
    assert.deepEqual(outcomes(plan), [
      'send rule publish',
      'send rule reply mastodon-1',
      'send rule reply bluesky-1',
      'send rule publish',
      'send rule publish',
    ])
    for (const { post } of plan.decisions) assert.match(post!.text, /^ENTWARNUNG: Kein Rauch mehr/)
  })

  it('keeps a warning that has not left from leaving, and waits to answer one that is just leaving', () => {
    const before = [aDelivery({ channel: 'mastodon', state: 'queued' }), aDelivery({ channel: 'bluesky', state: 'sending' })]
    const plan = end(before)
    assert.equal(outcome(decisionOn(plan, 'mastodon')), 'send rule publish not mastodon-1')
    assert.equal(outcome(decisionOn(plan, 'bluesky')), 'send rule reply bluesky-1')
  })

  it('reaches an emergency-only channel on which the warning stands, without naming a severity', () => {
    const city = aCity({ channels: [on('x', { use: 'emergency-only' })], rules: [aRule({ when: { ...aRule().when, kind: ['warning'] } })] })
    assert.deepEqual(outcomes(end([aDelivery({ channel: 'x' })], {}, city)), ['send follows publish'])
    assert.deepEqual(outcomes(end([], {}, city)), ['omit emergency-only'])
  })

  it('is the only follower that holds back what it follows', () => {
    const before = [aDelivery({ channel: 'mastodon', state: 'queued' })]
    assert.equal(outcome(decisionOn(end(before, { kind: 'notice' }), 'mastodon')), 'send rule publish')
  })
})

describe('a retraction', () => {
  it('takes back each post that stands, corrections before what they correct, and says where a person has to do it', () => {
    const before = [
      ...delivered(planOf(warning)),
      aDelivery({ channel: 'bluesky', id: 'bluesky-2', action: 'reply' }),
      aDelivery({ channel: 'mastodon', id: 'mastodon-2', action: 'update' }),
    ]
    const plan = retraction(before)
    assert.deepEqual(outcomes(plan), [
      'send follows retract newsroom-1',
      'send follows retract mastodon-1',
      'send follows retract bluesky-2',
      'send follows retract bluesky-1',
      'send follows retract x-1',
      'omit cannot-retract',
    ])
    assert.match(decisionOn(plan, 'telegram').reason, /von Hand löschen\.$/)
    for (const { post, way } of plan.decisions) assert.deepEqual([post, way], [null, 'urgent'])
  })

  it('supersedes what has not left, follows what may be there, and leaves the rest in peace', () => {
    const before = [
      aDelivery({ channel: 'newsroom', state: 'queued' }),
      aDelivery({ channel: 'mastodon', state: 'looking' }),
      aDelivery({ channel: 'bluesky', retracted: true }),
      aDelivery({ channel: 'x' }),
      aDelivery({ channel: 'x', id: 'x-2', action: 'update', state: 'waiting' }),
    ]
    assert.deepEqual(outcomes(retraction(before)), [
      'omit nothing-there not newsroom-1',
      'send follows retract mastodon-1',
      'omit nothing-there',
      'send follows retract x-1 not x-2',
      'omit nothing-there',
    ])
  })

  it('waits for a suspended channel, and leaves a resting one to a person', () => {
    const before = [aDelivery({ channel: 'mastodon' }), aDelivery({ channel: 'x' }), aDelivery({ channel: 'tiktok' })]
    const city = aCity({ channels: [on('mastodon'), on('x', { use: 'left' }), on('tiktok')] })
    const plan = retraction(before, { suspended: new Map([['mastodon', 'weg']]) }, city)
    assert.deepEqual(outcomes(plan), ['wait suspended retract mastodon-1', 'omit left', 'omit no-connector'])
    for (const channel of ['x', 'tiktok']) assert.match(decisionOn(plan, channel).reason, /von Hand löschen\.$/)
  })

  it('needs no approval', () => {
    assert.equal(
      retraction([aDelivery({ channel: 'mastodon' })], {}, { ...everywhere, rules: [aRule({ hold: ['approval'] })] }).needsApproval,
      false,
    )
  })
})

describe('what has another status', () => {
  for (const status of ['Exercise', 'Test'] as const)
    it(`P23 is never changed, answered or superseded: ${status} beside Actual, either way`, () => {
      const real = [aDelivery({ channel: 'mastodon', state: 'queued' })]
      const drill = [aDelivery({ channel: 'mastodon', state: 'queued', post: aPost({ status }) })]
      const mismatch = { code: 'status-mismatch' }
      assert.throws(() => update(real, { ...second, status }), mismatch)
      assert.throws(() => update(drill, second), mismatch)
      const desk = { city: everywhere, offers }
      assert.throws(() => planAllClear(real, planOf({ kind: 'all-clear', status }), desk), mismatch)
      assert.throws(() => planAllClear(drill, planOf({ kind: 'all-clear' }), desk), mismatch)
    })
})

describe('whatever stands', () => {
  const all = offersOf(
    [...platforms.keys()].map(
      (platform, index) => someConnectors[index] ?? aConnector(platform, ['update', 'retract', 'reply'].slice(index % 3) as never),
    ),
  )
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'gone'] as const
  const delivery = fc.record({
    channel: fc.constantFrom(...letters),
    action: fc.constantFrom('publish' as const, 'update' as const, 'reply' as const, 'retract' as const),
    state: fc.constantFrom(...onItsWay, ...settled, 'delivered' as const, 'delivered' as const),
    retracted: fc.boolean(),
    unclear: fc.option(fc.boolean(), { nil: undefined }),
    text: fc.constantFrom('Fenster schließen.', 'Fenster und Türen schließen.'),
  })
  const scene = fc.record({
    announcement: anyAnnouncement,
    city: anyCity,
    situation: anySituation,
    drawn: fc.array(delivery, { maxLength: 12 }),
    follow: fc.constantFrom('update' as const, 'all-clear' as const, 'retraction' as const),
  })

  it('nothing that waits is forgotten, nothing is done twice or without the means, and closed channels stay closed', () => {
    let acted = 0
    fc.assert(
      fc.property(scene, ({ announcement, city, situation, drawn, follow }) => {
        const before = drawn.map(({ unclear, text, retracted, ...rest }, index): StandingDelivery => {
          const platform = city.channels.find(({ name }) => name === rest.channel)?.platform ?? 'x'
          const receipt = rest.state === 'delivered'
          const over = unclear === undefined ? {} : { unclear }
          return aDelivery({
            ...rest,
            ...over,
            id: String(index),
            platform,
            receipt,
            retracted: receipt && retracted,
            post: aPost({ text, status: announcement.status }),
          })
        })
        const standing = { ...situation, standing: standingChannels(before) }
        const plan = makePlan(announcement, city, 'policy', all, standing)
        const desk = { city, offers: all }
        const { decisions } =
          follow === 'update'
            ? planUpdate(before, plan, desk)
            : follow === 'all-clear'
              ? planAllClear(before, plan, desk)
              : planRetraction(before, { announcement, city, policyDigest: 'policy', connectors: all.connectors, situation })

        const heads = new Set(decisions.map(({ channel }) => channel))
        for (const { name } of city.channels) assert.ok(heads.has(name))
        if (follow !== 'retraction') assert.equal(heads.size, decisions.length)

        const superseded = decisions.flatMap(({ supersedes }) => supersedes)
        assert.equal(new Set(superseded).size, superseded.length)
        const waits = ({ action, state, unclear }: StandingDelivery): boolean =>
          action !== 'retract' &&
          (['planned', 'queued', 'waiting', 'held'] as const).some((each) => each === state) &&
          !(unclear ?? state === 'held')
        const waiting = before.filter(waits).map(({ id }) => id)
        if (follow !== 'all-clear' || announcement.kind === 'all-clear') assert.deepEqual([...superseded].sort(), waiting.sort())
        else assert.deepEqual(superseded, [])

        const targets = decisions.flatMap(({ target }) => target ?? [])
        assert.equal(new Set(targets).size, targets.length)
        for (const { channel, platform, verdict, action, target, post, reason } of decisions) {
          assert.match(reason, /^\p{Lu}.{15,}\.$/su)
          assert.equal(action === null, verdict === 'omit')
          if (action === null) continue
          acted++
          const { use } = city.channels.find(({ name }) => name === channel)!
          assert.ok(use !== 'dormant' && use !== 'left' && platform !== 'google-plus')
          assert.equal(target === null, action === 'publish')
          assert.equal(post === null, action === 'retract')
          if (action !== 'publish') assert.ok(all.connectors.get(platform)![action], `${platform} cannot ${action}`)
          if (target !== null) {
            const aimed = before.find(({ id }) => id === target)!
            assert.equal(aimed.channel, channel)
            assert.ok(aimed.action === 'publish' || aimed.action === 'reply')
            assert.ok(!aimed.retracted && !superseded.includes(target))
          }
          if (action === 'publish' && follow === 'update') assert.ok(!standing.standing.has(channel), 'published beside what stands')
        }
      }),
      { numRuns: 8_000 },
    )
    assert.ok(acted > 500, `only ${acted} actions: the property says nothing`)
  })
})
