// Timestamp ids as the AT Protocol makes them: microseconds since 1970 and a clock id, 13 signs that sort by time.
// https://atproto.com/specs/tid

const alphabet = '234567abcdefghijklmnopqrstuvwxyz'

/** Gives a new TID with every call, each larger than the last. */
export const openTids = (now: () => number): (() => string) => {
  let last = 0
  return () => {
    last = Math.max(last + 1, Math.floor(now() * 1000))
    return tidOf(last)
  }
}

/** 53 bits of time and ten bits of clock id, zero here. */
const tidOf = (microseconds: number): string => {
  let rest = BigInt(microseconds) << 10n
  let signs = ''
  for (let place = 0; place < 13; place++) {
    signs = alphabet[Number(rest & 31n)] + signs
    rest >>= 5n
  }
  return signs
}
