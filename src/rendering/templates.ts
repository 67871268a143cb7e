// How an announcement is laid out: where title, text, time and link stand, and which part may be shortened.
import { localTime } from '../announcement/local-time.ts'
import { hasLink } from '../connector/links.ts'
import { type Headed, headed, led, wordsIn, wordsLanguage } from './headline.ts'

/** The text may be shortened; what stands before and after it may not. */
export interface Layout {
  readonly before: string
  readonly text: string
  readonly after: string
}

export interface Content extends Headed {
  readonly text: string
  readonly link: string | null
  /** ISO 8601 UTC. */
  readonly expires: string | null
  readonly city: string
}

/** Warnings and all-clears: of their text whole sentences are said or nothing, and their title is always said. */
export const isGrave = ({ kind }: Pick<Content, 'kind'>): boolean => kind === 'warning' || kind === 'all-clear'

/** `ÜBUNG – ÜBUNG – ÜBUNG` and `Korrektur:`, where they are due and `begun` does not begin so: before everything else, whatever the template says. */
const opening = ({ status, language, correction }: Content, begun = ''): string => {
  const { mark, correction: corrected } = wordsIn(language)
  const line = status === 'Actual' ? '' : `${mark[status]} – ${mark[status]} – ${mark[status]}`
  const marked = line === '' || begun.startsWith(line) ? '' : `${line}\n\n`
  return correction && !begun.toLowerCase().startsWith(`${corrected.toLowerCase()}:`) ? `${marked}${corrected}: ` : marked
}

const usual = (content: Content): string => {
  const until = content.kind === 'warning' ? `${wordsIn(content.language).until} {expires}\n` : ''
  return `{title}\n\n{text}\n\n${until}{link}`
}

/** Stands for the text while a template is filled in; no announcement contains it. */
const here = '\0'

/**
 * Fills in a template, the usual one if there is none. A line whose placeholders are all empty falls away; a link that the template
 * leaves out is put at the end, and the title of a warning or all-clear at the beginning. The word for the kind is said once.
 * @param always the link also where the text says it already: for a text that will be shortened
 */
export const layOut = (content: Content, template: string | undefined, always?: 'link'): Layout => {
  const { pattern, title } = headed(withTitle(withLink(template ?? usual(content), content.link), content), content)
  const language = wordsLanguage(content.language)
  const values: Readonly<Record<string, string>> = {
    title,
    text: here,
    link: always !== 'link' && saysLink(content) ? '' : (content.link ?? ''),
    expires: content.expires === null ? '' : localTime(content.expires, language),
    kind: wordsIn(language).kinds[content.kind],
    city: content.city,
  }
  const [before = '', ...rest] = fill(pattern, values).split(here)
  return { before: opening(content) + before, text: content.text, after: rest.join(content.text) }
}

/** A channel's own text as its author wrote it: only marks and a missing link are added. */
export const ownWords = (content: Content): Layout => ({
  before: opening(content, content.text),
  text: content.text,
  after: content.link === null || saysLink(content) ? '' : `\n\n${content.link}`,
})

/** The title alone, until when it holds, and where everything else is to be read. */
export const titleAlone = (content: Content): string => {
  const { until, all } = wordsIn(content.language)
  const { expires, link, kind } = content
  const holds = kind === 'warning' && expires !== null ? `${until} ${localTime(expires, wordsLanguage(content.language))}` : ''
  const below = [holds, link === null ? '' : `${all}: ${link}`].filter((line) => line !== '').join('\n')
  return opening(content) + led(content) + (below && `\n\n${below}`)
}

const saysLink = ({ text, link }: Content): boolean => link !== null && hasLink(text, link)

const withLink = (template: string, link: string | null): string =>
  link === null || template.includes('{link}') ? template : `${template}\n\n{link}`

const withTitle = (template: string, content: Content): string =>
  template.includes('{title}') || !isGrave(content) ? template : `{title}\n\n${template}`

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
