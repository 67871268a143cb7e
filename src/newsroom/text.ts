// How plain text becomes paragraphs: links clickable, long ones shortened where they are listed.
import type { Post } from '../connector/connector.ts'
import { type Html, html, raw, webLink } from '../pages/html.ts'
import { shorten } from '../rendering/shorten.ts'
import { isGrave } from '../rendering/templates.ts'

/** At most `max` UTF-16 units, of a warning or all-clear whole sentences alone; the text itself where it fits. */
export const excerpt = (text: string, max: number, kind: Post['kind']): { readonly text: string; readonly cut: boolean } => {
  if (text.length <= max) return { text, cut: false }
  const beginning = shorten(text.slice(0, max + ahead), (one) => one.length <= max, isGrave({ kind }) ? 'sentence' : 'word')
  return { text: beginning || '…', cut: true }
}

/** How far beyond the excerpt a text is read: whether a bracket closes there, and how its sentence ends. */
const ahead = 2_000

/** Paragraphs at empty lines, breaks at line ends, web addresses as links. */
export const paragraphs = (text: string): Html =>
  html`${text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => html`<p>${lines(paragraph.trim())}</p>`)}`

/** The host of a link, as a reader knows it: `bonn.de`. */
export const hostOf = (link: string): string => new URL(link).hostname.replace(/^www\./, '')

const lines = (paragraph: string): Html =>
  html`${paragraph.split('\n').map((line, index) => html`${index > 0 && raw`<br>`}${linked(line)}`)}`

/** An address without the punctuation that ends its sentence. */
const address = /(https?:\/\/[^\s<>"…]*[^\s<>"….,;:!?)\]}»“”'])/

const linked = (line: string): Html => html`${line.split(address).map((piece, index) => (index % 2 === 1 ? anchor(piece) : piece))}`

const anchor = (piece: string): Html | string => {
  const link = webLink(piece)
  return link === null ? piece : html`<a class="kern-link" href="${link}">${piece.replace(/^https?:\/\/(www\.)?/, '')}</a>`
}
