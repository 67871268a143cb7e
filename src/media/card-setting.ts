// From what stands on a card to its picture as SVG.
import type { Card } from '../rendering/derive.ts'
import { typesetter } from './card-draw.ts'
import { drawnWidth, face } from './card-face.ts'
import { fit } from './card-fit.ts'
import { drawable, fontsFor } from './card-fonts.ts'

/** Null where the font does not have the letters. */
export const setCard = async (card: Card): Promise<string | null> => {
  const [title, text, city] = [drawable(card.title), drawable(card.text), drawable(card.city)]
  if (title === null || text === null || city === null) return null
  const drawn = { ...card, title, text, city }
  const height = Math.round((drawnWidth * card.height) / card.width)
  const setter = typesetter(fontsFor(title + text + city))
  return setter.draw(face(drawn, await fit(drawn, height, setter), height), height)
}
