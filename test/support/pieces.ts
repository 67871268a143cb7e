// Looks for pieces of secrets in words, without any code of ours: as they are, as an address and as base64 writes them.

const length = 16

/** Every run of 16 characters of these secrets. */
export const piecesOf = (secrets: readonly string[]): ReadonlySet<string> =>
  new Set(
    secrets
      .flatMap((secret) => [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      .flatMap((form) => Array.from({ length: Math.max(0, form.length - length + 1) }, (_, at) => form.slice(at, at + length))),
  )

/** The first piece that is in these words. */
export const pieceIn = (words: string, pieces: ReadonlySet<string>): string | undefined => {
  for (let at = 0; at + length <= words.length; at += 1) if (pieces.has(words.slice(at, at + length))) return words.slice(at, at + length)
  return undefined
}

/** A token of this length with the signs that platforms use; the same for the same number. */
export const aToken = (size: number, number: number): string => {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.|+='
  let state = number * 7919 + size
  return Array.from({ length: size }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return signs[(state >> 8) % signs.length]
  }).join('')
}
