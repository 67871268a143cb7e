// What property tests draw from: announcements, cities and situations of every kind that can be said.
import fc from 'fast-check'
import { type Announcement, certainties, kinds, severities, statuses, urgencies } from '../../src/announcement/announcement.ts'
import type { Situation } from '../../src/policy/decide.ts'
import { platforms } from '../../src/policy/platforms.ts'
import type { Channel, City, Rule } from '../../src/policy/policy.ts'
import { uses } from '../../src/policy/schema.ts'
import { aChannel, aCity, anAnnouncement, aRule } from './builders.ts'

const topics = ['politics', 'culture', 'jobs-and-training'] as const
const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null })
const some = <T>(values: readonly T[]): fc.Arbitrary<T[] | null> => maybe(fc.subarray([...values], { minLength: 1 }))

const districts = ['beuel', 'bad-godesberg'] as const

/** A choice among topics or areas, as channels and rules make it. */
const choiceAmong = (keys: readonly string[]) =>
  fc.oneof(
    some([...keys, 'none']),
    fc.subarray([...keys, 'none'], { minLength: 1 }).map((not) => ({ not })),
  )
const anyChoice = choiceAmong(topics)
const anyArea = fc.option(choiceAmong(districts), { nil: null, freq: 1 })

/** The moment at which all drawn situations are: a Sunday, 22:30 in Germany, in the night of the spring change of the clock. */
export const anyNow = '2026-03-28T21:30:00.000Z'
const hoursFromNow = (hours: number): string => new Date(Date.parse(anyNow) + hours * 3_600_000).toISOString()

export const anyAnnouncement: fc.Arbitrary<Announcement> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    topics: fc.subarray([...topics]),
    districts: fc.subarray([...districts]),
    severity: maybe(fc.constantFrom(...severities)),
    urgency: maybe(fc.constantFrom(...urgencies)),
    certainty: maybe(fc.constantFrom(...certainties)),
    status: fc.constantFrom('Actual', 'Actual', ...statuses),
    language: fc.constantFrom('de', 'de-AT', 'en'),
    variants: fc.constantFrom({}, { tr: { title: 'Uyarı', text: 'Pencereleri kapatın.' } }),
    link: fc.constantFrom(null, 'https://www.bonn.de/freibad'),
    publishAt: fc.constantFrom(null, hoursFromNow(-5), hoursFromNow(2), hoursFromNow(40)),
    expires: fc.constantFrom(null, hoursFromNow(1), hoursFromNow(3), hoursFromNow(50)),
  })
  .map((drawn) => anAnnouncement(drawn))

const anyChannel = (name: string): fc.Arbitrary<Channel> =>
  fc
    .record({
      platform: fc.constantFrom(...platforms.keys()),
      use: fc.constantFrom('all', 'all', ...uses),
      since: fc.constantFrom(null, '2025-02-14'),
      because: fc.constantFrom(null, 'Die Stadt nutzt X nur noch im Notfall'),
      kinds: some(kinds),
      topics: anyChoice,
      districts: anyArea,
      language: fc.constantFrom(null, null, 'en', 'tr'),
      fallback: maybe(fc.constantFrom(...names)),
      quietHours: fc.constantFrom(null, null, 'none' as const, [{ from: '21:00', to: '07:00', on: null }]),
      delayMinutes: fc.constantFrom(0, 0, 15),
    })
    .map((drawn) => aChannel({ name, ...drawn }))

const anyRule: fc.Arbitrary<Rule> = fc
  .record({
    name: fc.constantFrom('Warnung', 'Kultur'),
    when: fc.record({
      kind: some(kinds),
      topic: anyChoice,
      district: anyArea,
      severity: maybe(fc.constantFrom(...severities)),
      status: fc.constantFrom(null, null, ['Actual' as const, 'Exercise' as const]),
      language: fc.constantFrom(null, null, ['de'], ['en', 'tr']),
      media: fc.constantFrom(null, null, ['none' as const], ['video' as const]),
    }),
    channels: fc.oneof(fc.constant('all' as const), fc.subarray([...names], { minLength: 1 })),
    hold: fc.subarray(['approval', 'quiet-hours'] as ('approval' | 'quiet-hours')[]),
    doubles: fc.constantFrom('avoid' as const, 'tolerate' as const),
  })
  .map((drawn) => aRule(drawn))

export const anyCity: fc.Arbitrary<City> = fc
  .record({
    quietHours: fc.constantFrom(
      null,
      [
        { from: '20:00', to: '08:00', on: null },
        { from: '00:00', to: '24:00', on: ['sat', 'sun', 'holiday'] },
      ],
      [{ from: '22:00', to: '06:00', on: null }],
      [{ from: '12:00', to: '14:30', on: null }],
    ),
    channels: fc.subarray([...names], { minLength: 1 }).chain((drawn) => fc.tuple(...drawn.map(anyChannel))),
    rules: fc.array(anyRule, { minLength: 1, maxLength: 4 }),
  })
  .map((drawn) => aCity(drawn))

export const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    suspended: fc.subarray([...names]),
    standing: fc.subarray([...names]),
    unconnected: fc.subarray([...platforms.keys()], { maxLength: 3 }),
    approved: fc.boolean(),
  })
  .map(({ suspended, standing, unconnected, approved }) => ({
    now: anyNow,
    suspended: new Map(suspended.map((name) => [name, 'Die Anmeldung ist abgelaufen.'])),
    standing: new Set(standing),
    connected: new Set([...platforms.keys()].filter((platform) => !unconnected.includes(platform))),
    approved,
  }))
