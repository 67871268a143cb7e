// How plain text becomes paragraphs: links clickable, long ones shortened where they are listed.
import { type Known, linksIn, type TextLink } from '../connector/links.ts'
import { type Html, html, raw, webLink } from '../pages/html.ts'

/**
 * At most `max` UTF-16 units and an ellipsis, cut after a whole word; the text itself where it fits. A first word that is longer is cut
 * between two characters, unless it is an address: that is kept whole.
 */
export const excerpt = (text: string, max: number): { readonly text: string; readonly cut: boolean } => {
  if (text.length <= max) return { text, cut: false }
  const room = text.slice(0, max + 1)
  const kept = room.slice(0, Math.max(0, room.search(/\s\S*$/))).trimEnd()
  return { text: `${kept === '' ? beginning(text, max) : kept} …`, cut: true }
}

const characters = new Intl.Segmenter('de', { granularity: 'grapheme' })

const beginning = (text: string, max: number): string => {
  const [word = ''] = /\S+/.exec(text) ?? []
  if (word.length <= max || linksIn(word).length > 0) return word
  return word.slice(0, characters.segment(word).containing(max)?.index)
}

/** Paragraphs at empty lines, breaks at line ends, web addresses as links. */
export const paragraphs = (text: string, known: Known): Html =>
  html`${text
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => html`<p>${lines(paragraph.trim(), known)}</p>`)}`

/** The host of a link, as a reader knows it: `bonn.de`. */
export const hostOf = (link: string): string => new URL(link).hostname.replace(/^www\./, '')

const lines = (paragraph: string, known: Known): Html =>
  html`${paragraph.split('\n').map((line, index) => html`${index > 0 && raw`<br>`}${linked(line, known)}`)}`

const linked = (line: string, known: Known): Html => {
  const links = linksIn(line, known)
  const pieces = links.map((link, index) => html`${line.slice(links[index - 1]?.end ?? 0, link.start)}${anchor(line, link)}`)
  return html`${pieces}${line.slice(links.at(-1)?.end ?? 0)}`
}

const anchor = (line: string, { start, end, url }: TextLink): Html =>
  html`<a class="kern-link" href="${webLink(url)}">${line.slice(start, end).replace(/^(?:https?:\/\/)?(?:www\.)?/i, '')}</a>`
