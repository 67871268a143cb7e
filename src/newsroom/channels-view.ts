// The overview of all channels that a city offers or has given up, with the date and its own reason.

import { germanDate } from '../announcement/local-time.ts'
import { type Html, html, webLink } from '../pages/html.ts'
import { cityAt } from '../policy/in-force.ts'
import { platforms, platformTitle } from '../policy/platforms.ts'
import type { Channel, City } from '../policy/policy.ts'
import { comes } from '../policy/reasons.ts'

/** How a channel stands towards the public. */
export type Standing = 'open' | 'emergency' | 'disturbed' | 'resting' | 'closed'

const headings: Readonly<Record<Standing, string>> = {
  open: 'Aktiv',
  emergency: 'Nur im Notfall',
  disturbed: 'Zurzeit gestört',
  resting: 'Ruht',
  closed: 'Geschlossen',
}

/** Where the channel stands; `suspended` are the names of channels that the service does not serve just now. */
export const standingOf = (channel: Channel, suspended: ReadonlySet<string>): Standing => {
  if (platforms.get(channel.platform)?.discontinued || channel.use === 'left') return 'closed'
  if (channel.use === 'dormant') return 'resting'
  if (suspended.has(channel.name)) return 'disturbed'
  return channel.use === 'emergency-only' ? 'emergency' : 'open'
}

/** The city's channels as they are today. */
export const channelsToday = (city: City): readonly Channel[] => cityAt(city, new Date().toISOString()).channels

/** The city's channels in groups, the open ones first. */
export const channelsView = (city: City, suspended: ReadonlySet<string>): Html => {
  const channels = channelsToday(city)
  const groups = (Object.keys(headings) as Standing[]).map((standing) => ({
    standing,
    channels: channels.filter((channel) => standingOf(channel, suspended) === standing),
  }))
  return html`<section class="panel" aria-labelledby="kanaele">
<h2 class="section-title" id="kanaele">Unsere Kanäle</h2>
${groups
  .filter(({ channels }) => channels.length > 0)
  .map(
    ({ standing, channels }) => html`<h3 class="group-title">${headings[standing]}</h3>
<ul class="channels channels-${standing}">${channels.map((channel) => entry(channel, standing))}</ul>
`,
  )}</section>
`
}

const entry = (channel: Channel, standing: Standing): Html => {
  const sentences = [
    since(channel, standing),
    channel.because,
    comes(channel),
    standing === 'disturbed' && 'Alle Meldungen stehen auf dieser Seite.',
  ]
  const notes = sentences.filter((sentence) => typeof sentence === 'string')
  return html`<li class="channel"><span class="channel-name">${named(channel, standing)}</span>${
    notes.length > 0 && html`<span class="channel-note">${notes.join(' ')}</span>`
  }</li>
`
}

const named = (channel: Channel, standing: Standing): Html => {
  const name = platformTitle(channel.platform)
  const title = channel.title && channel.title !== name ? html` <span class="channel-title">${channel.title}</span>` : null
  const link = standing === 'closed' ? null : webLink(channel.url)
  if (channel.platform === 'newsroom') return html`Newsroom <span class="channel-title">diese Seite</span>`
  return link ? html`<a class="kern-link" href="${link}">${name}</a>${title}` : html`${name}${title}`
}

const since = (channel: Channel, standing: Standing): string | null => {
  const gone = platforms.get(channel.platform)?.discontinued
  if (gone) return `Die Plattform wurde am ${germanDate(gone)} eingestellt.`
  if (channel.since === null) return null
  const day = germanDate(channel.since)
  if (standing === 'closed') return `Geschlossen am ${day}.`
  if (standing === 'resting') return `Ruht seit dem ${day}.`
  return `Seit dem ${day}.`
}
