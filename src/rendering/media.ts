// Which images or which video of an announcement a platform carries, and what is to be said about those it does not.
import { type ImageMedium, isVideo, type Medium } from '../announcement/announcement.ts'
import type { PostImage, PostVideo } from '../connector/connector.ts'
import type { ImageLimits, Limits } from '../connector/limits.ts'
import { weakAlts } from './alt.ts'
import { type Derived, fitting, hasRoom, isTaken } from './derive.ts'
import { goes, postVideo, videoFault, videoNotes } from './video.ts'

/** A file that this platform does not take, whatever else goes with the post. */
export interface Unfit {
  readonly id: string
  /** German. */
  readonly reason: string
}

export interface Chosen {
  readonly images: readonly PostImage[]
  /** Then there are no images. */
  readonly video: PostVideo | null
  /** German sentences for the plan. */
  readonly notes: readonly string[]
  readonly unfit: readonly Unfit[]
  /** The first alternative text that is too long for the platform, and what would fit; null: all fit. */
  readonly altTooLong: { readonly length: number; readonly max: number } | null
}

/**
 * The video where the platform takes it, else the first images that it takes, up to its number, made to fit where they are too large.
 * An alternative text is never shortened: the author shall.
 */
export const chooseMedia = (media: readonly Medium[], limits: Limits, platform: string, derived: Derived = new Map()): Chosen => {
  const video = media.find(isVideo)
  const images = media.filter((medium) => !isVideo(medium))
  const fault = video && videoFault(video, limits.video, platform)
  const unfitVideo = video && fault ? [{ id: video.id, reason: fault }] : []
  if (video && limits.video && unfitVideo.length === 0) {
    const { altMax } = limits.video
    const altTooLong = altMax > 0 && video.alt.length > altMax ? { length: video.alt.length, max: altMax } : null
    const beside = images.length === 0 ? [] : [`Auf ${platform} steht das Video allein, ohne die Bilder.`]
    return {
      images: [],
      video: postVideo(video, limits.video),
      notes: [...videoNotes(video, limits.video, platform), ...beside, ...weakAlts([video], altMax)],
      unfit: [],
      altTooLong,
    }
  }
  const chosen = chooseImages(images, limits.images, platform, derived)
  return { ...chosen, notes: [...unfitVideo.map(({ reason }) => reason), ...chosen.notes], unfit: [...unfitVideo, ...chosen.unfit] }
}

/** As `chooseMedia`, for an answer: some platforms take less there, and the plan says so. */
export const chooseReplyMedia = (media: readonly Medium[], limits: Limits, platform: string, derived?: Derived): Chosen => {
  const { replyImages, video: _, ...rest } = limits
  if (replyImages === undefined) return chooseMedia(media, limits, platform, derived)
  const none = { images: [], video: null, notes: [], unfit: [], altTooLong: null }
  if (media.length === 0) return none
  if (replyImages === 0) return { ...none, notes: [`Eine Antwort auf ${platform} ist Text allein, ohne Bild und Video.`] }
  const images = { ...limits.images, max: Math.min(replyImages, limits.images.max) }
  return chooseMedia(
    media.filter((medium) => !isVideo(medium)),
    { ...rest, images },
    platform,
    derived,
  )
}

const chooseImages = (media: readonly ImageMedium[], limits: ImageLimits, platform: string, derived: Derived): Chosen => {
  const none = { images: [], video: null, notes: [], unfit: [], altTooLong: null }
  if (media.length === 0) return none
  if (limits.max === 0) {
    const reason = `${platform} nimmt keine Bilder.`
    return { ...none, notes: [reason], unfit: media.map(({ id }) => ({ id, reason })) }
  }
  const tried = media.map((medium) => ({ medium, image: imageFor(medium, limits, derived) }))
  const taken = tried.flatMap(({ image }) => image ?? [])
  const images = taken.slice(0, limits.max)
  // of those beyond its number nothing is made: they are too many, whether they would fit or not
  const misfits = tried.slice(0, limits.max).filter(({ image }) => image === null)
  const unfit = misfits.map(({ medium: { id } }) => ({ id, reason: tooBig(1, platform) }))
  const isMore = images.length + unfit.length < media.length
  const padded = media.slice(0, images.length).filter((image) => !hasRoom(image, limits)).length
  const notes = [
    ...(unfit.length > 0 ? [tooBig(unfit.length, platform)] : []),
    ...(isMore ? [few(images.length, media.length, limits.max, platform)] : []),
    ...(padded > 0 && unfit.length === 0
      ? [`${padded === 1 ? 'Ein Bild wird' : `${padded} Bilder werden`} für ${platform} auf weißen Grund gesetzt.`]
      : []),
    ...blank(media.slice(0, images.length)),
    ...weakAlts(images, limits.altMax),
  ]
  const long = limits.altMax > 0 ? images.find(({ alt }) => alt.length > limits.altMax) : undefined
  return { images, video: null, notes, unfit, altTooLong: long ? { length: long.alt.length, max: limits.altMax } : null }
}

/** The image as the platform takes it: itself, or what was made of it. */
const imageFor = (medium: ImageMedium, limits: ImageLimits, derived: Derived): PostImage | null => {
  const { decorative: _, singleColour: __, ...image } = medium
  if (isTaken(image, limits)) return image
  const made = derived.get(fitting(medium, limits)?.name ?? '')
  return made && isTaken(made, limits) ? { ...made, alt: medium.alt } : null
}

/** Nothing is wrong with such a file, but hardly anybody wants to publish it. */
const blank = (images: readonly ImageMedium[]): string[] => {
  const number = images.filter(({ singleColour }) => singleColour === true).length
  if (number === 0) return []
  const many = number === 1 ? 'Auf einem Bild ist' : `Auf ${number} Bildern ist`
  return [`${many} nur eine einzige Farbe zu sehen, etwa weiße Schrift auf weißem Grund. Bitte prüfen Sie die Datei.`]
}

const tooBig = (number: number, platform: string): string =>
  `${number === 1 ? 'Ein Bild ist' : `${number} Bilder sind`} für ${platform} zu groß oder von falschem Typ.`

/** Where there would be room for more, the number alone does not say why they stay behind. */
const few = (number: number, all: number, max: number, platform: string): string =>
  number === max
    ? `Es ${goes(number)} nur ${number} von ${all} Bildern mit, mehr nimmt ${platform} nicht.`
    : `${platform} nimmt höchstens ${max} ${max === 1 ? 'Bild' : 'Bilder'}.`
