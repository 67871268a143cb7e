// How an announcement is laid out: the words it begins with, where title, text, time and link stand, and which part may be shortened.
import type { Kind, Status } from '../announcement/announcement.ts'
import { localTime } from '../announcement/local-time.ts'
import { hasLink } from '../connector/links.ts'

/** The text may be shortened; what stands before and after it may not. */
export interface Layout {
  readonly before: string
  readonly text: string
  readonly after: string
}

interface Words {
  /** What stands before the title; an all-clear is said in words, since readers mistake its signs. */
  readonly lead: Readonly<Partial<Record<Kind, string>>>
  readonly kinds: Readonly<Record<Kind, string>>
  /** First line of what is not meant for the public: said three times, so that no excerpt hides it. */
  readonly mark: Readonly<Record<Exclude<Status, 'Actual'>, string>>
  readonly until: string
  readonly correction: string
}

const words: Readonly<Record<'de' | 'en', Words>> = {
  de: {
    lead: { warning: 'WARNUNG', 'all-clear': 'ENTWARNUNG' },
    kinds: { warning: 'Warnung', 'all-clear': 'Entwarnung', notice: 'Mitteilung', event: 'Termin' },
    mark: { Exercise: 'ÜBUNG', Test: 'TEST' },
    until: 'Gültig bis',
    correction: 'Korrektur',
  },
  en: {
    lead: { warning: 'WARNING', 'all-clear': 'ALL CLEAR' },
    kinds: { warning: 'Warning', 'all-clear': 'All clear', notice: 'Notice', event: 'Event' },
    mark: { Exercise: 'EXERCISE', Test: 'TEST' },
    until: 'Valid until',
    correction: 'Correction',
  },
}

/** The languages in which the house has words of its own; a text in any other begins with the German ones. */
const wordsIn = (language: string): 'de' | 'en' => (/^en\b/i.test(language) ? 'en' : 'de')

export interface Content {
  readonly kind: Kind
  readonly status: Status
  readonly title: string
  readonly text: string
  readonly language: string
  readonly link: string | null
  /** ISO 8601 UTC. */
  readonly expires: string | null
  readonly city: string
  /** True for the answer that corrects an earlier post. */
  readonly correction: boolean
}

/** The title as a headline: marked as exercise or correction, led by the word for its kind unless it says so itself. */
export const headlineOf = (content: Content): string => {
  const { mark, correction } = words[wordsIn(content.language)]
  const marked = content.status === 'Actual' ? '' : `${mark[content.status]}: `
  return marked + (content.correction ? `${correction}: ` : '') + led(content)
}

const led = ({ kind, title, language }: Content): string => {
  const lead = words[wordsIn(language)].lead[kind]
  return lead === undefined || title.toUpperCase().startsWith(lead) ? title : `${lead}: ${title}`
}

/** `ÜBUNG – ÜBUNG – ÜBUNG` and `Korrektur:`, where they are due: before everything else, whatever the template says. */
const opening = ({ status, language, correction }: Content): string => {
  const { mark, correction: corrected } = words[wordsIn(language)]
  const marked = status === 'Actual' ? '' : `${mark[status]} – ${mark[status]} – ${mark[status]}\n\n`
  return correction ? `${marked}${corrected}: ` : marked
}

const usual = (content: Content): string => {
  const until = content.kind === 'warning' ? `${words[wordsIn(content.language)].until} {expires}\n` : ''
  return `{title}\n\n{text}\n\n${until}{link}`
}

/** Stands for the text while a template is filled in; no announcement contains it. */
const here = '\0'

/**
 * Fills in a template, the usual one if there is none. A line whose placeholders are all empty falls away; a link that the template
 * leaves out is put at the end; {title} begins with WARNUNG or ENTWARNUNG unless the template says {kind}.
 * @param always the link also where the text says it already: for a text that will be shortened
 */
export const layOut = (content: Content, template: string | undefined, always?: 'link'): Layout => {
  const pattern = withLink(template ?? usual(content), content.link)
  const language = wordsIn(content.language)
  const values: Readonly<Record<string, string>> = {
    title: pattern.includes('{kind}') ? content.title : led(content),
    text: here,
    link: always !== 'link' && saysLink(content) ? '' : (content.link ?? ''),
    expires: content.expires === null ? '' : localTime(content.expires, language),
    kind: words[language].kinds[content.kind],
    city: content.city,
  }
  const [before = '', ...rest] = fill(pattern, values).split(here)
  return { before: opening(content) + before, text: content.text, after: rest.join(content.text) }
}

/** A channel's own text as its author wrote it: only marks and a missing link are added. */
export const ownWords = (content: Content): Layout => ({
  before: opening(content),
  text: content.text,
  after: content.link === null || saysLink(content) ? '' : `\n\n${content.link}`,
})

const saysLink = ({ text, link }: Content): boolean => link !== null && hasLink(text, link)

const withLink = (template: string, link: string | null): string =>
  link === null || template.includes('{link}') ? template : `${template}\n\n{link}`

const fill = (template: string, values: Readonly<Record<string, string>>): string => {
  const lines: string[] = []
  for (const line of template.split('\n')) {
    let named = false
    let filled = false
    const full = line.replace(/\{(title|text|link|expires|kind|city)\}/g, (_, name: string) => {
      named = true
      filled ||= values[name] !== ''
      return values[name]!
    })
    if (filled || !named) lines.push(full)
  }
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
