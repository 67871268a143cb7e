// The picture card: an announcement set as a picture, for platforms that show nothing without one. The same card is the same bytes.
import sharp from 'sharp'
import type { Card } from '../rendering/derive.ts'
import type { MadeImage } from './image.ts'
import { turnstile } from './turnstile.ts'
import { warmThread } from './warm-thread.ts'

/** Seconds that one card may take. */
const patience = 30

const setCard = warmThread<Card, string>('card-thread', patience)

/** Cards wait for one another alone: a warning's must not stand behind what somebody brings. Beside these, one warning's goes through. */
const atWork = turnstile(2, 1)

/** Its words must be drawable: `planCard` has looked. */
export const makeCard = (card: Card): Promise<MadeImage> =>
  atWork(async () => {
    const svg = await setCard(card)
    // no thinning of colours: letters would get grey edges
    const { data, info } = await sharp(Buffer.from(svg))
      .resize(card.width, card.height)
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
      .timeout({ seconds: patience })
      .toBuffer({ resolveWithObject: true })
    return { type: 'image/jpeg', bytes: data, width: info.width, height: info.height }
  }, isUrgent(card))

const isUrgent = ({ kind, status }: Card): boolean => (kind === 'warning' || kind === 'all-clear') && status === 'Actual'
