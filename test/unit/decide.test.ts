// Which channel carries what: each reason by itself, and what holds for every announcement and every policy.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Announcement, atLeast, wayOf } from '../../src/announcement/announcement.ts'
import { asksApprovalAfterRelease, type Decision, decide, type Situation } from '../../src/policy/decide.ts'
import { platforms } from '../../src/policy/platforms.ts'
import type { Channel, City, Rule } from '../../src/policy/policy.ts'
import { anyAnnouncement, anyCity, anyNow, anySituation } from '../support/arbitraries.ts'
import { aChannel, aCity, anAnnouncement, aRule } from '../support/builders.ts'

const noon: Situation = {
  now: '2025-03-06T11:00:00.000Z',
  suspended: new Map(),
  connected: new Set(platforms.keys()),
  approved: false,
}
const warning = (over: Partial<Announcement> = {}): Announcement => anAnnouncement({ kind: 'warning', severity: 'Severe', ...over })
const when = (over: Partial<Rule['when']>): Rule['when'] => ({ ...aRule().when, ...over })
const suspended = (...names: string[]): Partial<Situation> => ({
  suspended: new Map(names.map((name) => [name, 'Die Anmeldung ist abgelaufen.'])),
})

const decideAll = (announcement: Announcement, city: Partial<City>, situation: Partial<Situation> = {}): ReadonlyMap<string, Decision> =>
  new Map(decide(announcement, aCity(city), { ...noon, ...situation }).map((decision) => [decision.channel, decision]))

const decideOne = (
  announcement: Announcement,
  channel: Partial<Channel>,
  city: Partial<City> = {},
  situation: Partial<Situation> = {},
): Decision => decideAll(announcement, { channels: [aChannel({ name: 'it', platform: 'x', ...channel })], ...city }, situation).get('it')!

const outcome = ({ verdict, because }: Decision): string => `${verdict} ${because}`

describe('a channel that carries nothing', () => {
  it('on a platform that no longer exists says since when', () => {
    const decision = decideOne(warning(), { platform: 'google-plus', use: 'dormant' })
    assert.equal(outcome(decision), 'omit discontinued')
    assert.equal(decision.reason, 'Die Plattform Google+ gibt es seit 2. April 2019 nicht mehr; dorthin wird nichts gesendet.')
  })

  it('that the city left says so with the date and the city’s own reason', () => {
    const decision = decideOne(warning(), { use: 'left', since: '2025-02-03', because: 'Die Stadt nutzt X nicht mehr' })
    assert.equal(outcome(decision), 'omit left')
    assert.equal(decision.reason, 'X ist seit 3. Februar 2025 geschlossen: Die Stadt nutzt X nicht mehr.')
  })

  it('that rests gets not even the most severe warning', () => {
    const decision = decideOne(warning({ severity: 'Extreme' }), { use: 'dormant', since: '2025-02-07' })
    assert.equal(outcome(decision), 'omit dormant')
    assert.match(decision.reason, /^X ruht seit 7\. Februar 2025: /)
  })

  it('without a connector says that a person has to do it', () => {
    const decision = decideOne(warning(), {}, {}, { connected: new Set() })
    assert.equal(outcome(decision), 'omit no-connector')
    assert.match(decision.reason, /von Hand/)
  })

  it('without a connector still says first what the city itself wants of it', () => {
    const decision = decideOne(anAnnouncement(), { use: 'emergency-only' }, {}, { connected: new Set() })
    assert.equal(outcome(decision), 'omit emergency-only')
  })
})

describe('a channel for emergencies only', () => {
  const channel = {
    use: 'emergency-only',
    title: '@BundesstadtBonn',
    since: '2025-02-14',
    because: 'Die Stadt nutzt X nur noch im Notfall.',
  } as const
  const rows: readonly [string, Announcement, string][] = [
    ['a severe warning', warning(), 'send rule'],
    ['an extreme all-clear', anAnnouncement({ kind: 'all-clear', severity: 'Extreme' }), 'send rule'],
    ['a moderate warning', warning({ severity: 'Moderate' }), 'omit emergency-only'],
    ['a warning that forgot its severity', warning({ severity: null }), 'omit emergency-only'],
    ['a severe notice', anAnnouncement({ severity: 'Extreme' }), 'omit emergency-only'],
    ['an exercise', warning({ status: 'Exercise' }), 'omit emergency-only'],
  ]
  for (const [name, announcement, expected] of rows) {
    it(`${expected.startsWith('send') ? 'carries' : 'leaves out'} ${name}`, () => {
      const everything = aRule({ when: when({ status: ['Actual', 'Exercise', 'Test'] }) })
      assert.equal(outcome(decideOne(announcement, channel, { rules: [everything] })), expected)
    })
  }

  it('carries the all-clear of what stands there, even when it names no severity', () => {
    const standing = { standing: new Set(['it']) }
    assert.equal(outcome(decideOne(anAnnouncement({ kind: 'all-clear' }), channel, {}, standing)), 'send rule')
    assert.equal(outcome(decideOne(warning({ severity: 'Minor' }), channel, {}, standing)), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement(), channel, {}, standing)), 'omit emergency-only')
  })

  it('gives the city’s reason and the date', () => {
    const { reason } = decideOne(anAnnouncement(), channel)
    assert.equal(reason, 'X (@BundesstadtBonn) ist seit 14. Februar 2025 nur für den Notfall da: Die Stadt nutzt X nur noch im Notfall.')
  })
})

describe('a channel for some kinds or topics', () => {
  it('leaves out other kinds', () => {
    const decision = decideOne(anAnnouncement({ kind: 'event' }), { kinds: ['warning', 'notice'] })
    assert.equal(outcome(decision), 'omit kind')
    assert.equal(decision.reason, 'X ist nur für Warnung, Mitteilung da, nicht für Termin.')
  })

  it('leaves out other topics and announcements without one', () => {
    assert.equal(outcome(decideOne(anAnnouncement({ topic: 'politics' }), { topics: ['tips'] })), 'omit topic')
    assert.equal(outcome(decideOne(anAnnouncement(), { topics: ['tips'] })), 'omit topic')
    assert.equal(outcome(decideOne(anAnnouncement({ topic: 'tips' }), { topics: ['tips'] })), 'send rule')
  })

  it('carries everything but some topics where it says so', () => {
    const topics = { not: ['politics'] }
    assert.equal(outcome(decideOne(anAnnouncement({ topic: 'culture' }), { topics })), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement(), { topics })), 'send rule')
    const decision = decideOne(anAnnouncement({ topics: ['culture', 'politics'] }), { topics })
    assert.equal(outcome(decision), 'omit topic')
    assert.equal(decision.reason, 'X ist für alles da außer für »Stadtpolitik«; in dieser Meldung geht es um »Kultur« und »Stadtpolitik«.')
  })

  it('carries what has no topic where it says so', () => {
    assert.equal(outcome(decideOne(anAnnouncement(), { topics: ['tips', 'none'] })), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement({ topic: 'culture' }), { topics: ['tips', 'none'] })), 'omit topic')
    assert.equal(outcome(decideOne(anAnnouncement(), { topics: { not: ['none'] } })), 'omit topic')
    assert.match(
      decideOne(anAnnouncement({ topic: 'culture' }), { topics: ['none'] }).reason,
      /nur für Meldungen ohne Thema da; .*»Kultur«/,
    )
  })

  it('carries an announcement of several topics for one of them', () => {
    assert.equal(outcome(decideOne(anAnnouncement({ topics: ['culture', 'tips'] }), { topics: ['tips'] })), 'send rule')
  })

  it('lets warnings and all-clears pass whatever its topics, unless its kinds leave them out', () => {
    assert.equal(outcome(decideOne(warning(), { topics: ['tips'] })), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement({ kind: 'all-clear' }), { topics: ['tips'] })), 'send rule')
    assert.equal(outcome(decideOne(warning(), { topics: ['tips'], kinds: ['notice'] })), 'omit kind')
  })
})

describe('rules', () => {
  it('are read from top to bottom: the first that fits and names the channel decides for it', () => {
    const rules = [
      aRule({ name: 'Nur Kultur', when: when({ topic: ['culture'] }) }),
      aRule({ name: 'Für andere', channels: ['other'] }),
      aRule({ name: 'Diese', channels: ['it'], doubles: 'tolerate' }),
      aRule({ name: 'Zu spät' }),
    ]
    const decision = decideOne(anAnnouncement(), {}, { rules })
    assert.equal(decision.rule, 'Diese')
    assert.equal(decision.doubles, 'tolerate')
  })

  it('that name a severity fit what is at least so severe', () => {
    const rules = [aRule({ when: when({ severity: 'Severe' }) })]
    assert.equal(outcome(decideOne(warning({ severity: 'Extreme' }), {}, { rules })), 'send rule')
    assert.equal(outcome(decideOne(warning({ severity: 'Moderate' }), {}, { rules })), 'omit no-rule')
    assert.equal(outcome(decideOne(warning({ severity: null }), {}, { rules })), 'omit no-rule')
  })

  it('that leave topics out fit everything else, also what has none', () => {
    const rules = [aRule({ when: when({ topic: { not: ['politics'] } }) })]
    for (const [topics, expected] of [
      [['politics'], 'omit no-rule'],
      [['culture', 'politics'], 'omit no-rule'],
      [['culture'], 'send rule'],
      [[], 'send rule'],
    ] as const)
      assert.equal(outcome(decideOne(anAnnouncement({ topics }), {}, { rules })), expected, topics.join())
  })

  it('hold what has several topics as all of its topics want: none of the rules that ask is lost, wherever it is in the list', () => {
    const topics = ['culture', 'politics', 'health']
    const rules = [
      aRule({ name: 'Kultur', when: when({ topic: ['culture'] }) }),
      aRule({ name: 'Politik', when: when({ topic: ['politics'] }), hold: ['approval'] }),
      aRule({ name: 'Gesundheit', when: when({ topic: ['health'] }), hold: ['approval', 'approval-after-release'] }),
    ]
    const city = aCity({ channels: [aChannel({ name: 'it', platform: 'x' })], rules })
    assert.equal(asksApprovalAfterRelease(warning({ topics }), city, noon), true)
    assert.equal(asksApprovalAfterRelease(warning({ topics: ['culture', 'politics'] }), city, noon), false)
    assert.match(decideOne(warning({ topics }), {}, { rules }).reason, /Die Regeln »Politik« und »Gesundheit« verlangen sie\.$/)
    assert.match(decideOne(warning({ topics: ['politics'] }), {}, { rules }).reason, /Die Regel »Politik« verlangt sie\.$/)
  })

  it('hold what has several topics as strictly as the strictest of them: a second topic gets nothing past an approval', () => {
    const rules = [
      aRule({ name: 'Kultur', when: when({ topic: ['culture'] }) }),
      aRule({ name: 'Politik', when: when({ topic: ['politics'] }), hold: ['approval'] }),
      aRule({ name: 'Sonst' }),
    ]
    const both = decideOne(anAnnouncement({ topics: ['culture', 'politics'] }), {}, { rules })
    assert.deepEqual([outcome(both), both.rule], ['wait approval', 'Kultur'])
    assert.match(both.reason, /Die Regel »Politik« verlangt sie/)
    assert.equal(outcome(decideOne(anAnnouncement({ topics: ['culture'] }), {}, { rules })), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules })), 'send rule')
  })

  it('tell whoever approves for when it will wait then', () => {
    const rules = [aRule({ hold: ['approval', 'quiet-hours'] })]
    const publishAt = '2027-03-06T11:00:00.000Z'
    assert.match(
      decideOne(anAnnouncement({ publishAt }), {}, { rules }).reason,
      /verlangt sie\. Danach erscheint sie nicht vor dem 6\. März 2027/,
    )
    assert.doesNotMatch(decideOne(anAnnouncement(), {}, { rules }).reason, /Danach/)
  })

  it('hold a picture beside a film, and a variant in another language, as the strictest of what is carried', () => {
    const image = { id: 'a'.repeat(64), type: 'image/png', size: 1, width: 20, height: 20, alt: 'Ein Bild' }
    const film = { ...image, id: 'b'.repeat(64), type: 'video/mp4', seconds: 9, codec: 'h264', audioCodec: null, captions: [] }
    const files = [
      aRule({ name: 'Bild', when: when({ media: ['image'] }) }),
      aRule({ name: 'Film', when: when({ media: ['video'] }), hold: ['approval'] }),
    ]
    assert.equal(outcome(decideOne(anAnnouncement({ media: [image, film] }), {}, { rules: files })), 'wait approval')
    assert.equal(outcome(decideOne(anAnnouncement({ media: [image] }), {}, { rules: files })), 'send rule')
    const languages = [
      aRule({ name: 'Deutsch', when: when({ language: ['de'] }) }),
      aRule({ name: 'Türkisch', when: when({ language: ['tr'] }), hold: ['approval'] }),
    ]
    const variants = { tr: { title: 'Havuz', text: 'Açılıyor.' } }
    assert.equal(outcome(decideOne(anAnnouncement({ variants }), { language: 'tr' }, { rules: languages })), 'wait approval')
    assert.equal(outcome(decideOne(anAnnouncement({ variants }), {}, { rules: languages })), 'send rule')
  })

  it('that name a language fit what can be had in it', () => {
    const rules = [aRule({ when: when({ language: ['en'] }) })]
    const variants = { 'en-GB': { title: 'Pool', text: 'Opens.' } }
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules })), 'omit no-rule')
    assert.equal(outcome(decideOne(anAnnouncement({ variants }), {}, { rules })), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement({ language: 'en' }), {}, { rules })), 'send rule')
  })

  it('carry exercises and tests only where they name that status', () => {
    for (const status of ['Exercise', 'Test'] as const) {
      assert.equal(outcome(decideOne(warning({ status }), {})), 'omit no-rule')
      assert.equal(outcome(decideOne(warning({ status }), {}, { rules: [aRule({ when: when({ status: [status] }) })] })), 'send rule')
    }
    assert.match(decideOne(warning({ status: 'Exercise' }), {}).reason, /Übung/)
  })

  it('that fit no more leave nothing uncorrected: what stands there is followed, and the approval duty stays', () => {
    const rules = [aRule({ when: when({ topic: ['culture'] }), hold: ['approval'] })]
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules })), 'omit no-rule')
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules }, { standing: new Set(['it']) })), 'wait approval')
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules }, { standing: new Set(['it']), approved: true })), 'send follows')
    assert.equal(outcome(decideOne(warning(), {}, { rules }, { standing: new Set(['it']) })), 'send follows')
  })

  it('that follow what stands there are named with their article', () => {
    const reasonFor = (kind: Announcement['kind']): string =>
      decideOne(anAnnouncement({ kind, severity: null }), {}, { rules: [] }, { standing: new Set(['it']) }).reason
    assert.equal(reasonFor('event'), 'Was vorausging, steht auf X; deshalb geht auch der Termin dorthin.')
    for (const [kind, named] of [
      ['notice', 'die Mitteilung'],
      ['warning', 'die Warnung'],
      ['all-clear', 'die Entwarnung'],
    ] as const)
      assert.ok(reasonFor(kind).endsWith(`deshalb geht auch ${named} dorthin.`), reasonFor(kind))
  })
})

describe('a language that is missing', () => {
  it('does not keep the announcement back, and the reason says which one is used', () => {
    const decision = decideOne(anAnnouncement(), { language: 'tr' })
    assert.equal(outcome(decision), 'send rule')
    assert.match(decision.reason, /»tr« fehlt, deshalb in der Sprache »de«/)
    assert.doesNotMatch(decideOne(anAnnouncement(), { language: 'de-DE' }).reason, /fehlt/)
  })
})

describe('a suspended channel', () => {
  const a = aChannel({ name: 'a', platform: 'x', fallback: 'b' })
  const b = aChannel({ name: 'b', platform: 'mastodon', use: 'standby', fallback: 'c' })
  const c = aChannel({ name: 'c', platform: 'bluesky', use: 'standby' })
  const rules = [aRule({ name: 'Warnung', doubles: 'tolerate' })]

  it('waits when nobody can take over', () => {
    const decision = decideOne(warning(), {}, {}, suspended('it'))
    assert.equal(outcome(decision), 'wait suspended')
    assert.equal(decision.reason, 'X ist gesperrt (Die Anmeldung ist abgelaufen); der Beitrag wartet, bis der Kanal wieder frei ist.')
  })

  it('is replaced by its fallback, under its own rule', () => {
    const decisions = decideAll(warning(), { channels: [a, b, c], rules }, suspended('a'))
    assert.deepEqual([...decisions.values()].map(outcome), ['omit suspended', 'send fallback', 'omit standby'])
    assert.match(decisions.get('a')!.reason, /Mastodon übernimmt/)
    const { rule, doubles, standbyFor, reason } = decisions.get('b')!
    assert.deepEqual([rule, doubles, standbyFor], ['Warnung', 'tolerate', 'a'])
    assert.match(reason, /springt für X ein/)
    assert.equal(decisions.get('c')!.standbyFor, 'b')
  })

  it('is replaced by the fallback of its fallback when that one is suspended too', () => {
    const decisions = decideAll(warning(), { channels: [a, b, c], rules }, suspended('a', 'b'))
    assert.deepEqual([...decisions.values()].map(outcome), ['omit suspended', 'omit standby', 'send fallback'])
    assert.equal(decisions.get('c')!.standbyFor, 'a')
  })

  it('is not replaced twice: a fallback that carries the announcement anyway does nothing more', () => {
    const decisions = decideAll(warning(), { channels: [a, { ...b, use: 'all' }, c], rules }, suspended('a'))
    assert.deepEqual([...decisions.values()].map(outcome), ['omit suspended', 'send rule', 'omit standby'])
    assert.equal(decisions.get('b')!.standbyFor, null)
  })

  it('is not replaced for an exercise', () => {
    const exercises = [aRule({ when: when({ status: ['Exercise'] }), channels: ['a'] })]
    const decisions = decideAll(warning({ status: 'Exercise' }), { channels: [a, b, c], rules: exercises }, suspended('a'))
    assert.deepEqual([...decisions.values()].map(outcome), ['wait suspended', 'omit standby', 'omit standby'])
    assert.equal(decisions.get('b')!.standbyFor, null)
  })

  it('never hides that an approval is missing', () => {
    const held = [aRule({ hold: ['approval'] })]
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules: held }, suspended('it'))), 'wait approval')
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules: held }, { ...suspended('it'), approved: true })), 'wait suspended')
  })

  it('runs round a circle of fallbacks only once', () => {
    const decisions = decideAll(warning(), { channels: [a, { ...b, fallback: 'a' }], rules }, suspended('a', 'b'))
    assert.equal(outcome(decisions.get('a')!), 'wait suspended')
  })
})

describe('time', () => {
  const night = { now: '2025-03-06T22:00:00.000Z' }
  const quietHours = [{ from: '22:00', to: '06:00', on: null }]
  const rules = [aRule({ hold: ['quiet-hours'] })]

  it('holds a scheduled announcement until then', () => {
    const decision = decideOne(anAnnouncement({ publishAt: '2025-03-07T08:00:00.000Z' }), {})
    assert.equal(outcome(decision), 'wait scheduled')
    assert.equal(decision.notBefore, '2025-03-07T08:00:00.000Z')
    assert.equal(decision.reason, 'Erscheint wie geplant am 7. März 2025, 09:00 Uhr.')
  })

  it('lets what was scheduled for the past go at once', () => {
    assert.equal(outcome(decideOne(anAnnouncement({ publishAt: '2025-03-06T10:00:00.000Z' }), {})), 'send rule')
  })

  it('keeps routine announcements quiet at night where the rule says so', () => {
    const decision = decideOne(anAnnouncement(), {}, { rules, quietHours }, night)
    assert.equal(outcome(decision), 'wait quiet-hours')
    assert.equal(decision.notBefore, '2025-03-07T05:00:00.000Z')
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { quietHours }, night)), 'send rule')
  })

  it('never delays a warning or an all-clear', () => {
    assert.equal(outcome(decideOne(warning(), {}, { rules, quietHours }, night)), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement({ kind: 'all-clear' }), {}, { rules, quietHours }, night)), 'send rule')
  })

  it('sends nothing after its expiry, not even when the night alone would carry it past that', () => {
    const expires = '2025-03-07T03:00:00.000Z'
    assert.equal(outcome(decideOne(anAnnouncement({ expires }), {}, { rules, quietHours }, night)), 'omit expired')
    assert.equal(outcome(decideOne(anAnnouncement({ expires }), {}, { quietHours }, night)), 'send rule')
    assert.equal(outcome(decideOne(warning({ expires }), {}, {}, { now: expires })), 'omit expired')
  })

  it('waits for the approval first and for the clock then', () => {
    const held = [aRule({ hold: ['approval', 'quiet-hours'] })]
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules: held, quietHours }, night)), 'wait approval')
    assert.equal(outcome(decideOne(anAnnouncement(), {}, { rules: held, quietHours }, { ...night, approved: true })), 'wait quiet-hours')
  })
})

describe('whatever is announced, whatever the policy', () => {
  const cities = fc.sample(anyCity, 500)
  const everything = fc.record({ announcement: anyAnnouncement, city: fc.constantFrom(...cities), situation: anySituation })
  const closed = (city: City, name: string): boolean => {
    const channel = city.channels.find((each) => each.name === name)!
    return channel.use === 'dormant' || channel.use === 'left' || channel.platform === 'google-plus'
  }

  it('a dormant, left or discontinued channel is never planned, and every channel gets one decision with a German reason', () => {
    let planned = 0
    fc.assert(
      fc.property(everything, ({ announcement, city, situation }) => {
        const decisions = decide(announcement, city, situation)
        assert.deepEqual(
          decisions.map(({ channel }) => channel),
          city.channels.map(({ name }) => name),
        )
        for (const { channel, verdict, reason } of decisions) {
          if (verdict !== 'omit') planned++
          if (verdict !== 'omit' && closed(city, channel)) assert.fail(`${channel} is closed`)
          if (!/^\p{Lu}.{15,}\.$/su.test(reason) || /undefined|null|\{|\[object/.test(reason)) assert.fail(`no German sentence: ${reason}`)
        }
      }),
      { numRuns: 100_000 },
    )
    assert.ok(planned > 20_000, `only ${planned} decisions to send: the property says nothing`)
  })

  it('emergency-only channels carry only real, severe warnings and what follows them', () => {
    fc.assert(
      fc.property(everything, ({ announcement, city, situation }) => {
        for (const { channel, verdict } of decide(announcement, city, situation)) {
          if (verdict === 'omit' || city.channels.find(({ name }) => name === channel)!.use !== 'emergency-only') continue
          assert.equal(wayOf(announcement), 'urgent')
          assert.equal(announcement.status, 'Actual')
          assert.ok(atLeast(announcement.severity, 'Severe') || situation.standing!.has(channel))
        }
      }),
      { numRuns: 20_000 },
    )
  })

  it('warnings are never delayed by the night, and nothing is planned past its expiry', () => {
    fc.assert(
      fc.property(everything, ({ announcement, city, situation }) => {
        for (const { because, verdict, notBefore } of decide(announcement, city, situation)) {
          if (wayOf(announcement) === 'urgent') assert.notEqual(because, 'quiet-hours')
          if (verdict !== 'omit' && announcement.expires !== null) assert.ok((notBefore ?? anyNow) < announcement.expires)
          if (verdict === 'send') assert.equal(notBefore, null)
        }
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('what a city says of its channels one by one', () => {
  const night = { now: '2025-03-06T23:00:00.000Z' }
  const rules = [aRule({ hold: ['quiet-hours'] })]
  const quietHours = [{ from: '22:00', to: '06:00', on: null }]

  it('is when each is quiet: in hours of its own, in none, or in the city’s', () => {
    const at = (own: Channel['quietHours'], hours: City['quietHours'] = quietHours) =>
      decideOne(anAnnouncement(), { quietHours: own }, { rules, quietHours: hours }, night)
    assert.equal(at(null).notBefore, '2025-03-07T05:00:00.000Z')
    assert.equal(at([{ from: '20:00', to: '09:00', on: null }]).notBefore, '2025-03-07T08:00:00.000Z')
    assert.match(at([{ from: '20:00', to: '09:00', on: null }]).reason, /^Von 20:00 bis 09:00 Uhr ist Ruhezeit/)
    assert.equal(outcome(at('none')), 'send rule')
    assert.equal(outcome(at([{ from: '20:00', to: '09:00', on: null }], null)), 'wait quiet-hours')
    assert.equal(outcome(decideOne(warning(), { quietHours }, { rules }, night)), 'send rule')
  })

  it('is on which days it is quiet, told as that of the time at which it would have gone', () => {
    const off = [
      { from: '20:00', to: '08:00', on: null },
      { from: '00:00', to: '24:00', on: ['sat', 'sun', 'holiday'] },
      { from: '12:00', to: '15:00', on: ['12-24', '2026-12-30'] },
    ]
    const at = (now: string) => decideOne(anAnnouncement(), {}, { rules, quietHours: off }, { now })
    const then = 'erscheint deshalb erst am 28. Dezember 2026, 08:00 Uhr.'
    assert.equal(at('2026-12-26T10:00:00.000Z').notBefore, '2026-12-28T07:00:00.000Z')
    assert.equal(at('2026-12-26T10:00:00.000Z').reason, `Samstags, sonntags und an Feiertagen ist den ganzen Tag Ruhezeit; ${then}`)
    assert.equal(at('2026-12-24T21:00:00.000Z').reason, `Von 20:00 bis 08:00 Uhr ist Ruhezeit; ${then}`)
    assert.match(at('2026-12-24T12:00:00.000Z').reason, /^Am 24\. Dezember und am 30\. Dezember 2026 ist von 12:00 bis 15:00 Uhr Ruhezeit;/)
    assert.equal(outcome(at('2026-12-28T10:00:00.000Z')), 'send rule')
    assert.equal(outcome(decideOne(warning(), {}, { rules, quietHours: off }, { now: '2026-12-26T10:00:00.000Z' })), 'send rule')
  })

  it('is how long one waits behind the newsroom: never with a warning, a correction, or past the expiry', () => {
    const late = { delayMinutes: 15 }
    const decision = decideOne(anAnnouncement(), late)
    assert.deepEqual([outcome(decision), decision.notBefore], ['wait delayed', '2025-03-06T11:15:00.000Z'])
    assert.equal(decision.reason, 'X folgt dem Newsroom nach 15 Minuten: am 6. März 2025, 12:15 Uhr.')
    assert.equal(decideOne(anAnnouncement({ publishAt: '2025-03-06T12:00:00.000Z' }), late).notBefore, '2025-03-06T12:15:00.000Z')
    assert.equal(outcome(decideOne(warning(), late)), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement({ kind: 'all-clear' }), late)), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement(), late, {}, { standing: new Set(['it']) })), 'send rule')
    assert.equal(outcome(decideOne(anAnnouncement({ expires: '2025-03-06T11:10:00.000Z' }), late)), 'omit expired')
    assert.equal(
      outcome(decideOne(anAnnouncement(), late, { rules, quietHours: [{ from: '12:10', to: '13:00', on: null }] })),
      'wait quiet-hours',
    )
  })

  it('is from which severity on an emergency begins', () => {
    const at = (emergency: City['emergency'], severity: Announcement['severity']) =>
      decideOne(warning({ severity }), { use: 'emergency-only' }, { emergency })
    assert.equal(outcome(at('Moderate', 'Moderate')), 'send rule')
    assert.equal(outcome(at('Extreme', 'Severe')), 'omit emergency-only')
    assert.match(at('Extreme', 'Severe').reason, /nur extreme Warnungen im Ernstfall/)
    assert.match(at('Severe', 'Minor').reason, /nur schwere und extreme Warnungen im Ernstfall/)
  })

  it('is what must be attached', () => {
    const photo = { id: 'a'.repeat(64), type: 'image/png', size: 1, width: 1, height: 1, alt: 'Das Bad' }
    const film = { ...photo, type: 'video/mp4', seconds: 3, codec: 'h264', audioCodec: null, captions: [] }
    const rows = [
      [['video'], [film], 'send rule'],
      [['video'], [photo], 'omit no-rule'],
      [['video'], [photo, film], 'send rule'],
      [['image'], [film], 'omit no-rule'],
      [['none'], [], 'send rule'],
      [['none', 'image'], [photo], 'send rule'],
      [['none'], [photo], 'omit no-rule'],
    ] as const
    for (const [media, files, expected] of rows)
      assert.equal(outcome(decideOne(anAnnouncement({ media: files }), {}, { rules: [aRule({ when: when({ media }) })] })), expected)
  })
})
