// What the fifteen municipalities said of their channels in public, statement by statement: given such an announcement, this is decided, for this reason.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { loadCities } from '../../config/cities.ts'
import { mastodon } from '../../connectors/mastodon/index.ts'
import { type Announcement, kinds, severities, statuses } from '../../src/announcement/announcement.ts'
import { Refusal } from '../../src/announcement/refusal.ts'
import type { AnyConnector } from '../../src/connector/connector.ts'
import { makePlan } from '../../src/planning/plan.ts'
import { type Decision, decide, type Situation } from '../../src/policy/decide.ts'
import { platforms } from '../../src/policy/platforms.ts'
import { anAnnouncement } from '../support/builders.ts'
import { statements } from '../support/statements.ts'

const folder = join(import.meta.dirname, '../../config/cities')
const { cities, digests } = loadCities(folder, new Map(), { tolerant: false })

/** A Thursday noon, with a connector for every platform that exists. */
const noon: Situation = {
  now: '2025-03-06T11:00:00Z',
  suspended: new Map(),
  connected: new Set(platforms.keys()),
  approved: false,
}

const decisionsOf = (city: string, over: Partial<Announcement>, situation: Partial<Situation> = {}): ReadonlyMap<string, Decision> => {
  const decisions = decide(anAnnouncement({ city, ...over }), cities.get(city)!, { ...noon, ...situation })
  return new Map(decisions.map((decision) => [decision.channel, decision]))
}

describe('what the municipalities said', () => {
  it('has a row for every one of them', () => {
    assert.deepEqual([...new Set(statements.map(({ city }) => city))].sort(), [...cities.keys()].sort())
  })

  for (const { city, says, given, situation, decided, reasons } of statements) {
    it(`${cities.get(city)!.city} ${says}`, () => {
      const decisions = decisionsOf(city, given, situation)
      const outcomes = Object.keys(decided).map((channel) => {
        const decision = decisions.get(channel)
        return [channel, decision && `${decision.verdict} ${decision.because}`]
      })
      assert.deepEqual(Object.fromEntries(outcomes), decided)
      for (const [channel, reason] of Object.entries(reasons ?? {})) assert.match(decisions.get(channel)!.reason, reason)
    })
  }
})

describe('a channel that takes nothing without a picture', () => {
  /** A platform like TikTok or Instagram: the rules of its posts, and nobody behind it. */
  const needy = (platform: string): AnyConnector => ({
    ...mastodon,
    platform,
    limits: { ...mastodon.limits, needsMedia: true, images: { max: 35, maxBytes: 20_000_000, types: ['image/jpeg'], altMax: 1000 } },
  })
  const offers = { connectors: new Map(['tiktok', 'instagram'].map((name) => [name, needy(name)])), learned: new Map() }
  const planned = (city: string, channel: string, over: Partial<Announcement>): string => {
    const plan = makePlan(anAnnouncement({ city, ...over }), cities.get(city)!, digests.get(city)!, offers, noon)
    const { verdict, because, reason } = plan.decisions.find((one) => one.channel === channel)!
    assert.match(reason, /[a-zäöüß].*\.$/)
    return `${verdict} ${because}`
  }
  const photo = { id: 'a'.repeat(64), type: 'image/jpeg', size: 100_000, width: 1080, height: 1080, alt: 'Azubis im Rathaus' }

  for (const [city, channel, topic] of [
    ['ronnenberg', 'tiktok-ronnenberg', 'jobs-and-training'],
    ['kassel', 'tiktok-kassel', 'youth'],
    ['bonn', 'instagram-bonn', null],
  ] as const) {
    it(`${channel} gets the photos, and is left out without any`, () => {
      assert.equal(planned(city, channel, { topic }), 'omit needs-media')
      assert.equal(planned(city, channel, { topic, media: [photo] }), 'send rule')
    })
  }
})

describe('what the municipalities said of the past', () => {
  const closed = (city: string) =>
    cities
      .get(city)!
      .channels.filter(({ use }) => use === 'left' || use === 'dormant')
      .map(({ platform, use, since }) => `${platform} ${use} ${since}`)

  it('stands in the overview of channels with its date', () => {
    assert.deepEqual(closed('kassel'), ['google-plus left 2019-04-02'])
    assert.deepEqual(closed('mainz'), ['x left 2025-02-03'])
    assert.deepEqual(closed('karlsruhe'), ['x left 2025-02-03'])
    assert.deepEqual(closed('kreis-soest'), ['x dormant 2025-02-07'])
  })

  it('is refused where a rule of Kassel names Google+', () => {
    const inside = mkdtempSync(join(tmpdir(), 'rundruf-kassel-'))
    const text = readFileSync(join(folder, 'kassel.yaml'), 'utf8')
    writeFileSync(join(inside, 'kassel.yaml'), text.replace('[newsroom, facebook-kassel]', '[newsroom, google-plus-kassel]'))
    const line = text.split('\n').findIndex((one) => one.endsWith('[newsroom, facebook-kassel]')) + 1
    try {
      assert.throws(
        () => loadCities(inside, new Map(), { tolerant: false }),
        (error) =>
          error instanceof Refusal &&
          error.code === 'discontinued-platform' &&
          error.problems[0]!.place!.startsWith(`kassel.yaml:${line} rules[`) &&
          error.problems[0]!.de.includes('Google+ wurde am 2.4.2019 abgeschaltet') &&
          error.problems[0]!.en.includes('2019-04-02'),
      )
    } finally {
      rmSync(inside, { recursive: true })
    }
  })

  it('gave Aachen, Dortmund and Frankfurt each an account and a wording of its own on Bluesky', () => {
    const accounts = ['aachen', 'dortmund', 'frankfurt-am-main'].map(
      (key) => cities.get(key)!.channels.find(({ platform }) => platform === 'bluesky')!,
    )
    assert.equal(new Set(accounts.map(({ settings }) => settings.handle)).size, 3)
    assert.equal(new Set(accounts.map(({ settings }) => settings.appPassword)).size, 3)
    assert.equal(new Set(accounts.map(({ template }) => JSON.stringify(template))).size, 3)
    assert.ok(accounts.every(({ template }) => template !== null))
  })
})

const anything = fc.record({
  city: fc.constantFrom(...cities.keys()),
  kind: fc.constantFrom(...kinds),
  severity: fc.constantFrom(null, ...severities),
  status: fc.constantFrom(...statuses),
  topic: fc.constantFrom(null, ...new Set([...cities.values()].flatMap(({ topics }) => Object.keys(topics)))),
})
const times = fc.record({
  now: fc.integer({ min: 0, max: 47 }).map((hour) => new Date(Date.UTC(2025, 2, 6, hour)).toISOString()),
  approved: fc.boolean(),
})

describe('whatever a municipality says', () => {
  it('is on its own page as early as anywhere else: nobody needs an account to be told', () => {
    const rank = { send: 0, wait: 1, omit: 2 } as const
    fc.assert(
      fc.property(anything, times, (given, situation) => {
        const decisions = decisionsOf(given.city, given, situation)
        const own = decisions.get('newsroom')!
        for (const { channel, verdict, notBefore } of decisions.values()) {
          assert.ok(rank[own.verdict] <= rank[verdict], `${channel} ${verdict}, but newsroom ${own.verdict}`)
          if (verdict === 'wait' && own.verdict === 'wait') assert.ok((own.notBefore ?? '') <= (notBefore ?? '9'), channel)
        }
      }),
      { numRuns: 600 },
    )
  })

  it('reaches its own page, exercises included', () => {
    fc.assert(
      fc.property(anything, times, (given, situation) => {
        assert.notEqual(decisionsOf(given.city, given, situation).get('newsroom')!.verdict, 'omit')
      }),
      { numRuns: 200 },
    )
  })

  it('goes nowhere but there when it is an exercise or a test', () => {
    fc.assert(
      fc.property(anything, times, fc.constantFrom('Exercise' as const, 'Test' as const), (given, situation, status) => {
        for (const { channel, verdict } of decisionsOf(given.city, { ...given, status }, situation).values())
          assert.ok(channel === 'newsroom' || verdict === 'omit', channel)
      }),
      { numRuns: 200 },
    )
  })
})
