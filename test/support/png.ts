// A real PNG image of any size and colour, for uploads.
import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import type { PostImage } from '../../src/connector/connector.ts'

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

/** 8-bit RGB, one colour. */
export const aPng = ({ width = 64, height = 48, colour = 0x00549f } = {}): Buffer => {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([colour >> 16, (colour >> 8) & 255, colour & 255]))])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

/** The bytes of an image and how a post names it. */
export const anImage = (alt: string, colour = 0x00549f): { readonly bytes: Buffer; readonly image: PostImage } => {
  const bytes = aPng({ colour })
  const id = createHash('sha256').update(bytes).digest('hex')
  return { bytes, image: { id, type: 'image/png', size: bytes.length, width: 64, height: 48, alt } }
}
