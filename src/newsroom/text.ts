// How plain text becomes paragraphs: links clickable, long ones shortened where they are listed.
import type { Post } from '../connector/connector.ts'
import { type Known, linksIn, type TextLink } from '../connector/links.ts'
import { type Html, html, raw, webLink } from '../pages/html.ts'
import { shorten } from '../rendering/shorten.ts'
import { isGrave } from '../rendering/templates.ts'

/**
 * At most `max` UTF-16 units, of a warning or all-clear whole sentences alone; the text itself where it fits. A first word that is longer
 * is cut between two characters, unless it is an address: that is kept whole.
 */
export const excerpt = (text: string, max: number, kind: Post['kind']): { readonly text: string; readonly cut: boolean } => {
  if (text.length <= max) return { text, cut: false }
  const grave = isGrave({ kind })
  const short = shorten(text.slice(0, max + ahead), (one) => one.length <= max, grave ? 'sentence' : 'word')
  return { text: short || `${grave ? '' : beginning(text, max)} …`.trim(), cut: true }
}

const characters = new Intl.Segmenter('de', { granularity: 'grapheme' })

const beginning = (text: string, max: number): string => {
  const [word = ''] = /\S+/.exec(text) ?? []
  if (word.length <= max || linksIn(word).length > 0) return word
  return word.slice(0, characters.segment(word).containing(max)?.index)
}

/** How far beyond the excerpt a text is read: whether a bracket closes there, and how its sentence ends. */
const ahead = 2_000

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
