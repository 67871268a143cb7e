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
export const cardsAtWork = turnstile(2, 1)

/** Reads fonts and dictionary now, in their thread, so that the first warning's card need not wait for them. */
export const warmUp = (): void => {
  setCard(specimen).catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)))
}

/** Any card that uses all letters and the dictionary. */
const specimen: Card = {
  ...{ width: 1080, height: 1350, city: 'Stadt', colours: { primary: '#000000', onPrimary: '#ffffff' }, kind: 'notice', severity: null },
  ...{ status: 'Actual', language: 'de', title: 'Kampfmittelbeseitigungsdienstleistungen ✓', text: 'Text', until: null, address: null },
}

/** Its words must be drawable: `planCard` has looked. */
export const makeCard = (card: Card): Promise<MadeImage> =>
  cardsAtWork(async () => {
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
