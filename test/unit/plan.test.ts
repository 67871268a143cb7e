// What will be done: every channel with its reason, and a digest that stands for what would be sent.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Announcement } from '../../src/announcement/announcement.ts'
import type { Limits } from '../../src/connector/limits.ts'
import { learned } from '../../src/connector/limits.ts'
import { makePlan, type Offers, type Plan, type PlannedDecision } from '../../src/planning/plan.ts'
import type { Situation } from '../../src/policy/decide.ts'
import { platforms } from '../../src/policy/platforms.ts'
import type { Channel, City } from '../../src/policy/policy.ts'
import { render } from '../../src/rendering/render.ts'
import { anyAnnouncement, anyCity, anySituation } from '../support/arbitraries.ts'
import { aChannel, aCity, anAnnouncement, aRule } from '../support/builders.ts'
import { aConnector, offersOf, someConnectors } from '../support/offers.ts'

const noon: Situation = {
  now: '2025-03-06T11:00:00.000Z',
  suspended: new Map(),
  connected: new Set(platforms.keys()),
  approved: false,
}
const on = (platform: string, over: Partial<Channel> = {}): Channel => aChannel({ name: platform, platform, ...over })
const everywhere = aCity({ channels: [on('newsroom'), on('mastodon'), on('bluesky'), on('x')] })

const planOf = (
  announcement: Partial<Announcement>,
  city: City = everywhere,
  over: { offers?: Offers; situation?: Partial<Situation>; policy?: string } = {},
): Plan => makePlan(anAnnouncement(announcement), city, over.policy ?? 'policy', over.offers ?? offersOf(), { ...noon, ...over.situation })
const decisionOn = (plan: Plan, channel: string): PlannedDecision => plan.decisions.find((decision) => decision.channel === channel)!
const outcome = ({ verdict, because, action }: PlannedDecision): string => `${verdict} ${because} ${action}`

const image = { id: 'a'.repeat(64), type: 'image/png', size: 1000, width: 640, height: 480, alt: 'Das Freibad von oben' }

describe('a plan', () => {
  it('publishes where the policy sends, each post by its platform’s limits', () => {
    const plan = planOf({ text: 'Wort '.repeat(80).trim() })
    assert.deepEqual(plan.decisions.map(outcome), Array(4).fill('send rule publish'))
    assert.deepEqual(
      plan.decisions.map(({ post }) => post!.max),
      [50_000, 500, 300, 280],
    )
    assert.match(decisionOn(plan, 'bluesky').post!.text, / …\n\nhttps/)
    assert.match(decisionOn(plan, 'bluesky').reason, /Der Text ist für Bluesky gekürzt\.$/)
    assert.doesNotMatch(decisionOn(plan, 'mastodon').reason, /gekürzt/)
  })

  it('takes what an instance says of itself for its limits', () => {
    const offers = { ...offersOf(), learned: new Map([['mastodon', { text: { max: 1_000 } }]]) }
    assert.equal(decisionOn(planOf({}, everywhere, { offers }), 'mastodon').post!.max, 1_000)
  })

  it('says how many a channel takes in a day, of what is new and everyday alone', () => {
    const city = aCity({ channels: [on('x', { perDay: 3 }), on('mastodon', { perDay: 1 }), on('bluesky')] })
    const reasons = (over: Partial<Announcement>, situation: Partial<Situation> = {}) =>
      planOf(over, city, { situation }).decisions.map(({ reason }) => /Auf .* am Tag;.*$/.exec(reason)?.[0] ?? '')
    assert.deepEqual(reasons({}), [
      'Auf X erscheinen höchstens 3 Meldungen am Tag; was mehr ist, folgt am nächsten Tag.',
      'Auf Mastodon erscheint höchstens eine Meldung am Tag; was mehr ist, folgt am nächsten Tag.',
      '',
    ])
    assert.deepEqual(reasons({ kind: 'warning', severity: 'Minor' }), ['', '', ''])
    assert.match(reasons({}, { standing: new Set(['mastodon']) }).join('|'), /^Auf X.*\|\|$/)
  })

  it('says what the platform charges, and what it wants known of every post', () => {
    const dear = {
      ...aConnector('x'),
      cost: ({ link }: { link: string | null }) => ({ amount: link ? 0.2 : 0.015, currency: 'USD' as const }),
    }
    const shy = { ...aConnector('tiktok'), notes: (settings: object) => ('audited' in settings ? [] : ['Nur für Sie selbst zu sehen.']) }
    const offers = offersOf([dear, shy])
    const city = aCity({ channels: [on('x'), on('tiktok')] })
    const plan = planOf({}, city, { offers })
    assert.match(decisionOn(plan, 'x').reason, /kostet auf X 0,20\s\$\.$/)
    assert.deepEqual(decisionOn(plan, 'x').post?.cost, { amount: 0.2, currency: 'USD' })
    assert.match(decisionOn(planOf({ link: null }, city, { offers }), 'x').reason, /0,015\s\$\.$/)
    assert.match(decisionOn(plan, 'tiktok').reason, /Nur für Sie selbst zu sehen\.$/)
    const audited = aCity({ channels: [on('tiktok', { settings: { audited: true } })] })
    assert.doesNotMatch(decisionOn(planOf({}, audited, { offers }), 'tiktok').reason, /Nur für Sie/)
  })

  it('says where a person publishes, and nothing of the program that does not', () => {
    const offers = offersOf([{ ...aConnector('x'), cost: () => ({ amount: 1, currency: 'EUR' as const }) }])
    const { reason, verdict } = decisionOn(planOf({}, aCity({ channels: [on('x', { by: 'hand' })] }), { offers }), 'x')
    assert.equal(verdict, 'send')
    assert.match(reason, /Auf X veröffentlicht ein Mensch/)
    assert.doesNotMatch(reason, /kostet/)
  })

  it('leaves out a channel on which it does not fit, and says why', () => {
    const { verdict, because, reason, post, action, notBefore } = decisionOn(
      planOf({ channelTexts: { x: 'W'.repeat(281) }, publishAt: '2025-03-07T11:00:00.000Z' }),
      'x',
    )
    assert.deepEqual(
      { verdict, because, post, action, notBefore },
      { verdict: 'omit', because: 'does-not-fit', post: null, action: null, notBefore: null },
    )
    assert.match(reason, /^Der eigene Text dieses Kanals ist für X zu lang: \d+ Zeichen, höchstens 280/)
  })

  it('leaves out a channel that takes nothing without an image', () => {
    const offers = offersOf([aConnector('instagram', [], { needsMedia: true })])
    const city = aCity({ channels: [on('instagram')] })
    assert.equal(outcome(decisionOn(planOf({}, city, { offers }), 'instagram')), 'omit needs-media null')
    assert.equal(outcome(decisionOn(planOf({ media: [image] }, city, { offers }), 'instagram')), 'send rule publish')
  })

  it('calls a platform without a connector that, also when it was said to be connected', () => {
    const city = aCity({ channels: [on('tiktok')] })
    assert.equal(outcome(decisionOn(planOf({}, city), 'tiktok')), 'omit no-connector null')
  })

  it('needs an approval where a rule asks for it, whether it was given or not', () => {
    const city = aCity({ rules: [aRule({ hold: ['approval'] })] })
    assert.deepEqual([planOf({}, city).needsApproval, outcome(decisionOn(planOf({}, city), 'newsroom'))], [true, 'wait approval publish'])
    const given = planOf({}, city, { situation: { approved: true } })
    assert.deepEqual([given.needsApproval, outcome(decisionOn(given, 'newsroom'))], [true, 'send rule publish'])
    assert.equal(planOf({}).needsApproval, false)
  })
})

describe('a fallback', () => {
  const standby = on('telegram', { use: 'standby' })
  const city = aCity({ channels: [on('x', { fallback: 'telegram' }), standby] })
  const xIsDown = { suspended: new Map([['x', 'Kein Guthaben.']]) }

  it('stands by with the post with which it would take over, and does nothing else', () => {
    const decision = decisionOn(planOf({}, city), 'telegram')
    assert.equal(outcome(decision), 'omit standby null')
    assert.equal(decision.standbyFor, 'x')
    assert.equal(decision.post!.max, 300)
  })

  it('takes over with that very post', () => {
    const down = planOf({}, city, { situation: xIsDown })
    assert.deepEqual(down.decisions.map(outcome), ['omit suspended null', 'send fallback publish'])
    assert.equal(decisionOn(down, 'x').post, null)
    assert.deepEqual(decisionOn(down, 'telegram').post, decisionOn(planOf({}, city), 'telegram').post)
  })

  it('on which the announcement does not fit is passed over: the channel waits instead', () => {
    const plan = planOf({ channelTexts: { telegram: 'W'.repeat(301) } }, city, { situation: xIsDown })
    assert.deepEqual(plan.decisions.map(outcome), ['wait suspended publish', 'omit standby null'])
  })

  it('on which the announcement does not fit leaves its place to its own fallback', () => {
    const row = aCity({
      channels: [on('x', { fallback: 'telegram' }), { ...standby, fallback: 'bluesky' }, on('bluesky', { use: 'standby' })],
    })
    const plan = planOf({ channelTexts: { telegram: 'W'.repeat(301) } }, row, { situation: xIsDown })
    assert.deepEqual(plan.decisions.map(outcome), ['omit suspended null', 'omit standby null', 'send fallback publish'])
  })
})

describe('the digest', () => {
  const held = aCity({
    quietHours: [{ from: '22:00', to: '06:00', on: null }],
    channels: [
      on('newsroom'),
      on('x', { fallback: 'bluesky' }),
      on('bluesky', { use: 'standby', fallback: 'telegram' }),
      on('telegram', { use: 'standby' }),
    ],
    rules: [aRule({ hold: ['approval', 'quiet-hours'] })],
  })
  const announcement = { expires: '2025-04-01T00:00:00.000Z', publishAt: '2025-03-08T00:00:00.000Z' }
  const { digest } = planOf(announcement, held)

  it('is a SHA-256', () => assert.match(digest, /^[0-9a-f]{64}$/))

  it('outlives the clock, the approval, suspensions and what an instance takes beyond what is needed', () => {
    const situations: readonly Partial<Situation>[] = [
      { now: '2025-03-07T23:00:00.000Z' },
      { now: '2025-03-20T10:00:00.000Z' },
      { now: '2025-05-01T10:00:00.000Z' },
      { approved: true },
      { suspended: new Map([['x', 'weg']]) },
      {
        suspended: new Map([
          ['x', 'weg'],
          ['bluesky', 'weg'],
        ]),
      },
      { suspended: new Map([['bluesky', 'weg']]) },
    ]
    for (const situation of situations) assert.equal(planOf(announcement, held, { situation }).digest, digest)
    assert.equal(
      planOf(announcement, held, { offers: { ...offersOf(), learned: new Map([['x', { text: { max: 400 } }]]) } }).digest,
      digest,
    )
  })

  it('changes with every word, image, channel, rule and policy that would make a difference', () => {
    const other = (channels: readonly Channel[]): City => ({ ...held, channels })
    const digests = [
      planOf({ ...announcement, title: 'Freibad öffnet am Sonntag' }, held),
      planOf({ ...announcement, link: null }, held),
      planOf({ ...announcement, media: [image] }, held),
      planOf({ ...announcement, media: [{ ...image, alt: 'Anders' }] }, held),
      planOf({ ...announcement, channelTexts: { telegram: 'Nur dort anders' } }, held),
      planOf({ ...announcement, publishAt: null }, held),
      planOf(announcement, held, { policy: 'other' }),
      planOf(announcement, other(held.channels.slice(0, 3))),
      planOf(announcement, other([on('newsroom', { use: 'dormant' }), ...held.channels.slice(1)])),
      planOf(announcement, other([on('newsroom', { template: { '*': '{text}' } }), ...held.channels.slice(1)])),
      planOf(announcement, { ...held, rules: [aRule({ doubles: 'tolerate' })] }),
      planOf({ ...announcement, text: 'Wort '.repeat(80).trim() }, held),
      planOf({ ...announcement, text: 'Wort '.repeat(80).trim() }, held, {
        offers: { ...offersOf(), learned: new Map([['x', { text: { max: 200 } }]]) },
      }),
    ].map((plan) => plan.digest)
    assert.equal(new Set([digest, ...digests]).size, digests.length + 1)
  })
})

describe('whatever is planned', () => {
  const offers = offersOf([...platforms.keys()].map((platform, index) => someConnectors[index] ?? aConnector(platform)))
  const everything = fc.record({ announcement: anyAnnouncement, city: anyCity, situation: anySituation })

  it('the preview is what is sent: the same announcement, read back from JSON, gives the same posts and the same digest', () => {
    fc.assert(
      fc.property(everything, ({ announcement, city, situation }) => {
        const preview = makePlan(announcement, city, 'policy', offers, situation)
        const again = makePlan(JSON.parse(JSON.stringify(announcement)), structuredClone(city), 'policy', offers, situation)
        assert.deepEqual(again, preview)
        for (const { channel, platform, post } of preview.decisions) {
          if (post === null) continue
          const connector = offers.connectors.get(platform)!
          const rendered = render(announcement, city.channels.find(({ name }) => name === channel)!, {
            connector,
            limits: learned(connector.limits as Limits, undefined),
            cityName: city.city,
          })
          assert.deepEqual(post, rendered.fits && rendered.post)
        }
      }),
      { numRuns: 1_500 },
    )
  })

  it('every channel has one decision with a reason; posts and actions are where something is sent, and nowhere else', () => {
    fc.assert(
      fc.property(everything, ({ announcement, city, situation }) => {
        const { decisions } = makePlan(announcement, city, 'policy', offers, situation)
        assert.deepEqual(
          decisions.map(({ channel }) => channel),
          city.channels.map(({ name }) => name),
        )
        for (const { channel, verdict, because, action, post, target, standbyFor, reason, supersedes } of decisions) {
          assert.match(reason, /^\p{Lu}.{15,}\.$/su)
          assert.deepEqual([target, supersedes], [null, []])
          assert.equal(action, verdict === 'omit' ? null : 'publish')
          assert.equal(post !== null, verdict !== 'omit' || (because === 'standby' && standbyFor !== null))
          const { use, platform } = city.channels.find(({ name }) => name === channel)!
          if (use === 'dormant' || use === 'left' || platform === 'google-plus') assert.deepEqual([verdict, post], ['omit', null])
        }
      }),
      { numRuns: 3_000 },
    )
  })

  it('no suspension and no hour changes the digest', () => {
    fc.assert(
      fc.property(everything, fc.integer({ min: -100, max: 100 }), ({ announcement, city, situation }, hours) => {
        const later = {
          ...situation,
          now: new Date(Date.parse(situation.now) + hours * 3_600_000).toISOString(),
          suspended: new Map(),
          approved: !situation.approved,
        }
        assert.equal(
          makePlan(announcement, city, 'policy', offers, later).digest,
          makePlan(announcement, city, 'policy', offers, situation).digest,
        )
      }),
      { numRuns: 1_000 },
    )
  })
})
