// The pages of the newsroom: all cities, one city, one announcement, and the two that say that something is not there.

import { localTime } from '../announcement/local-time.ts'
import { type Html, html, raw } from '../pages/html.ts'
import type { City } from '../policy/policy.ts'
import type { NewsroomItem } from '../store/newsroom.ts'
import { banner } from './banner.ts'
import { channelsToday, channelsView, standingOf } from './channels-view.ts'
import { feeds, frame } from './frame.ts'
import { addressOf, listItem, wholeItem } from './item-view.ts'
import { newsletterOf } from './newsletter/channel.ts'
import { excerpt } from './text.ts'

export interface IndexContent {
  readonly cities: ReadonlyMap<string, City>
  readonly warnings: readonly NewsroomItem[]
  /** The newest announcement of each city. */
  readonly newest: ReadonlyMap<string, { readonly title: string; readonly at: string }>
  readonly publicUrl: string
}

export const indexPage = ({ cities, warnings, newest, publicUrl }: IndexContent): Html =>
  frame({
    city: null,
    title: 'Social Media Newsroom',
    description: 'Was Städte und Kreise mitteilen: Warnungen, Mitteilungen und Termine, ohne Konto und ohne fremde Server.',
    canonical: `${publicUrl}/`,
    header: heading('Städte und Kreise'),
    main: html`${banner(warnings, cities)}<section aria-labelledby="staedte">
<h2 class="section-title" id="staedte">Alle Newsrooms</h2>
<ul class="cities">${byName(cities).map((city) => cityEntry(city, newest.get(city.key)))}</ul>
</section>`,
  })

export interface CityContent {
  readonly city: City
  readonly warnings: readonly NewsroomItem[]
  readonly items: readonly NewsroomItem[]
  /** Key of the item after which the next older page begins; null: there is none. */
  readonly older: string | null
  /** Key after which this page begins; null: it is the first. */
  readonly before: string | null
  /** Names of the channels that the service does not serve just now. */
  readonly suspended: ReadonlySet<string>
  readonly publicUrl: string
}

export const cityPage = ({ city, warnings, items, older, before, suspended, publicUrl }: CityContent): Html =>
  frame({
    city,
    title: `${city.city}: Social Media Newsroom`,
    description: `Alle Meldungen und alle Kanäle: ${city.city}. Ohne Konto, ohne fremde Server.`,
    canonical: before === null ? `${publicUrl}/${city.key}` : null,
    header: html`${heading(city.city)}
<nav class="head-nav" aria-label="Auf dieser Seite"><a href="#meldungen">Meldungen</a><a href="#kanaele">Kanäle</a><a href="#abonnieren">Abonnieren</a></nav>`,
    main: html`${before === null && banner(warnings, city)}<div class="columns">
<section class="stream" aria-labelledby="meldungen">
<h2 class="section-title" id="meldungen">${before === null ? 'Meldungen' : 'Ältere Meldungen'}</h2>
${items.length > 0 ? items.map((item) => listItem(item, city)) : empty(before)}
${turning(city, before, older)}</section>
<div class="side">${channelsView(city, suspended)}${subscribing(city)}</div>
</div>`,
  })

export interface ItemContent {
  readonly city: City
  readonly item: NewsroomItem
  readonly publicUrl: string
}

export const itemPage = ({ city, item, publicUrl }: ItemContent): Html =>
  frame({
    city,
    title: `${item.retractedAt === null ? '' : 'Zurückgezogen: '}${item.post.title} – ${city.city}`,
    description: excerpt(item.post.text, 160, item.post.kind).text.replace(/\s+/g, ' '),
    canonical: publicUrl + addressOf(item),
    header: heading(city.city, `/${city.key}`),
    main: html`<div class="single">${wholeItem(item, city)}<p><a class="kern-link" href="/${city.key}">Alle Meldungen: ${city.city}</a></p></div>`,
  })

/** `city` null: not even the city is known here. */
export const notFoundPage = (city: City | null): Html =>
  message(
    city,
    'Diese Seite gibt es nicht',
    html`<p>Vielleicht hat sich die Adresse geändert. <a class="kern-link" href="${city ? `/${city.key}` : '/'}">${
      city ? `Zu allen Meldungen: ${city.city}` : 'Zu allen Städten und Kreisen'
    }</a></p>`,
  )

/** The store is away and of this page there is no copy. */
export const awayPage = (city: City | null): Html =>
  message(
    city,
    'Zurzeit nicht abrufbar',
    html`<p>Diese Seite kann gerade nicht geladen werden. Bitte versuchen Sie es in einigen Minuten wieder. ${
      city && html`<a class="kern-link" href="/${city.key}">Zu den neuesten Meldungen: ${city.city}</a>`
    }</p>`,
  )

const message = (city: City | null, title: string, text: Html): Html =>
  frame({
    city,
    title,
    description: title,
    canonical: null,
    header: heading(city?.city ?? 'Städte und Kreise', city ? `/${city.key}` : '/'),
    main: html`<div class="single"><h2 class="section-title">${title}</h2>${text}</div>`,
  })

const heading = (name: string, link?: string): Html =>
  html`<p class="head-kind">Social Media Newsroom</p>
<h1 class="head-title">${link ? html`<a href="${link}">${name}</a>` : name}</h1>`

const byName = (cities: ReadonlyMap<string, City>): City[] => [...cities.values()].sort((a, b) => a.city.localeCompare(b.city, 'de'))

const cityEntry = (city: City, newest: { readonly title: string; readonly at: string } | undefined): Html => {
  const open = channelsToday(city).filter((channel) => standingOf(channel, new Set()) === 'open').length
  return html`<li class="city city-${city.key}"><h3 class="city-name"><a href="/${city.key}">${city.city}</a></h3>
<p class="city-newest">${newest ? newest.title : 'Noch keine Meldungen'}</p>
<p class="city-time">${newest && html`<time datetime="${newest.at}">${localTime(newest.at)}</time> · `}${open === 1 ? 'ein Kanal' : `${open} Kanäle`}</p></li>
`
}

const empty = (before: string | null): Html =>
  before === null
    ? raw`<p class="empty">Hier ist es gerade ruhig: Es gibt noch keine Meldungen. Sobald es etwas mitzuteilen gibt, steht es hier zuerst.</p>`
    : raw`<p class="empty">Ältere Meldungen gibt es nicht.</p>`

const turning = (city: City, before: string | null, older: string | null): Html | null =>
  before === null && older === null
    ? null
    : html`<nav class="turning" aria-label="Weitere Meldungen">${before !== null && html`<a class="kern-link" href="/${city.key}">Zu den neuesten Meldungen</a>`}${
        older !== null && html`<a class="kern-link" href="/${city.key}?before=${older}" rel="next">Ältere Meldungen</a>`
      }</nav>
`

const subscribing = (city: City): Html => html`<section class="panel" aria-labelledby="abonnieren">
<h2 class="section-title" id="abonnieren">Abonnieren</h2>
<p>Jeder Feedreader zeigt Ihnen neue Meldungen von selbst, ohne Konto:</p>
<ul class="feeds">${feeds.map(({ file, name }) => html`<li><a class="kern-link" href="/${city.key}/${file}">${name}</a></li>`)}</ul>${
  newsletterOf(city) &&
  html`
<p class="more">Oder als E-Mail: <a class="kern-link" href="/${city.key}/newsletter">Newsletter bestellen</a></p>`
}
</section>
`
