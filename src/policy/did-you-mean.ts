// The known name that a mistyped one was probably meant to be.

/** Names that people use for something that has another name here. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['twitter', 'x'],
  ['fb', 'facebook'],
  ['insta', 'instagram'],
  ['bsky', 'bluesky'],
  ['yt', 'youtube'],
  ['google+', 'google-plus'],
  ['mail', 'email'],
])

/** The closest of `known` (at most a third of its letters wrong), or null. */
export const didYouMean = (written: string, known: readonly string[]): string | null => {
  const word = written.toLowerCase()
  const other = otherNames.get(word)
  if (other !== undefined && known.includes(other)) return other
  const ranked = known.map((name) => ({ name, far: distance(word, name.toLowerCase()) })).sort((a, b) => a.far - b.far)
  const best = ranked[0]
  return best !== undefined && best.far <= Math.max(1, Math.floor(best.name.length / 3)) ? best.name : null
}

/** Levenshtein's distance: letters to insert, drop or change. Words longer than 40 letters are cut. */
const distance = (a: string, b: string): number => {
  const [from, to] = [a.slice(0, 40), b.slice(0, 40)]
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...to].entries()) {
      next.push(Math.min(next[column]! + 1, row[column + 1]! + 1, row[column]! + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1)!
}
