// What is used of opentype.js, which brings no types. https://opentype.js.org/font.html
declare module 'opentype.js' {
  export interface Command {
    readonly type: 'M' | 'L' | 'Q' | 'C' | 'Z'
    readonly x?: number
    readonly y?: number
    readonly x1?: number
    readonly y1?: number
    readonly x2?: number
    readonly y2?: number
  }
  export interface Glyph {
    readonly index: number
    readonly advanceWidth: number
    getPath(x: number, y: number, size: number): { readonly commands: readonly Command[] }
  }
  export interface Font {
    /** 0: the font does not have it. */
    charToGlyphIndex(sign: string): number
    charToGlyph(sign: string): Glyph
    /** In units of the font. */
    getKerningValue(left: Glyph, right: Glyph): number
  }
  const opentype: { parse(bytes: ArrayBuffer): Font }
  export default opentype
}
