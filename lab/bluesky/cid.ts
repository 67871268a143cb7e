// Content ids as the AT Protocol makes them: CID v1, SHA-256, base32; of raw bytes, or of a record as deterministic CBOR.
// https://atproto.com/specs/data-model, https://dasl.ing/cid.html
import { createHash } from 'node:crypto'

const rawCodec = 0x55
const cborCodec = 0x71

/** The CID of a blob. */
export const cidOfBytes = (bytes: Uint8Array): string => cid(rawCodec, bytes)

/** The CID of a record given as JSON (`$link` and `$bytes` stand for links and bytes). */
export const cidOfRecord = (record: unknown): string => cid(cborCodec, encode(record))

const cid = (codec: number, bytes: Uint8Array): string =>
  `b${base32(Buffer.concat([Buffer.from([1, codec, 0x12, 32]), createHash('sha256').update(bytes).digest()]))}`

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

const base32 = (bytes: Uint8Array): string => {
  let [text, bits, held] = ['', 0, 0]
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text
}

/** The 32-bit base32 of a hash: what a `did:plc` looks like. */
export const plcOf = (name: string): string => `did:plc:${base32(createHash('sha256').update(name).digest()).slice(0, 24)}`

const head = (major: number, count: number): Buffer => {
  if (count < 24) return Buffer.from([(major << 5) | count])
  const width = count < 0x100 ? 1 : count < 0x10000 ? 2 : count < 0x100000000 ? 4 : 8
  const bytes = Buffer.alloc(1 + width)
  bytes[0] = (major << 5) | (24 + Math.log2(width))
  if (width === 8) bytes.writeBigUInt64BE(BigInt(count), 1)
  else bytes.writeUIntBE(count, 1, width)
  return bytes
}

const encode = (value: unknown): Buffer => {
  if (value === null) return Buffer.from([0xf6])
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4])
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value === 'string') return sized(3, Buffer.from(value))
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encode)])
  return encodeObject(value as Readonly<Record<string, unknown>>)
}

const encodeNumber = (value: number): Buffer => {
  if (!Number.isSafeInteger(value)) throw new RangeError('the data model knows whole numbers only')
  return value < 0 ? head(1, -1 - value) : head(0, value)
}

const sized = (major: number, bytes: Uint8Array): Buffer => Buffer.concat([head(major, bytes.length), bytes])

const encodeObject = (value: Readonly<Record<string, unknown>>): Buffer => {
  if (typeof value.$link === 'string')
    return Buffer.concat([head(6, 42), sized(2, Buffer.concat([Buffer.from([0]), fromBase32(value.$link.slice(1))]))])
  if (typeof value.$bytes === 'string') return sized(2, Buffer.from(value.$bytes, 'base64'))
  const names = Object.keys(value).filter((name) => value[name] !== undefined)
  const sorted = names.map((name) => Buffer.from(name)).sort((a, b) => a.length - b.length || a.compare(b))
  return Buffer.concat([head(5, sorted.length), ...sorted.flatMap((name) => [sized(3, name), encode(value[name.toString()])])])
}

const fromBase32 = (text: string): Buffer => {
  const bytes: number[] = []
  let [bits, held] = [0, 0]
  for (const sign of text) {
    held = ((held << 5) | alphabet.indexOf(sign)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 0xff)
  }
  return Buffer.from(bytes)
}
