// Which images of an announcement a platform takes, and what is to be said about those it does not.
import type { Medium } from '../announcement/announcement.ts'
import type { PostImage } from '../connector/connector.ts'
import type { ImageLimits } from '../connector/limits.ts'

export interface Chosen {
  readonly images: readonly PostImage[]
  /** German sentences for the plan. */
  readonly notes: readonly string[]
  /** The first alternative text that is too long for the platform; null: all fit. */
  readonly altTooLong: PostImage | null
}

/** The first images that the platform takes, up to its number. An alternative text is never shortened: the author shall. */
export const chooseImages = (media: readonly Medium[], limits: ImageLimits, platform: string): Chosen => {
  if (media.length === 0) return { images: [], notes: [], altTooLong: null }
  const taken = media.filter(({ type, size }) => limits.types.includes(type) && size <= limits.maxBytes)
  const images = taken.slice(0, limits.max)
  const notes: string[] = []
  if (limits.max === 0) notes.push(`${platform} nimmt keine Bilder.`)
  else {
    if (taken.length < media.length) notes.push(`${counted(media.length - taken.length)} für ${platform} zu groß oder von falschem Typ.`)
    if (images.length < taken.length)
      notes.push(`Es gehen nur ${images.length} von ${media.length} Bildern mit, mehr nimmt ${platform} nicht.`)
  }
  return { images, notes, altTooLong: images.find(({ alt }) => alt.length > limits.altMax) ?? null }
}

const counted = (number: number): string => (number === 1 ? 'Ein Bild ist' : `${number} Bilder sind`)
