// HTML that cannot be broken into: whatever is put into the template is escaped, unless it is HTML made here.

export interface Html {
  readonly html: string
}

type Piece = string | number | Html | null | undefined | false | readonly Piece[]

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]!)

const shown = (piece: Piece): string => {
  if (piece === null || piece === undefined || piece === false) return ''
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return 'html' in piece ? piece.html : piece.map(shown).join('')
}

/** A template whose values are escaped; null, undefined and false leave nothing. */
export const html = (strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html => ({
  html: strings.reduce((text, string, index) => text + shown(pieces[index - 1]) + string),
})
