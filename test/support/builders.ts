// Values for tests: complete and harmless; a test names only what it is about.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, wanted } from '../../embedded/programs.mjs'
import type { Announcement } from '../../src/announcement/announcement.ts'
import type { Attempt, Log, Post, Safe, SafeContent, Tools, Vault } from '../../src/connector/connector.ts'
import type { Channel, City, Rule } from '../../src/policy/policy.ts'
import { aMailing } from './mailing.ts'

export const anAnnouncement = (over: Partial<Announcement> = {}): Announcement => ({
  city: 'bonn',
  kind: 'notice',
  title: 'Freibad öffnet am Samstag',
  text: 'Das Freibad am Rhein öffnet am Samstag um 9 Uhr. Der Eintritt ist am ersten Tag frei.',
  link: 'https://www.bonn.de/freibad',
  districts: [],
  topics: over.topic ? [over.topic] : [],
  topic: over.topics?.[0] ?? null,
  severity: null,
  urgency: null,
  certainty: null,
  status: 'Actual',
  language: 'de',
  variants: {},
  channelTexts: {},
  media: [],
  expires: null,
  publishAt: null,
  references: null,
  ...over,
})

export const aChannel = (over: Partial<Channel> = {}): Channel => ({
  name: 'newsroom',
  platform: 'newsroom',
  title: null,
  url: null,
  use: 'all',
  since: null,
  from: null,
  until: null,
  because: null,
  kinds: null,
  topics: null,
  districts: null,
  by: 'program',
  language: null,
  template: null,
  templates: [],
  fallback: null,
  quietHours: null,
  delayMinutes: 0,
  pace: null,
  perDay: null,
  settings: {},
  ...over,
})

export const aRule = (over: Partial<Rule> = {}): Rule => ({
  name: 'Alles',
  when: { kind: null, topic: null, severity: null, status: null, language: null, district: null, media: null },
  channels: 'all',
  hold: [],
  doubles: 'avoid',
  ...over,
})

/** Bonn with one channel (its newsroom) and one rule (everything goes everywhere). */
export const aCity = (over: Partial<City> = {}): City => ({
  key: 'bonn',
  city: 'Bonn',
  ars: '053140000000',
  website: 'https://www.bonn.de',
  colours: { primary: '#00549f', onPrimary: '#ffffff' },
  quietHours: null,
  emergency: 'Severe',
  topics: { politics: 'Stadtpolitik', culture: 'Kultur' },
  districts: { beuel: 'Beuel', 'bad-godesberg': 'Bad Godesberg' },
  channels: [aChannel()],
  rules: [aRule()],
  ...over,
})

export const aPost = (over: Partial<Post> = {}): Post => ({
  text: 'Das Freibad am Rhein öffnet am Samstag um 9 Uhr. https://www.bonn.de/freibad',
  title: 'Freibad öffnet am Samstag',
  link: 'https://www.bonn.de/freibad',
  language: 'de',
  images: [],
  kind: 'notice',
  severity: null,
  status: 'Actual',
  expires: null,
  ...over,
})

export const aSilentLog: Log = { debug: () => {}, info: () => {}, warn: () => {} }

/** A first attempt of a new delivery; what it remembers is merged into the `memory` that was given. */
export const anAttempt = (over: Partial<Attempt> = {}): Attempt => {
  const memory: Record<string, string> = { ...over.memory }
  const { firstAt = '2026-11-23T10:00:01.000Z' } = over
  return {
    key: randomUUID(),
    plannedAt: '2026-11-23T10:00:00.000Z',
    number: 1,
    firstAt,
    // the store's clock and this machine's agree unless a test says otherwise
    age: () => Date.now() - Date.parse(firstAt),
    remember: async (more) => void Object.assign(memory, more),
    signal: new AbortController().signal,
    log: aSilentLog,
    ...over,
    memory,
  }
}

/** A safe of one process, without a lock on the door: callers come one after the other. */
export const aSafe = (content?: SafeContent): Safe => {
  let kept = content
  let last: Promise<unknown> = Promise.resolve()
  return {
    read: async () => kept,
    change: (make) => {
      const next = last.then(async () => (kept = await make(kept)))
      last = next.catch(() => {})
      return next
    },
  }
}

/** A vault that is empty whenever it is opened. */
export const aVault = (): Vault => ({
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rundruf-vault-'))
    return { folder, close: () => rm(folder, { recursive: true, force: true }) }
  },
})

/** What the house lends a connector, with nothing in it. */
export const someTools = (over: Partial<Tools> = {}): Tools => ({
  media: (id) => Promise.reject(new Error(`there is no ${id}`)),
  mediaUrl: (id) => `http://127.0.0.1:8080/media/${id}`,
  safe: aSafe(),
  vault: aVault(),
  pace: async () => 0,
  chromium: () => findProgram(wanted.chromium),
  log: aSilentLog,
  city: 'bonn',
  website: 'https://www.bonn.de',
  newsroom: {
    put: () => Promise.reject(new Error('only the newsroom channel publishes there')),
    retract: () => Promise.reject(new Error('only the newsroom channel publishes there')),
    find: () => Promise.reject(new Error('only the newsroom channel publishes there')),
  },
  mailing: aMailing(),
  ...over,
})
