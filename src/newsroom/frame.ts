// What all pages of the newsroom share: head, header in the city's colours, footer, and the place of the last-copy line.
import { type Html, html, type Part, raw, webLink } from '../pages/html.ts'
import { layout } from '../pages/layout.ts'
import { doors } from '../policy/doors.ts'
import type { City } from '../policy/policy.ts'
import { assets } from './assets.ts'

export interface Framed {
  /** Null: the page belongs to no city. */
  readonly city: City | null
  readonly title: string
  readonly description: string
  /** The page's one heading and what belongs to it. */
  readonly header: Part
  readonly main: Part
  /** The address of the page below the newsroom, for search engines; null: not to be found there. */
  readonly canonical: string | null
  /** True where the page has a form. */
  readonly forms?: boolean
}

/** Stands in each page; a copy that is served while the store is away says here of when it is. */
export const standMark = '<!--stand-->'

/** A whole page of the newsroom. */
export const frame = ({ city, title, description, header, main, canonical, forms = false }: Framed): Html =>
  layout({
    language: 'de',
    title,
    description,
    // the page's own sheet last: it has the last word over KERN
    styles: [...(forms ? [assets().forms.path] : []), assets().style.path, city ? `/${city.key}/theme.css` : coloursOfAll],
    icon: assets().icon.path,
    head: html`${canonical ? html`<link rel="canonical" href="${canonical}">\n` : raw`<meta name="robots" content="noindex">\n`}${city && feedLinks(city)}`,
    header: html`<div class="wide">${header}</div>`,
    main: html`<div class="wide"><!--stand-->
${main}</div>`,
    footer: html`<div class="wide">${city && crossLinks(city)}<p>Diese Seite setzt keine Cookies, braucht kein Konto und lädt nichts von fremden Servern.</p></div>`,
  })

/** The style sheet with the colours of all cities. */
export const coloursOfAll = `${doors.assets}/cities.css`

/** The three feeds of a city: file name, media type, name. */
export const feeds = [
  { file: 'feed.rss', type: 'application/rss+xml', name: 'RSS' },
  { file: 'feed.atom', type: 'application/atom+xml', name: 'Atom' },
  { file: 'feed.json', type: 'application/feed+json', name: 'JSON Feed' },
] as const

const crossLinks = (city: City): Html => {
  const website = webLink(city.website)
  return html`<p>${website && html`<a class="kern-link" href="${website}">Website: ${city.city}</a> · `}<a class="kern-link" href="/">Alle Städte und Kreise</a></p>
`
}

const feedLinks = (city: City): Html =>
  html`${feeds.map(({ file, type, name }) => html`<link rel="alternate" type="${type}" href="/${city.key}/${file}" title="${city.city}: ${name}">\n`)}`
