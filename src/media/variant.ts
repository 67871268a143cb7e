// An image made to fit a platform: no larger than it takes, never cut, with a white ground where it is too narrow or too wide.
import type { Sharp } from 'sharp'
import type { Fit } from '../rendering/derive.ts'
import { atWork, type MadeImage, opened, patience } from './image.ts'

/** What is tried while the file is too large: lower quality first, then fewer pixels. The last of the qualities still looks decent. */
const qualities = [88, 80, 70] as const
const shrinking = 0.75

/** No side of a picture worth showing is shorter. */
const leastSide = 64

/**
 * Null where nothing worth showing fits into so few bytes.
 * @param isUrgent for a warning: then it is made before what others bring
 */
export const makeVariant = (bytes: Uint8Array, fit: Fit, isUrgent = false): Promise<MadeImage | null> =>
  atWork(async () => {
    const { width, height } = await opened(bytes).metadata()
    const whole = within({ width, height }, fit)
    for (let scale = 1; scale === 1 || Math.min(whole.width, whole.height) * scale >= leastSide; scale *= shrinking) {
      const image = laidOut(bytes, { width: scaled(whole.width, scale), height: scaled(whole.height, scale) }, fit)
      for (const quality of fit.type === 'image/png' ? [100] : qualities) {
        const made = await encoded(image.clone(), fit.type, quality)
        if (made.bytes.length <= fit.maxBytes) return made
      }
    }
    return null
  }, isUrgent)

interface Size {
  readonly width: number
  readonly height: number
}

const scaled = (side: number, by: number): number => Math.max(1, Math.floor(side * by))

/** The size of the picture alone, so that it fits together with the ground that is set beside it. */
const within = ({ width, height }: Size, { maxWidth, maxHeight, maxPixels, ...ratios }: Fit): Size => {
  const ground = grounded({ width, height }, ratios)
  const by = Math.min(
    1,
    (maxWidth ?? ground.width) / ground.width,
    (maxHeight ?? ground.height) / ground.height,
    Math.sqrt((maxPixels ?? ground.width * ground.height) / (ground.width * ground.height)),
  )
  return { width: scaled(width, by), height: scaled(height, by) }
}

/** The size with the ground that it needs. Rounded towards the middle of what is allowed. */
const grounded = ({ width, height }: Size, { minRatio, maxRatio }: Pick<Fit, 'minRatio' | 'maxRatio'>): Size => {
  if (minRatio !== null && width / height < minRatio) return { width: Math.ceil(height * minRatio), height }
  if (maxRatio !== null && width / height > maxRatio) return { width, height: Math.ceil(width / maxRatio) }
  return { width, height }
}

const laidOut = (bytes: Uint8Array, size: Size, fit: Fit): Sharp => {
  const ground = grounded(size, fit)
  const [left, top] = [Math.floor((ground.width - size.width) / 2), Math.floor((ground.height - size.height) / 2)]
  const sides = { left, top, right: ground.width - size.width - left, bottom: ground.height - size.height - top }
  const image = opened(bytes).keepIccProfile().resize(size.width, size.height, { fit: 'fill' })
  const solid = fit.type === 'image/jpeg' ? image.flatten({ background: '#ffffff' }) : image
  return solid.extend({ ...sides, background: '#ffffff' })
}

const encoded = async (image: Sharp, type: string, quality: number): Promise<MadeImage> => {
  const format = type === 'image/png' ? 'png' : type === 'image/webp' ? 'webp' : 'jpeg'
  const { data, info } = await image
    .timeout({ seconds: patience })
    .toFormat(format, format === 'png' ? {} : { quality })
    .toBuffer({ resolveWithObject: true })
  return { type: `image/${format}`, bytes: data, width: info.width, height: info.height }
}
