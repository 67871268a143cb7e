// The record key of a delivery: a TID that is the same for every attempt, so that one delivery can only ever be one post.
import { createHash } from 'node:crypto'

const digits = '234567abcdefghijklmnopqrstuvwxyz'
const uuidV7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

/**
 * A TID (https://atproto.com/specs/tid) made of a UUIDv7 alone: 53 bits of microseconds and a 10-bit clock id, in base 32 that sorts.
 * The time is the UUID's milliseconds, so later deliveries have later keys (until the year 2255, where 53 bits end); the microseconds within and the clock id are drawn from
 * a hash of the whole UUID, which tells about a million deliveries of one account in the same millisecond apart.
 *
 * @throws TypeError when `key` is not a UUIDv7.
 */
export const recordKey = (key: string): string => {
  const uuid = key.toLowerCase()
  if (!uuidV7.test(uuid)) throw new TypeError(`not a UUIDv7: ${key}`)
  const hash = createHash('sha256').update(uuid).digest()
  const milliseconds = BigInt(`0x${uuid.slice(0, 8)}${uuid.slice(9, 13)}`)
  const microseconds = milliseconds * 1000n + BigInt(hash.readUInt32BE(0) % 1000)
  const clock = BigInt(hash.readUInt32BE(4) % 1024)
  return inBase32(((microseconds & 0x1f_ffff_ffff_ffffn) << 10n) | clock)
}

/** 13 digits of 5 bits; the highest bit of the 64 is always 0. */
const inBase32 = (value: bigint): string =>
  Array.from({ length: 13 }, (_, index) => digits[Number((value >> BigInt(5 * (12 - index))) & 31n)]).join('')
