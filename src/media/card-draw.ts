// Draws the face of a card, and measures it, with nothing of the machine: the same face is the same picture everywhere.
import satori, { type Font } from 'satori'
import { drawnWidth, type Face } from './card-face.ts'

export interface Typesetter {
  /** As SVG, letters as outlines. */
  draw(face: Face, height: number): Promise<string>
  /** How high it is where its height is left to it. */
  heightOf(face: Face, width?: number): Promise<number>
  /** How wide it is on one line. */
  widthOf(face: Face): Promise<number>
}

export const typesetter = (fonts: readonly Font[]): Typesetter => {
  const all = [...fonts] // the same list every time: what was read of it is remembered
  const drawn = (face: Face, size: { readonly width: number; readonly height?: number } | { readonly height: number }): Promise<string> =>
    satori(face as Parameters<typeof satori>[0], { ...size, fonts: all } as Parameters<typeof satori>[1])
  return {
    draw: (face, height) => drawn(face, { width: drawnWidth, height }),
    heightOf: async (face, width = drawnWidth) => measured(await drawn(face, { width }), 'height'),
    widthOf: async (face) => measured(await drawn(face, { height: 400 }), 'width'),
  }
}

const measured = (svg: string, side: 'width' | 'height'): number => {
  const found = new RegExp(`^<svg[^>]* ${side}="([\\d.]+)"`).exec(svg)?.[1]
  if (found === undefined) throw new Error('the picture does not say how large it is')
  return Number(found)
}
