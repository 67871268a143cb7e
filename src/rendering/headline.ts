// The words before a title: decided here alone, so that a post says `WARNUNG` once, however its author wrote the title.
import type { Kind, Status } from '../announcement/announcement.ts'

interface Words {
  /** What stands before the title; an all-clear is said in words, since readers mistake its signs. */
  readonly lead: Readonly<Partial<Record<Kind, string>>>
  readonly kinds: Readonly<Record<Kind, string>>
  /** First line of what is not meant for the public: said three times, so that no excerpt hides it. */
  readonly mark: Readonly<Record<Exclude<Status, 'Actual'>, string>>
  readonly until: string
  readonly correction: string
  /** What stands before the link where the text has no room. */
  readonly all: string
}

const words: Readonly<Record<'de' | 'en', Words>> = {
  de: {
    lead: { warning: 'WARNUNG', 'all-clear': 'ENTWARNUNG' },
    kinds: { warning: 'Warnung', 'all-clear': 'Entwarnung', notice: 'Mitteilung', event: 'Termin' },
    mark: { Exercise: 'ÜBUNG', Test: 'TEST' },
    until: 'Gültig bis',
    correction: 'Korrektur',
    all: 'Alles auf',
  },
  en: {
    lead: { warning: 'WARNING', 'all-clear': 'ALL CLEAR' },
    kinds: { warning: 'Warning', 'all-clear': 'All clear', notice: 'Notice', event: 'Event' },
    mark: { Exercise: 'EXERCISE', Test: 'TEST' },
    until: 'Valid until',
    correction: 'Correction',
    all: 'Read all of it at',
  },
}

/** The languages in which the program has words of its own; a text in any other begins with the German ones. */
export const wordsLanguage = (language: string): 'de' | 'en' => (/^en\b/i.test(language) ? 'en' : 'de')

export const wordsIn = (language: string): Words => words[wordsLanguage(language)]

/** What decides how a headline begins. */
export interface Headed {
  readonly kind: Kind
  readonly status: Status
  readonly title: string
  readonly language: string
  /** True for the answer that corrects an earlier post. */
  readonly correction: boolean
}

/** The title as a headline: marked as exercise or correction, led by the word for its kind unless it says so itself. */
export const headlineOf = (headed: Headed): string => {
  const { mark, correction } = wordsIn(headed.language)
  const marked = headed.status === 'Actual' ? '' : `${mark[headed.status]}: `
  return marked + (headed.correction ? `${correction}: ` : '') + led(headed)
}

/** The title, led by the word for its kind (`WARNUNG: …`) unless it says so itself (`Warnung vor Glätte`, `Unwetterwarnung`). */
export const led = (headed: Headed): string => {
  const lead = wordsIn(headed.language).lead[headed.kind]
  const title = bareTitle(headed)
  return lead === undefined || saysKind(headed.kind, title) ? title : `${lead}: ${title}`
}

/** Words for the kind that may stand before a title, in both languages. */
const kindWords: Readonly<Record<Kind, string>> = {
  warning: '(?:amtliche )?warnung|warnmeldung|warning|achtung|attention',
  'all-clear': 'entwarnung|all[ -]clear|warnung|warnmeldung|warning',
  notice: 'mitteilung|meldung|notice',
  event: 'termin|event',
}
const statusWords: Readonly<Record<Exclude<Status, 'Actual'>, string>> = { Exercise: 'übung|uebung|exercise', Test: 'test|probe' }

/**
 * The title without what the program says itself: `Achtung! Warnung: Rauch` is `Rauch`. Only words that stand apart fall away, and `ÜBUNG`
 * only from an exercise; a title of nothing else stays as it is.
 * @param shown true where the word for a notice or an event is said as well: by a template with `{kind}`
 */
export const bareTitle = ({ kind, status, title, correction }: Headed, shown = kind === 'warning' || kind === 'all-clear'): string => {
  const said = [
    ...(shown ? [kindWords[kind]] : []),
    ...(status === 'Actual' ? [] : [statusWords[status]]),
    ...(correction ? ['korrektur|correction'] : []),
  ]
  if (said.length === 0) return title
  const apart = standingApart(said.join('|'))
  let bare = title
  for (let rest = bare.replace(apart, ''); rest !== bare && /[\p{L}\p{N}]/u.test(rest); rest = bare.replace(apart, '')) bare = rest
  return bare
}

const patterns = new Map<string, RegExp>()

/** These words at the beginning, with the sign that sets them apart; made once for the few sets that there are. */
const standingApart = (said: string): RegExp => {
  const made = patterns.get(said) ?? new RegExp(`^[^\\p{L}\\p{N}]*?(?:${said})(?:\\s*[:!,|\\])]+|\\s+[–—-](?=\\s)|\\s*[–—])\\s*`, 'iu')
  patterns.set(said, made)
  return made
}

const saying: Readonly<Record<Kind, RegExp>> = {
  warning: /^[^\p{L}\p{N}]*(?:amtliche )?(?!(?:teil)?entwarnung)[\p{L}-]*(?:warnung|warnmeldung|warning)(?!\p{L})/iu,
  'all-clear': /^[^\p{L}\p{N}]*(?:(?:teil)?entwarnung|all[ -]clear)(?!\p{L})/iu,
  notice: /^[^\p{L}\p{N}]*(?:mitteilung|notice)(?!\p{L})/iu,
  event: /^[^\p{L}\p{N}]*(?:termin|event)(?!\p{L})/iu,
}

/** True where the title begins with the word for its kind. */
const saysKind = (kind: Kind, title: string): boolean => saying[kind].test(title)

/** A template's word for the kind, and everything from there to the title. */
const kindBefore: Readonly<Record<Kind, RegExp>> = {
  warning: /(\{kind\}|(?<!\p{L})(?:warnung|warning)(?!\p{L}))((?:(?!\{text\})[\s\S])*?)\{title\}/iu,
  'all-clear': /(\{kind\}|(?<!\p{L})(?:entwarnung|all clear)(?!\p{L}))((?:(?!\{text\})[\s\S])*?)\{title\}/iu,
  notice: /(\{kind\})((?:(?!\{text\})[\s\S])*?)\{title\}/u,
  event: /(\{kind\})((?:(?!\{text\})[\s\S])*?)\{title\}/u,
}

/**
 * A template and the title to put into it. Where the template says the kind before the title, the title does not say it again:
 * `{kind} für Aachen: {title}` with `Warnung vor Glätte` is `Warnung für Aachen vor Glätte`, with `Entwarnung für Burtscheid` the title alone.
 */
export const headed = (pattern: string, content: Headed): { readonly pattern: string; readonly title: string } => {
  const { kind } = content
  const before = kindBefore[kind].exec(pattern)
  if (before === null) return { pattern, title: led(content) }
  const title = bareTitle(content, true)
  if (!saysKind(kind, title)) return { pattern, title }
  const [whole, word = '', between = ''] = before
  const against = /^\P{L}*(?:warnung|warning) (?=vor |of )/iu.exec(title)
  const joined = between.replace(/:\s*$/u, ' ')
  return against && kind === 'warning' && !joined.includes('\n')
    ? { pattern: pattern.replace(whole, () => `${word}${joined}{title}`), title: title.slice(against[0].length) }
    : { pattern: pattern.replace(whole, () => '{title}'), title }
}
