// What the fifteen municipalities said of their channels in public: one row a statement, with the announcement that shows it and what must be decided.
import type { Announcement } from '../../src/announcement/announcement.ts'
import type { Because, Decision, Situation } from '../../src/policy/decide.ts'

type Outcome = `${Decision['verdict']} ${Because}`

export interface Statement {
  readonly city: string
  readonly says: string
  readonly given: Partial<Announcement>
  readonly situation?: Partial<Situation>
  /** By channel: verdict and code. */
  readonly decided: Readonly<Record<string, Outcome>>
  /** By channel: what the German reason says. */
  readonly reasons?: Readonly<Record<string, RegExp>>
}

const extreme = { kind: 'warning', severity: 'Extreme', urgency: 'Immediate', certainty: 'Observed' } as const
const severe = { kind: 'warning', severity: 'Severe' } as const
const allClear = { kind: 'all-clear', severity: 'Severe' } as const
const notice = { kind: 'notice' } as const
const event = { kind: 'event' } as const

const film = {
  ...{ id: 'b'.repeat(64), type: 'video/mp4', size: 1_000_000, width: 1080, height: 1920, alt: 'Der Umzug zieht vorbei' },
  ...{ seconds: 40, codec: 'h264', audioCodec: 'aac', captions: [] },
} as const

const kasselSpeaks: readonly Statement[] = [
  {
    city: 'kassel',
    says: 'tells its news on Facebook, Instagram, X (then Twitter) and its own newsroom',
    given: notice,
    decided: {
      newsroom: 'send rule',
      'facebook-kassel': 'send rule',
      'instagram-kassel': 'send rule',
      'x-kassel': 'send rule',
      'google-plus-kassel': 'omit discontinued',
    },
    reasons: { newsroom: /Die Regel »Mitteilung« gibt die Mitteilung an Newsroom/ },
  },
  {
    city: 'kassel',
    says: 'makes a weekly video podcast that goes to the video platforms and into a podcast feed',
    given: { kind: 'notice', topic: 'podcast', title: 'Der Oberbürgermeister kommentiert die Woche' },
    decided: {
      newsroom: 'send rule',
      'youtube-kassel': 'send rule',
      'facebook-kassel': 'send rule',
      'instagram-kassel': 'send rule',
      'tiktok-kassel': 'send rule',
      'podcast-kassel': 'send rule',
      'x-kassel': 'send rule',
    },
    reasons: { 'podcast-kassel': /»Video-Podcast«/, 'x-kassel': /»Mitteilung«/ },
  },
  {
    city: 'kassel',
    says: 'puts nothing but episodes into the podcast feed',
    given: notice,
    decided: { 'podcast-kassel': 'omit topic' },
    reasons: { 'podcast-kassel': /nur für »Video-Podcast« da; diese Meldung nennt kein Thema\./ },
  },
  {
    city: 'kassel',
    says: 'announces a Facebook chat beforehand everywhere',
    given: { kind: 'event', topic: 'facebook-chat', title: 'Facebook-Chat zum Haushalt' },
    decided: {
      newsroom: 'send rule',
      'facebook-kassel': 'send rule',
      'instagram-kassel': 'send rule',
      'x-kassel': 'send rule',
      'youtube-kassel': 'send rule',
      'tiktok-kassel': 'send rule',
      'podcast-kassel': 'omit kind',
      'google-plus-kassel': 'omit discontinued',
    },
    reasons: { 'facebook-kassel': /»Ankündigung eines Facebook-Chats«/ },
  },
  {
    city: 'kassel',
    says: 'opens the chat and closes it with a summary on Facebook, and keeps it on its own page',
    given: { kind: 'notice', topic: 'facebook-chat', title: 'Zusammenfassung des Facebook-Chats' },
    decided: { newsroom: 'send rule', 'facebook-kassel': 'send rule', 'tiktok-kassel': 'omit no-rule' },
    reasons: { 'facebook-kassel': /»Facebook-Chat«/ },
  },
  {
    city: 'kassel',
    says: 'speaks to a young audience on TikTok',
    given: { kind: 'event', topic: 'youth' },
    decided: { 'tiktok-kassel': 'send rule', newsroom: 'send rule' },
    reasons: { 'tiktok-kassel': /»Für junge Leute«/ },
  },
  {
    city: 'kassel',
    says: 'has its films on YouTube and TikTok, whatever they are about',
    given: { kind: 'notice', topic: 'culture', media: [film] },
    decided: { 'youtube-kassel': 'send rule', 'tiktok-kassel': 'send rule', newsroom: 'send rule', 'facebook-kassel': 'send rule' },
    reasons: { 'youtube-kassel': /»Film«/, 'facebook-kassel': /»Mitteilung«/ },
  },
  {
    city: 'kassel',
    says: 'has nothing on YouTube that is no film',
    given: { kind: 'notice', topic: 'culture' },
    decided: { 'youtube-kassel': 'omit no-rule', 'tiktok-kassel': 'omit no-rule' },
  },
  {
    city: 'kassel',
    says: 'never sends to Google+, not even the most severe warning',
    given: extreme,
    decided: { 'google-plus-kassel': 'omit discontinued', 'facebook-kassel': 'send rule', newsroom: 'send rule' },
    reasons: { 'google-plus-kassel': /Google\+ gibt es seit .*2019 nicht mehr/ },
  },
]

/** Aachen, Dortmund and Frankfurt: each by Bluesky, two of them by Mastodon too. */
const blueskySpeaks: readonly Statement[] = (
  [
    ['aachen', { 'bluesky-aachen': 'send rule' }],
    ['dortmund', { 'bluesky-dortmund': 'send rule', 'mastodon-dortmund': 'send rule' }],
    ['frankfurt-am-main', { 'bluesky-frankfurt': 'send rule', 'mastodon-frankfurt': 'send rule' }],
  ] as const
).flatMap(([city, decided]) => [
  { city, says: 'extends what it offers by Bluesky', given: notice, decided: { newsroom: 'send rule' as const, ...decided } },
  { city, says: 'warns by Bluesky as well', given: severe, decided: { newsroom: 'send rule' as const, ...decided } },
])

const bonnActive = ['newsroom', 'mastodon-bonn', 'bluesky-bonn', 'facebook-bonn', 'instagram-bonn', 'threads-bonn', 'email-bonn']
const bonnSends = Object.fromEntries(bonnActive.map((channel) => [channel, 'send rule'] as const))

const bonnSpeaks: readonly Statement[] = [
  {
    city: 'bonn',
    says: 'uses many channels, and X only in an emergency: not for a notice',
    given: notice,
    decided: { ...bonnSends, 'x-bonn': 'omit emergency-only' },
    reasons: { 'x-bonn': /nur für den Notfall da: .*Werten der Stadt/ },
  },
  {
    city: 'bonn',
    says: 'does not announce an event on X',
    given: event,
    decided: { ...bonnSends, 'x-bonn': 'omit emergency-only' },
  },
  {
    city: 'bonn',
    says: 'gives an extreme warning to X too',
    given: extreme,
    decided: { ...bonnSends, 'x-bonn': 'send rule' },
    reasons: { 'x-bonn': /Die Regel »Warnung« gibt die Warnung an X \(@BundesstadtBonn\)/ },
  },
  { city: 'bonn', says: 'gives a severe warning to X too', given: severe, decided: { ...bonnSends, 'x-bonn': 'send rule' } },
  { city: 'bonn', says: 'gives the all-clear of it to X', given: allClear, decided: { ...bonnSends, 'x-bonn': 'send rule' } },
  {
    city: 'bonn',
    says: 'gives to X what follows a warning that stands there, however mild it has become',
    given: { kind: 'warning', severity: 'Minor' },
    situation: { standing: new Set(['x-bonn']) },
    decided: { 'x-bonn': 'send rule' },
  },
  {
    city: 'bonn',
    says: 'keeps a moderate warning off X',
    given: { kind: 'warning', severity: 'Moderate' },
    decided: { ...bonnSends, 'x-bonn': 'omit emergency-only' },
  },
  {
    city: 'bonn',
    says: 'keeps an exercise off X, and on its own page',
    given: { ...extreme, status: 'Exercise' },
    decided: { newsroom: 'send rule', 'x-bonn': 'omit emergency-only', 'mastodon-bonn': 'omit no-rule', 'email-bonn': 'omit no-rule' },
    reasons: { 'mastodon-bonn': /Übung/ },
  },
  {
    city: 'bonn',
    says: 'keeps a test off X',
    given: { ...extreme, status: 'Test' },
    decided: { newsroom: 'send rule', 'x-bonn': 'omit emergency-only', 'bluesky-bonn': 'omit no-rule' },
  },
  {
    city: 'bonn',
    says: 'wants a release for what is about politics',
    given: { kind: 'notice', topic: 'politics' },
    decided: { newsroom: 'wait approval', 'mastodon-bonn': 'wait approval', 'x-bonn': 'omit emergency-only' },
    reasons: { newsroom: /»Pressemitteilung« verlangt sie/ },
  },
  {
    city: 'bonn',
    says: 'lets people sleep when it is about culture',
    given: { kind: 'event', topic: 'culture' },
    situation: { now: '2025-03-06T22:30:00Z' },
    decided: { newsroom: 'wait quiet-hours', 'x-bonn': 'omit emergency-only' },
  },
  {
    city: 'bonn',
    says: 'wakes everybody for an extreme warning',
    given: extreme,
    situation: { now: '2025-03-06T02:30:00Z' },
    decided: { ...bonnSends, 'x-bonn': 'send rule' },
  },
]

const soestSpeaks: readonly Statement[] = [notice, event, severe, extreme, allClear].map((given) => ({
  city: 'kreis-soest',
  says: `has a WhatsApp channel and lets its X profile rest: ${given.kind}${'severity' in given ? ` (${given.severity})` : ''}`,
  given,
  decided: { newsroom: 'send rule', 'whatsapp-kreis-soest': 'send rule', 'x-kreis-soest': 'omit dormant' },
  reasons: { 'x-kreis-soest': /ruht seit .*2025: Der Kreis lässt sein Profil auf X ruhen\./ },
}))

const leavers: readonly Statement[] = ['mainz', 'karlsruhe'].flatMap((city) =>
  [notice, extreme, allClear].map((given) => ({
    city,
    says: `will no longer use X: ${given.kind}`,
    given,
    decided: { newsroom: 'send rule', [`mastodon-${city}`]: 'send rule', [`x-${city}`]: 'omit left' },
    reasons: { [`x-${city}`]: /geschlossen: Die Stadt nutzt X nicht mehr\./ },
  })),
)

const whatsappSpeaks: readonly Statement[] = ['reutlingen', 'marburg', 'augsburg', 'hanau'].flatMap((city) =>
  [notice, event, severe, allClear].map((given) => ({
    city,
    says: `is on WhatsApp, directly on the smartphone: ${given.kind}`,
    given,
    decided: { newsroom: 'send rule', [`whatsapp-${city}`]: 'send rule' },
  })),
)

const others: readonly Statement[] = [
  {
    city: 'marburg',
    says: 'has its newsletter ready in case the short wire breaks',
    given: notice,
    decided: { 'email-marburg': 'omit standby' },
  },
  {
    city: 'marburg',
    says: 'writes the newsletter when WhatsApp is suspended',
    given: severe,
    situation: { suspended: new Map([['whatsapp-marburg', 'abgemeldet']]) },
    decided: { newsroom: 'send rule', 'whatsapp-marburg': 'omit suspended', 'email-marburg': 'send fallback' },
    reasons: { 'email-marburg': /springt für WhatsApp .* ein/ },
  },
  {
    city: 'reutlingen',
    says: 'does not ring in the night for an event',
    given: event,
    situation: { now: '2025-03-06T23:00:00Z' },
    decided: { 'whatsapp-reutlingen': 'wait quiet-hours' },
  },
  {
    city: 'hochsauerlandkreis',
    says: 'sends breaking news by WhatsApp, quickly and directly',
    given: extreme,
    situation: { now: '2025-03-06T02:00:00Z' },
    decided: { newsroom: 'send rule', 'whatsapp-hochsauerlandkreis': 'send rule' },
    reasons: { 'whatsapp-hochsauerlandkreis': /»Eilmeldung«/ },
  },
  {
    city: 'hochsauerlandkreis',
    says: 'tells by WhatsApp that the danger is over',
    given: allClear,
    decided: { 'whatsapp-hochsauerlandkreis': 'send rule' },
  },
  {
    city: 'hochsauerlandkreis',
    says: 'sends information by WhatsApp',
    given: notice,
    decided: { newsroom: 'send rule', 'whatsapp-hochsauerlandkreis': 'send rule' },
    reasons: { 'whatsapp-hochsauerlandkreis': /»Information«/ },
  },
  {
    city: 'hochsauerlandkreis',
    says: 'sends tips by WhatsApp, be they an event',
    given: { kind: 'event', topic: 'tips' },
    decided: { newsroom: 'send rule', 'whatsapp-hochsauerlandkreis': 'send rule' },
    reasons: { 'whatsapp-hochsauerlandkreis': /»Tipp«/ },
  },
  {
    city: 'hochsauerlandkreis',
    says: 'keeps other events off the direct wire',
    given: event,
    decided: { newsroom: 'send rule', 'whatsapp-hochsauerlandkreis': 'omit no-rule' },
  },
  {
    city: 'ronnenberg',
    says: 'shows itself on TikTok as an employer for future trainees and students',
    given: { kind: 'notice', topic: 'jobs-and-training' },
    decided: { newsroom: 'send rule', 'tiktok-ronnenberg': 'send rule' },
    reasons: { 'tiktok-ronnenberg': /»Ausbildung und Stadtleben«/ },
  },
  {
    city: 'ronnenberg',
    says: 'shows the life of the city on TikTok',
    given: { kind: 'event', topic: 'city-life' },
    decided: { newsroom: 'send rule', 'tiktok-ronnenberg': 'send rule' },
  },
  {
    city: 'ronnenberg',
    says: 'has other topics on its own page alone',
    given: { kind: 'notice', topic: 'traffic' },
    decided: { newsroom: 'send rule', 'tiktok-ronnenberg': 'omit topic' },
    reasons: {
      'tiktok-ronnenberg': /nur für »Ausbildung und Beruf« und »Stadtleben« da; in dieser Meldung geht es um »Verkehr und Baustellen«\./,
    },
  },
  {
    city: 'ronnenberg',
    says: 'does not warn by TikTok',
    given: severe,
    decided: { newsroom: 'send rule', 'tiktok-ronnenberg': 'omit kind' },
  },
  {
    city: 'dresden',
    says: 'is now also on Threads and WhatsApp',
    given: notice,
    decided: { newsroom: 'send rule', 'threads-dresden': 'send rule', 'whatsapp-dresden': 'send rule' },
  },
  {
    city: 'dresden',
    says: 'warns by Threads and WhatsApp',
    given: extreme,
    decided: { newsroom: 'send rule', 'threads-dresden': 'send rule', 'whatsapp-dresden': 'send rule' },
  },
]

/** Every statement, city by city. */
export const statements: readonly Statement[] = [
  ...kasselSpeaks,
  ...blueskySpeaks,
  ...bonnSpeaks,
  ...soestSpeaks,
  ...leavers,
  ...whatsappSpeaks,
  ...others,
]
