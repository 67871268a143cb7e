// The picture card: an announcement set as a picture, for platforms that show nothing without one. The same card is the same bytes.
import sharp from 'sharp'
import type { Card } from '../rendering/derive.ts'
import type { MadeImage } from './image.ts'
import { inThread } from './thread.ts'
import { turnstile } from './turnstile.ts'

/** Seconds that one card may take. */
const patience = 30

/** Cards wait for one another alone: a warning's must not stand behind what somebody brings. */
const atWork = turnstile(2)

/** Null where the font does not have the letters. */
export const makeCard = (card: Card): Promise<MadeImage | null> =>
  atWork(async () => {
    const svg = await inThread<string | null>('card-thread', card, patience)
    if (svg === undefined) throw new Error('the thread that sets picture cards ended without one')
    if (svg === null) return null
    // no thinning of colours: letters would get grey edges
    const { data, info } = await sharp(Buffer.from(svg))
      .resize(card.width, card.height)
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
      .toBuffer({ resolveWithObject: true })
    return { type: 'image/jpeg', bytes: data, width: info.width, height: info.height }
  })
