// Why a channel carries an announcement or does not, in sentences that a press officer would say.
import type { Announcement } from '../announcement/announcement.ts'
import { germanDate, localTime } from '../announcement/local-time.ts'
import { kindTitles, wordingIn } from '../announcement/wording.ts'
import { keysOf, none } from './choice.ts'
import type { Bar } from './decision.ts'
import { platforms, platformTitle } from './platforms.ts'
import type { Channel, Choice, City, Rule } from './policy.ts'
import type { QuietWindow } from './quiet-hours.ts'

/** `X (@BundesstadtBonn)`. */
export const label = (channel: Pick<Channel, 'platform' | 'title'>): string => {
  const title = platformTitle(channel.platform)
  return channel.title === null || channel.title === title ? title : `${title} (${channel.title})`
}

const nominative = { warning: 'die Warnung', 'all-clear': 'die Entwarnung', notice: 'die Mitteilung', event: 'der Termin' } as const
const accusative = { ...nominative, event: 'den Termin' } as const

/** The text as a sentence of its own, whatever its author ended it with. */
const sentence = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`)

const since = (channel: Channel): string => (channel.since === null ? '' : ` seit ${germanDate(channel.since)}`)

/** `: Die Stadt nutzt X nicht mehr.`, or what is usually so. */
const cityReason = (channel: Channel, usual: string): string => sentence(channel.because ?? usual)

const emergencies = {
  Extreme: 'extreme Warnungen',
  Severe: 'schwere und extreme Warnungen',
  Moderate: 'mäßige, schwere und extreme Warnungen',
  Minor: 'Warnungen',
} as const

export interface Spot {
  readonly channel: Channel
  readonly city: Pick<City, 'topics' | 'districts' | 'emergency'>
}

export const barred = (bar: Bar, announcement: Announcement, { channel, city }: Spot): string => {
  const who = label(channel)
  switch (bar) {
    case 'discontinued':
      return `Die Plattform ${platformTitle(channel.platform)} gibt es seit ${germanDate(platforms.get(channel.platform)!.discontinued!)} nicht mehr; dorthin wird nichts gesendet.`
    case 'left':
      return `${who} ist${since(channel)} geschlossen: ${cityReason(channel, 'Die Stadt nutzt diesen Kanal nicht mehr.')}${aheadNote(channel)}`
    case 'dormant':
      return `${who} ruht${since(channel)}: ${cityReason(channel, 'Die Stadt sendet dort zurzeit nichts, auch keine Warnungen.')}${aheadNote(channel)}`
    case 'no-connector':
      return `Für ${platformTitle(channel.platform)} gibt es hier noch keine Anbindung; bitte dort von Hand veröffentlichen.`
    case 'emergency-only':
      return `${who} ist${since(channel)} nur für den Notfall da: ${cityReason(channel, `Dorthin gehen nur ${emergencies[city.emergency]} im Ernstfall und was ihnen folgt.`)}${aheadNote(channel)}`
    case 'kind':
      return `${who} ist nur für ${channel.kinds!.map((kind) => kindTitles[kind]).join(', ')} da, nicht für ${kindTitles[announcement.kind]}.`
    case 'topic':
      return `${who} ist ${meant(channel.topics!, city.topics)}; ${about(announcement.topics, city.topics)}.`
    case 'district':
      return `${who} ist ${meant(channel.districts!, city.districts, withoutArea)}; ${forWhom(announcement.districts, city.districts)}.`
  }
}

type Titles = Readonly<Record<string, string>>

const withoutTopic = 'Meldungen ohne Thema'
const withoutArea = 'Meldungen ohne Gebiet'

const list = (keys: readonly string[], titles: Titles, without = withoutTopic): string =>
  new Intl.ListFormat('de').format(keys.map((key) => (key === none ? without : `»${Object.hasOwn(titles, key) ? titles[key] : key}«`)))

/** `nur für »Kultur« und »Sport« da`. */
const meant = (choice: Choice, titles: Titles, without = withoutTopic): string => {
  const keys = list(keysOf(choice), titles, without)
  return 'not' in choice ? `für alles da außer für ${keys}` : `nur für ${keys} da`
}

const about = (topics: readonly string[], titles: Titles): string =>
  topics.length === 0 ? 'diese Meldung nennt kein Thema' : `in dieser Meldung geht es um ${list(topics, titles)}`

const forWhom = (districts: readonly string[], titles: Titles): string =>
  districts.length === 0 ? 'diese Meldung nennt kein Gebiet' : `diese Meldung gilt für ${list(districts, titles)}`

export const byRule = (announcement: Announcement, channel: Channel, rule: Rule): string =>
  `Die Regel »${rule.name}« gibt ${accusative[announcement.kind]} an ${label(channel)}.${notes(announcement, channel)}`

export const follows = (announcement: Announcement, channel: Channel): string =>
  `Was vorausging, steht auf ${label(channel)}; deshalb geht auch ${nominative[announcement.kind]} dorthin.${notes(announcement, channel)}`

export const noRule = (announcement: Announcement, channel: Channel): string => {
  if (announcement.status === 'Exercise') return `Dies ist eine Übung, und keine Regel gibt Übungen ausdrücklich an ${label(channel)}.`
  if (announcement.status === 'Test') return `Dies ist ein Test, und keine Regel gibt Tests ausdrücklich an ${label(channel)}.`
  return `Keine Regel der Stadt gibt ${accusative[announcement.kind]} an ${label(channel)}.`
}

const notes = (announcement: Announcement, channel: Channel): string => languageNote(announcement, channel) + aheadNote(channel)

const aheadNote = (channel: Pick<Channel, 'ahead'>): string => {
  const ahead = comes(channel)
  return ahead === null ? '' : ` ${ahead}`
}

/** What will change on the channel on a day to come; null: nothing that is known. */
export const comes = ({ ahead }: Pick<Channel, 'ahead'>): string | null => {
  if (ahead === undefined) return null
  const day = `Ab ${germanDate(ahead.on)}`
  switch (ahead.use) {
    case 'left':
      return `${day} ist dieser Kanal geschlossen.`
    case 'dormant':
      return `${day} ruht dieser Kanal.`
    case 'emergency-only':
      return `${day} ist dieser Kanal nur noch für den Notfall da.`
    case 'all':
      return `${day} ist dieser Kanal offen.`
    case 'standby':
      return `${day} springt dieser Kanal für einen anderen ein.`
  }
}

const languageNote = (announcement: Announcement, channel: Channel): string =>
  wordingIn(announcement, channel.language).wanted
    ? ''
    : ` Eine Fassung in der Sprache »${channel.language}« fehlt, deshalb in der Sprache »${announcement.language}«.`

export const standsBy = (channel: Channel, primary?: Channel): string =>
  primary === undefined
    ? `${label(channel)} springt nur ein, wenn ein anderer Kanal ausfällt.`
    : `${label(channel)} steht bereit, falls ${label(primary)} ausfällt.`

export const takesOver = (channel: Channel, primary: Channel): string =>
  `${label(channel)} springt für ${label(primary)} ein, weil dieser Kanal gesperrt ist.`

export const suspended = (channel: Channel, because: string, standIn: Channel | null): string =>
  standIn === null
    ? `${label(channel)} ist gesperrt (${because.trim().replace(/[.!]+$/, '')}); der Beitrag wartet, bis der Kanal wieder frei ist.`
    : `${label(channel)} ist gesperrt (${because.trim().replace(/[.!]+$/, '')}); ${label(standIn)} übernimmt.`

export const byHand = (channel: Channel): string =>
  `Auf ${label(channel)} veröffentlicht ein Mensch; Rundruf legt ihm alles bereit und fragt nach der Adresse des Beitrags.`

const price = (cost: { readonly amount: number; readonly currency: string }): string =>
  new Intl.NumberFormat('de-DE', { style: 'currency', currency: cost.currency, minimumFractionDigits: 2, maximumFractionDigits: 3 }).format(
    cost.amount,
  )

export const costs = (channel: Channel, cost: { readonly amount: number; readonly currency: string }): string =>
  `Der Beitrag kostet auf ${label(channel)} ${price(cost)}.`

export const scheduled = (at: string): string => `Erscheint wie geplant am ${localTime(at)}.`

export const delayed = (at: string, channel: Channel): string =>
  `${label(channel)} folgt dem Newsroom nach ${channel.delayMinutes === 1 ? 'einer Minute' : `${channel.delayMinutes} Minuten`}: am ${localTime(at)}.`

export const quiet = (at: string, { from, to, on }: QuietWindow): string => {
  const when = from === '00:00' && to === '24:00' ? 'den ganzen Tag' : `von ${from} bis ${to} Uhr`
  const begin = on === null ? when : `${new Intl.ListFormat('de').format(on.map(dayTitle))} ist ${when}`
  return `${begin[0]!.toUpperCase()}${begin.slice(1)} ${on === null ? 'ist ' : ''}Ruhezeit; erscheint deshalb erst am ${localTime(at)}.`
}

const dayTitles: Readonly<Record<string, string>> = {
  mon: 'montags',
  tue: 'dienstags',
  wed: 'mittwochs',
  thu: 'donnerstags',
  fri: 'freitags',
  sat: 'samstags',
  sun: 'sonntags',
  holiday: 'an Feiertagen',
}

/** `samstags`, `am 24. Dezember`, `am 17. Juni 2028`. */
const dayTitle = (day: string): string =>
  dayTitles[day] ?? `am ${/^\d\d-/.test(day) ? germanDate(`0000-${day}`).replace(/ 0000$/, '') : germanDate(day)}`

const posts = (perDay: number): string => (perDay === 1 ? 'eine Meldung' : `${perDay} Meldungen`)

/** The note of a plan, before anything is counted. */
export const perDay = (channel: Channel, most: number): string =>
  `Auf ${label(channel)} ${most === 1 ? 'erscheint' : 'erscheinen'} höchstens ${posts(most)} am Tag; was mehr ist, folgt am nächsten Tag.`

export const fullDay = (channel: Channel, most: number, next: string): string =>
  `Auf ${label(channel)} ${most === 1 ? 'erscheint' : 'erscheinen'} höchstens ${posts(most)} am Tag, und so ${most === 1 ? 'ist es' : 'viele sind es'} heute schon; der Beitrag ist am ${localTime(next)} an der Reihe.`

/** Said to whoever approves: it does not come at once. */
export const andThen = (at: string): string => ` Danach erscheint sie nicht vor dem ${localTime(at)}.`

export const approval = (rules: readonly Rule[]): string => {
  const names = rules.map(({ name }) => `»${name}«`)
  const noun = names.length > 1 ? 'Regeln' : 'Regel'
  return names.length === 0
    ? 'Wartet auf Freigabe, wie es für diesen Kanal gilt.'
    : `Wartet auf Freigabe: Die ${noun} ${new Intl.ListFormat('de').format(names)} ${names.length > 1 ? 'verlangen' : 'verlangt'} sie.`
}

export const expired = (expires: string, notBefore: string | null): string =>
  notBefore === null
    ? `Die Meldung galt nur bis ${localTime(expires)}; danach wird nichts mehr gesendet.`
    : `Gesendet würde erst am ${localTime(notBefore)}, die Meldung gilt aber nur bis ${localTime(expires)}.`
