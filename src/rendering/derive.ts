// What the house makes itself for platforms that take it otherwise: an image made to fit, a picture card. Here it is only said what; the
// words of a wish are its name, and the same wish is answered by the same file for ever.
import { createHash } from 'node:crypto'
import type { Image, Kind, Severity, Status } from '../announcement/announcement.ts'
import type { ImageLimits } from '../connector/limits.ts'

/** An image as a platform takes it; null: any. */
export interface Fit {
  readonly type: string
  readonly maxBytes: number
  readonly maxWidth: number | null
  readonly maxHeight: number | null
  readonly maxPixels: number | null
  /** Width divided by height. */
  readonly minRatio: number | null
  readonly maxRatio: number | null
}

/** All that stands on a picture card. */
export interface Card {
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly city: string
  readonly colours: { readonly primary: string; readonly onPrimary: string }
  readonly kind: Kind
  readonly severity: Severity | null
  readonly status: Status
  /** BCP 47 language of the words. */
  readonly language: string
  readonly title: string
  readonly text: string
  /** Until when a warning holds, in words; null: not said. */
  readonly until: string | null
  /** The link as readers type it; null: none. */
  readonly address: string | null
}

export type Derivation =
  | { readonly name: string; readonly what: 'image'; readonly of: string; readonly fit: Fit }
  | { readonly name: string; readonly what: 'card'; readonly card: Card }

/** What there is of them, by name. */
export type Derived = ReadonlyMap<string, Image>

/** True when the platform takes the image as it is. */
export const isTaken = ({ type, size, width, height }: Image, limits: ImageLimits): boolean =>
  limits.types.includes(type) &&
  size <= limits.maxBytes &&
  width <= (limits.maxWidth ?? width) &&
  height <= (limits.maxHeight ?? height) &&
  width * height <= (limits.maxPixels ?? Number.POSITIVE_INFINITY) &&
  hasRoom({ width, height }, limits)

/** True when it needs no ground to the left and right, or above and below. */
export const hasRoom = ({ width, height }: Pick<Image, 'width' | 'height'>, { minRatio, maxRatio }: Partial<ImageLimits>): boolean =>
  width / height >= (minRatio ?? 0) && width / height <= (maxRatio ?? Number.POSITIVE_INFINITY)

/** The wish for this image as the platform takes it; null where the platform takes no type that the house makes. */
export const fitting = (image: Image, limits: ImageLimits): Derivation | null => {
  const type = ['image/jpeg', 'image/png', 'image/webp'].find((one) => limits.types.includes(one))
  if (type === undefined) return null
  const { maxBytes, maxWidth = null, maxHeight = null, maxPixels = null, minRatio = null, maxRatio = null } = limits
  const fit = { type, maxBytes, maxWidth, maxHeight, maxPixels, minRatio, maxRatio }
  return { name: `image ${image.id} ${JSON.stringify(Object.values(fit))}`, what: 'image', of: image.id, fit }
}

/** How cards look; the next number when that changes, so that none of yesterday is taken for one of today. */
const design = 2

export const setting = (card: Card): Derivation => {
  const sum = createHash('sha256')
    .update(JSON.stringify(Object.entries(card)))
    .digest('hex')
  return { name: `card ${design} ${sum}`, what: 'card', card }
}
