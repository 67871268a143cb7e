// A real JPEG image of any size and colour, for platforms that take nothing else.
import { createHash } from 'node:crypto'
import sharp from 'sharp'
import type { PostImage } from '../../src/connector/connector.ts'

/** The bytes of an image and how a post names it. */
export const aJpeg = async (
  alt: string,
  { width = 400, height = 300, colour = 0x00549f } = {},
): Promise<{ readonly bytes: Buffer; readonly image: PostImage }> => {
  const background = { r: colour >> 16, g: (colour >> 8) & 255, b: colour & 255 }
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer()
  const id = createHash('sha256').update(bytes).digest('hex')
  return { bytes, image: { id, type: 'image/jpeg', size: bytes.length, width, height, alt } }
}
