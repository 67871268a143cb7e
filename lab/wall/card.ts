// One post on the wall, as a reader of its platform would see it.
import { type Html, html } from '../html.ts'
import type { Card, LedgerEntry, LedgerVideo, Mark, Revision } from '../ledger.ts'
import { marksOf } from '../mastodon/text.ts'
import { hasAlt } from './platforms.ts'

const clock = new Intl.DateTimeFormat('de-DE', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Berlin' })

/** A time as people read it, in German local time. */
const timeHtml = (iso: string): Html => html`<time datetime="${iso}">${clock.format(new Date(iso))} Uhr</time>`

/** The card of a post; `answers` is how many answers stand below it. */
export const cardHtml = (entry: LedgerEntry, answers: number): Html => html`
<article class="post${entry.deletedAt ? ' deleted' : ''}" id="${anchorOf(entry)}">
  <img class="avatar" src="/avatar/${entry.platform}/${encodeURIComponent(entry.account)}.svg" alt="" width="46" height="46">
  <div class="body">
    <header>
      <span class="name">${nameOf(entry.account)}</span>
      <span class="handle">@${entry.account}</span>
      <a class="when" href="${entry.url}">${timeHtml(entry.createdAt)}</a>
    </header>
    ${entry.deletedAt && html`<p class="badge gone">Gelöscht am ${timeHtml(entry.deletedAt)}</p>`}
    ${entry.replyTo && html`<p class="badge">Antwort</p>`}
    ${contentHtml(entry)}
    ${entry.revisions.length > 1 && historyHtml(entry.revisions)}
    <footer>${footer(entry, answers)}</footer>
  </div>
</article>`

/** Where a card stands on its page. */
const anchorOf = (entry: LedgerEntry): string => `p-${entry.id.replace(/[^\w-]+/g, '-')}`

/** An account's display name: the first label of a handle that is a domain. */
export const nameOf = (account: string): string => account.split('.')[0]!

const contentHtml = (entry: LedgerEntry): Html => {
  const text = html`<div class="text" lang="${entry.language ?? 'de'}" dir="auto">${textHtml(entry)}</div>`
  return html`
    ${entry.title && html`<p class="title">${entry.title}</p>`}
    ${entry.notice ? html`<details class="notice" open><summary>${entry.notice}</summary>${text}</details>` : text}
    ${entry.images.length > 0 && imagesHtml(entry)}
    ${entry.video && videoHtml(entry.video, hasAlt(entry.platform))}
    ${entry.card && linkCardHtml(entry.card)}`
}

/** The text with its links; a platform that finds them itself shows them shortened and without their scheme. */
const textHtml = ({ text, marks }: Pick<Revision, 'text' | 'marks'>): Html[] => {
  const pieces: Html[] = []
  let at = 0
  for (const mark of marks ?? marksOf(text, 'https://mastodon.example')) {
    if (mark.from < at) continue
    pieces.push(html`${text.slice(at, mark.from)}`, linkHtml(text.slice(mark.from, mark.to), mark, marks === undefined))
    at = mark.to
  }
  return [...pieces, html`${text.slice(at)}`]
}

const linkHtml = (text: string, { href }: Mark, found: boolean): Html => {
  if (!/^https?:\/\//i.test(href)) return html`${text}`
  const bare = found ? text.replace(/^https?:\/\/(www\.)?/i, '') : text
  return html`<a href="${href}" rel="nofollow noopener noreferrer">${found && bare.length > 30 ? `${bare.slice(0, 30)}…` : bare}</a>`
}

const imagesHtml = ({ images, platform }: Pick<LedgerEntry, 'images' | 'platform'>): Html => html`
<div class="images n${images.length}">${images.map(
  (image) =>
    html`<figure><img src="/media/${image.sha256}" alt="${image.alt}" loading="lazy">${hasAlt(platform) && altHtml(image.alt)}</figure>`,
)}</div>`

const videoHtml = ({ sha256, captions, alt }: LedgerVideo, withAlt: boolean): Html => html`
<figure class="video"><video controls preload="metadata" src="/media/${sha256}">${captions.map(
  (track) => html`<track kind="captions" srclang="${track.language}" src="/media/${track.sha256}">`,
)}</video>${withAlt && altHtml(alt)}</figure>`

const altHtml = (alt: string): Html =>
  alt ? html`<figcaption><b>ALT</b> ${alt}</figcaption>` : html`<figcaption class="missing"><b>ALT</b> fehlt</figcaption>`

const linkCardHtml = (card: Card): Html => {
  const inside = html`${card.thumb && html`<img src="/media/${card.thumb}" alt="" loading="lazy">`}<span class="about"><span class="title">${card.title}</span>
    <span class="description">${card.description}</span><span class="host">${hostOf(card.uri)}</span></span>`
  return hostOf(card.uri)
    ? html`<a class="link-card" href="${card.uri}" rel="nofollow noopener noreferrer">${inside}</a>`
    : html`<div class="link-card">${inside}</div>`
}

/** The host of a web link; empty for every other address. */
const hostOf = (uri: string): string => (/^https?:/i.test(uri) && URL.canParse(uri) ? new URL(uri).host : '')

const historyHtml = (revisions: readonly Revision[]): Html => html`
<details class="history">
  <summary><span class="badge edited">bearbeitet</span> ${revisions.length} Fassungen</summary>
  <ol>${revisions.map((revision) => html`<li>${timeHtml(revision.at)}<div class="text" dir="auto">${textHtml(revision)}</div></li>`)}</ol>
</details>`

const segmenter = new Intl.Segmenter()

const footer = (entry: LedgerEntry, answers: number): Html => html`
  ${answers > 0 && html`<span>${answers === 1 ? '1 Antwort' : `${answers} Antworten`}</span>`}
  <span>${[...segmenter.segment(entry.text)].length} Zeichen</span>
  ${entry.language && html`<span>Sprache: ${entry.language}</span>`}`
