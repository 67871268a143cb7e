// A post says everything in its text, for platforms that show nothing else; a page says some of it by other means, and not twice.
import type { Post } from '../connector/connector.ts'
import { hasLink, hostsOf, type Known } from '../connector/links.ts'
import { webLink } from '../pages/html.ts'
import type { City } from '../policy/policy.ts'

export interface Body {
  readonly text: string
  /** The link to show below the text; null: none, or it stands in the text. */
  readonly link: string | null
}

/** The headline without the words that rendering puts before it: the page has a badge for the kind and a bar for an exercise. */
export const plainTitle = ({ title, kind, status }: Pick<Post, 'title' | 'kind' | 'status'>): string => {
  const unmarked = status === 'Actual' ? title : title.replace(statusLead, '')
  return kind === 'warning' || kind === 'all-clear' ? unmarked.replace(kindLead, '') : unmarked
}

/** The text without mark, headline, end and link where rendering put them around it: the page shows each of them by itself. */
export const bodyOf = (post: Post): Body => {
  const { title, link, status, expires } = post
  const headline = status === 'Actual' ? title : title.replace(statusLead, '')
  const unmarked = status === 'Actual' ? post.text : post.text.replace(statusLine, '')
  const untitled = unmarked === headline ? '' : unmarked.startsWith(`${headline}\n`) ? unmarked.slice(headline.length) : unmarked
  const unlinked = link === null ? untitled.trimEnd() : withoutEnd(untitled.trimEnd(), link)
  const text = (expires === null ? unlinked : unlinked.replace(untilLine, '')).trim()
  return { text, link: link === null || hasLink(text, link) ? null : webLink(link) }
}

/** What helps to find the links of its text. */
export const knownOf = ({ link }: Pick<Post, 'link'>, city: Pick<City, 'website'> | undefined): Known => ({
  own: link,
  hosts: hostsOf(city?.website ?? null),
})

/** What rendering puts before a headline, in the languages in which it has words. */
const statusLead = /^(?:ÜBUNG|TEST|EXERCISE): /
const kindLead = /^(?:WARNUNG|ENTWARNUNG|WARNING|ALL CLEAR): /
const statusLine = /^(ÜBUNG|TEST|EXERCISE) – \1 – \1\n+/
const untilLine = /(?:^|\n)(?:Gültig bis|Valid until) [^\n]*$/

/** Only where the link stands alone on the last line: within a sentence it is part of the text. */
const withoutEnd = (text: string, link: string): string =>
  text === link || text.endsWith(`\n${link}`) ? text.slice(0, -link.length).trimEnd() : text
