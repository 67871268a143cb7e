// How an announcement reads on one channel. Pure: the preview and the bytes that are sent are made by this same call.
import { type Announcement, isVideo, type Kind } from '../announcement/announcement.ts'
import { wordingIn } from '../announcement/wording.ts'
import type { AnyConnector, Cost, Post } from '../connector/connector.ts'
import type { Limits } from '../connector/limits.ts'
import { setApart } from '../connector/links.ts'
import { tooManyIn } from '../connector/numbers.ts'
import { type CardWish, cardImage, planCard } from './card.ts'
import { type Derivation, type Derived, fitting, isTaken } from './derive.ts'
import { type Chosen, chooseMedia, type Unfit } from './media.ts'
import { shorten } from './shorten.ts'
import { type Content, headlineOf, type Layout, layOut, ownWords } from './templates.ts'

export interface PlannedPost extends Post {
  /** What the text measures in the platform's unit. */
  readonly length: number
  /** The most it may measure there. */
  readonly max: number
  /** What the platform charges for it; absent: nothing. */
  readonly cost?: Cost
  /** Images and videos of the announcement that this platform does not take; absent: none. */
  readonly unfit?: readonly Unfit[]
}

/** What rendering wants to know of a channel. */
export interface Destination {
  readonly name: string
  /** Which language variant goes here; null: the announcement's own. */
  readonly language: string | null
  /** Wording template by kind (`*` for the rest); null: the usual one. */
  readonly template: Readonly<Partial<Record<Kind | '*', string>>> | null
}

/** What a platform offers a post. */
export interface Offer {
  readonly connector: Pick<AnyConnector, 'platform' | 'limits' | 'measure' | 'cost'> & { readonly title?: string }
  /** The connector's limits as this instance has them: `learned(connector.limits, …)`. */
  readonly limits: Limits
  readonly cityName: string
  /** True for the answer that corrects an earlier post: it begins with `Korrektur:`. */
  readonly correction?: boolean
  /** The city's, for picture cards. */
  readonly colours?: CardWish['colours']
  /** Images made to fit, and picture cards; absent: none. */
  readonly derived?: Derived
}

export type Rendered =
  | {
      readonly fits: true
      readonly post: PlannedPost
      /** German sentences on what had to give way. */
      readonly notes: readonly string[]
    }
  | { readonly fits: false; readonly because: 'does-not-fit' | 'needs-media'; readonly reason: string }

/** The post of this channel, or why there can be none: only the announcement's own text is shortened, never a channel's own, a title or a link. */
export const render = (announcement: Announcement, channel: Destination, offer: Offer): Rendered => {
  const platform = offer.connector.title ?? offer.connector.platform
  const content = contentOf(announcement, channel, offer)
  const { images, video, notes, unfit, altTooLong } = withCard(announcement, channel, offer)
  if (offer.limits.needsMedia && images.length === 0 && video === null) return needsMedia(platform, notes)
  if (altTooLong !== null) return tooLong(`Ein Alternativtext ist für ${platform}`, altTooLong.length, altTooLong.max)
  const fitted = fit(announcement, channel, content, offer)
  if ('reason' in fitted) return fitted
  const post: Post = {
    text: fitted.text,
    title: headlineOf(content),
    link: announcement.link,
    language: content.language,
    images,
    ...(video && { video }),
    kind: announcement.kind,
    severity: announcement.severity,
    status: announcement.status,
    expires: announcement.expires,
  }
  const cost = offer.connector.cost?.(post)
  const beside = { ...(cost && { cost }), ...(unfit.length > 0 && { unfit }) }
  const planned = { ...post, length: fitted.length, max: offer.limits.text.max, ...beside }
  return { fits: true, post: planned, notes: [...notes, ...cutNotes(fitted, platform)] }
}

const cutNotes = ({ shortened, tooMany }: Fitted, platform: string): readonly string[] =>
  shortened ? [`Der Text ist für ${platform} gekürzt${tooMany ? `: Er hat ${tooMany}` : ''}.`] : []

/** What the house would have to make for this channel; some of it may be there already. */
export const wishes = (announcement: Announcement, channel: Destination, offer: Offer): readonly Derivation[] => {
  const { images: limits } = offer.limits
  if (limits.max === 0 || chosen(announcement, offer).video !== null) return []
  const images = announcement.media.filter((medium) => !isVideo(medium)).slice(0, limits.max)
  const unlike = images.filter((image) => !isTaken(image, limits))
  const fits = unlike.flatMap((image) => fitting(image, limits) ?? [])
  const card = unlike.length === images.length && fits.length === 0 ? planCard(cardWish(announcement, channel, offer)) : null
  return card?.wish ? [card.wish] : fits
}

const chosen = ({ media }: Announcement, { connector, limits, derived }: Offer): Chosen =>
  chooseMedia(media, limits, connector.title ?? connector.platform, derived)

/** What the announcement brings along, else the picture card where the platform knows no post without a picture. */
const withCard = (announcement: Announcement, channel: Destination, offer: Offer): Chosen => {
  const own = chosen(announcement, offer)
  if (own.images.length > 0 || own.video !== null || offer.derived === undefined) return own
  const wish = cardWish(announcement, channel, offer)
  const planned = planCard(wish)
  if (planned === null) return own
  const card = cardImage(wish, offer.derived)
  if (card !== null) return { ...own, images: [card], notes: [...own.notes, withCardNote, ...planned.notes] }
  return { ...own, notes: [...own.notes, ...(planned.wish === null ? planned.notes : ['Die Bildkarte ist nicht fertig geworden.'])] }
}

const withCardNote = 'Statt eines Bildes geht eine Bildkarte mit Titel und Text mit.'

const cardWish = (announcement: Announcement, channel: Destination, offer: Offer): CardWish => {
  const content = contentOf(announcement, channel, offer)
  const text = announcement.channelTexts[channel.name] ?? content.text
  const { colours = { primary: '#1b2a4a', onPrimary: '#ffffff' }, limits } = offer
  return { announcement, content: { ...content, text }, colours, limits }
}

const contentOf = (announcement: Announcement, channel: Destination, { cityName, correction }: Offer): Content => {
  const { title, text, language } = wordingIn(announcement, channel.language)
  const { kind, status, link, expires } = announcement
  return {
    kind,
    status,
    title,
    text,
    language,
    link,
    expires,
    city: cityName,
    correction: correction ?? false,
  }
}

interface Fitted {
  readonly text: string
  readonly length: number
  readonly shortened: boolean
  /** What the whole text had too many of, in German; null: nothing. */
  readonly tooMany: string | null
}
type Misfit = Extract<Rendered, { fits: false }>

const fit = (announcement: Announcement, channel: Destination, content: Content, offer: Offer): Fitted | Misfit => {
  const ruler = rulerOf(offer, announcement.link)
  const own = announcement.channelTexts[channel.name]
  if (own !== undefined) {
    const { before, text, after } = ownWords({ ...content, text: own })
    return ruler.fitted(before + text + after) ?? ruler.misfit('Der eigene Text dieses Kanals ist', before + text + after)
  }
  const template = channel.template?.[announcement.kind] ?? channel.template?.['*']
  const { before, text, after } = layOut(content, template)
  return ruler.fitted(before + text + after) ?? shortened(layOut(content, template, 'link'), content, ruler)
}

const shortened = ({ before, text, after }: Layout, content: Content, ruler: Ruler): Fitted | Misfit => {
  const beginning = shorten(text, (candidate) => ruler.fits(before + candidate + after))
  const whole = beginning === '' ? withoutText(before, after) : before + beginning + after
  const fitted = ruler.fitted(whole)
  if (fitted === null) return ruler.misfit(content.link === null ? 'Schon der Titel ist' : 'Schon Titel und Link sind', whole)
  if (beginning === '' && content.link === null)
    return ruler.misfit('Mit dem ersten Wort des Textes ist der Beitrag', before + text + after)
  return { ...fitted, shortened: true, tooMany: ruler.tooMany(before + text + after) }
}

const withoutText = (before: string, after: string): string =>
  [before.trimEnd(), after.trimStart()].filter((part) => part !== '').join('\n\n')

/** Measures whole posts against everything that a platform limits, as they are written there. */
interface Ruler {
  tooMany(whole: string): string | null
  fits(whole: string): boolean
  fitted(whole: string): Fitted | null
  misfit(what: string, whole: string): Misfit
}

const rulerOf = ({ connector, limits: { text: limits } }: Offer, link: string | null): Ruler => {
  const { max, maxBytes = Number.POSITIVE_INFINITY, unit = 'Zeichen' } = limits
  const tooMany = (whole: string): string | null => tooManyIn(whole, link, limits)
  const isWithinBytes = (whole: string): boolean => whole.length * 3 <= maxBytes || Buffer.byteLength(whole) <= maxBytes
  const measure = (whole: string): number => connector.measure(whole, limits)
  const asWritten = (whole: string): string => (limits.linksRunOn ? setApart(whole, { own: link }) : whole)
  const fitted = (whole: string): Fitted | null => {
    const text = asWritten(whole)
    const length = measure(text)
    return length <= max && isWithinBytes(text) && tooMany(text) === null ? { text, length, shortened: false, tooMany: null } : null
  }
  return {
    tooMany,
    fits: (whole) => fitted(whole) !== null,
    fitted,
    misfit: (what, whole) => {
      const name = connector.title ?? connector.platform
      const length = measure(asWritten(whole))
      if (length > max) return tooLong(`${what} für ${name}`, length, max, unit)
      const many = tooMany(whole)
      if (many !== null) return { fits: false, because: 'does-not-fit', reason: `Der Beitrag hat für ${name} ${many}.` }
      return tooLong(`${what} für ${name}`, Buffer.byteLength(whole), maxBytes, 'Byte')
    },
  }
}

const tooLong = (what: string, length: number, max: number, unit = 'Zeichen'): Misfit => ({
  fits: false,
  because: 'does-not-fit',
  reason: `${what} zu lang: ${length.toLocaleString('de-DE')} ${unit}, höchstens ${max.toLocaleString('de-DE')} sind möglich.`,
})

const needsMedia = (platform: string, notes: readonly string[]): Misfit => ({
  fits: false,
  because: 'needs-media',
  reason: [`Auf ${platform} gibt es Beiträge nur mit Bild oder Video, und hier ist keines, das passt.`, ...notes].join(' '),
})
