// How many words two texts have in common, in order; the work grows with their length (times its logarithm), not with its square.

/**
 * The share (0 to 1) of the shorter text's words that the other has too, in the same order. A lower bound, exact where one part was lost or
 * put in: between the begin and the end that both have, equal words are paired by their number from the left or from the right.
 */
export const wordShare = (one: readonly string[], other: readonly string[]): number => {
  const most = Math.min(one.length, other.length)
  if (most === 0) return 0
  const begin = alike(one, other, most)
  const end = alike(one.toReversed(), other.toReversed(), most - begin)
  const [rest, otherRest] = [one.slice(begin, one.length - end), other.slice(begin, other.length - end)]
  const fromLeft = longestRise(pairedPlaces(rest, otherRest))
  const fromRight = longestRise(pairedPlaces(rest.toReversed(), otherRest.toReversed()))
  return (begin + end + Math.max(fromLeft, fromRight)) / most
}

/** How many words both have alike before the first that differs. */
const alike = (one: readonly string[], other: readonly string[], most: number): number => {
  let at = 0
  while (at < most && one[at] === other[at]) at++
  return at
}

/** For each word of one that the other has so often: where. */
const pairedPlaces = (one: readonly string[], other: readonly string[]): number[] => {
  const places = new Map<string, number[]>()
  for (const [at, word] of other.entries()) {
    const known = places.get(word)
    if (known) known.push(at)
    else places.set(word, [at])
  }
  const used = new Map<string, number>()
  return one.flatMap((word) => {
    const nth = used.get(word) ?? 0
    used.set(word, nth + 1)
    return places.get(word)?.[nth] ?? []
  })
}

/** The length of the longest rising part: at each length the smallest end so far, found by halving. */
const longestRise = (numbers: readonly number[]): number => {
  const ends: number[] = []
  for (const number of numbers) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) < number) low = middle + 1
      else high = middle
    }
    ends[low] = number
  }
  return ends.length
}
