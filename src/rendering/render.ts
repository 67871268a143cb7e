// How an announcement reads on one channel. Pure: the preview and the bytes that are sent are made by this same call.
import { type Announcement, isVideo } from '../announcement/announcement.ts'
import { wordingIn } from '../announcement/wording.ts'
import type { Cost, Post } from '../connector/connector.ts'
import { type CardWish, cardImage, planCard } from './card.ts'
import { type Derivation, fitting, isTaken } from './derive.ts'
import { fit } from './fit.ts'
import { type Chosen, chooseMedia, chooseReplyMedia, type Unfit } from './media.ts'
import type { Destination, Offer } from './offer.ts'
import { excessOf, rulerOf } from './ruler.ts'
import { shortTitle } from './short-title.ts'
import { type Content, isGrave } from './templates.ts'

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

export type Rendered =
  | {
      readonly fits: true
      readonly post: PlannedPost
      /** German sentences on what had to give way. */
      readonly notes: readonly string[]
    }
  | { readonly fits: false; readonly because: 'does-not-fit' | 'needs-media'; readonly reason: string }

/** The post of this channel, or why there can be none: only the announcement's own text is shortened, never a channel's own. */
export const render = (announcement: Announcement, channel: Destination, offer: Offer): Rendered => {
  const platform = offer.connector.title ?? offer.connector.platform
  const content = contentOf(announcement, channel, offer)
  const { images, video, notes, unfit, altTooLong } = bearable(withCard(announcement, channel, offer), content, offer)
  if (offer.limits.needsMedia && !offer.follows && images.length === 0 && video === null) return needsMedia(platform, notes)
  if (altTooLong !== null) return { fits: false, because: 'does-not-fit', reason: altFault(platform, altTooLong) }
  const fitted = fit(
    {
      channel: channel.name,
      content,
      own: ownText(announcement, channel),
      template: channel.template?.[announcement.kind] ?? channel.template?.['*'],
      linkBeside: offer.limits.linkBeside === true && images.length === 0 && video === null,
    },
    rulerOf(offer, announcement.link),
  )
  if ('reason' in fitted) return { fits: false, because: 'does-not-fit', reason: fitted.reason }
  const post: Post = {
    text: fitted.text,
    title: shortTitle(content, offer.limits.titleMax),
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
  return { fits: true, post: planned, notes: [...notes, ...fitted.notes] }
}

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

const chosen = ({ media }: Announcement, { connector, limits, derived, correction }: Offer): Chosen => {
  const platform = connector.title ?? connector.platform
  return correction ? chooseReplyMedia(media, limits, platform, derived) : chooseMedia(media, limits, platform, derived)
}

/** What the announcement brings along, else the picture card where the platform knows no post without a picture. */
const withCard = (announcement: Announcement, channel: Destination, offer: Offer): Chosen => {
  const own = chosen(announcement, offer)
  if (own.images.length > 0 || own.video !== null || offer.derived === undefined || offer.correction) return own
  const wish = cardWish(announcement, channel, offer)
  const planned = planCard(wish)
  if (planned === null) return own
  const card = cardImage(wish, offer.derived)
  if (card !== null) return { ...own, images: [card], notes: [...own.notes, withCardNote, ...planned.notes] }
  return { ...own, notes: [...own.notes, ...(planned.wish === null ? planned.notes : ['Die Bildkarte ist nicht fertig geworden.'])] }
}

/** What was written for this channel alone. A channel may be called like something that every object has. */
const ownText = ({ channelTexts }: Announcement, { name }: Destination): string | undefined =>
  Object.hasOwn(channelTexts, name) ? channelTexts[name] : undefined

/** In the plan of a post that goes with a picture card. */
export const withCardNote = 'Statt eines Bildes geht eine Bildkarte mit Titel und Text mit.'

const cardWish = (announcement: Announcement, channel: Destination, offer: Offer): CardWish => {
  const content = contentOf(announcement, channel, offer)
  const text = ownText(announcement, channel) ?? content.text
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

type Misfit = Extract<Rendered, { fits: false }>

const needsMedia = (platform: string, notes: readonly string[]): Misfit => ({
  fits: false,
  because: 'needs-media',
  reason: [`Auf ${platform} gibt es Beiträge nur mit Bild oder Video, und hier ist keines, das passt.`, ...notes].join(' '),
})

type TooLong = NonNullable<Chosen['altTooLong']>

const altFault = (platform: string, { length, max: most }: TooLong): string => {
  const { is, max, over } = excessOf(length, most)
  return `Ein Alternativtext ist für ${platform} zu lang: ${is}, höchstens ${max} sind möglich. Kürzen Sie ihn um ${over}.`
}

/** A warning goes without its pictures rather than not at all. */
const bearable = (chosen: Chosen, content: Content, { connector, limits }: Offer): Chosen => {
  const { altTooLong, notes } = chosen
  if (altTooLong === null || limits.needsMedia || !isGrave(content)) return chosen
  const fault = altFault(connector.title ?? connector.platform, altTooLong)
  return { ...chosen, images: [], video: null, altTooLong: null, notes: [...notes, `${fault} So geht die Meldung ohne Bild und Video.`] }
}
