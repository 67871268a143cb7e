// Keeping a file: looked at and cleaned by src/media, stored once under the sum of its bytes.
import { tmpdir } from 'node:os'
import { demand, everyCity, may, notAllowed } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { refused } from '../media/refused.ts'
import { mostBytes } from '../media/sniff.ts'
import { take } from '../media/take.ts'
import { audit } from '../store/audit.ts'
import { findMedia, insertMedium, mediumRange, type StoredMedium } from '../store/media.ts'
import { giveMedia, mediaFor } from '../store/media-use.ts'
import { type Actor, type Desk, transact } from './desk.ts'

/** Bytes of the largest file that can be taken; what its kind may have is seen when it is there. */
export const mostUploadBytes = Math.max(...Object.values(mostBytes))

export const tooLarge = (): Refusal => refused('media-too-large')

/** Where files lie while they are looked at, and whether videos can be: the desk's own place, else the system's and no ffprobe. */
export const workshopOf = ({ workshop }: Desk): NonNullable<Desk['workshop']> => workshop ?? { folder: tmpdir(), ffprobe: null }

/**
 * Keeps what lies at this path and says what it is; alternative text is given where it is used. The file itself stays, and is changed.
 * It belongs to that city, or without one to every city that the actor may write for. Refuses with `not-allowed` and as `take` does.
 */
export const keepMedia = async (desk: Desk, actor: Actor, file: string, city?: string): Promise<StoredMedium> => {
  const cities = citiesFor(desk, actor, city)
  const { medium, bytes } = await take(file, workshopOf(desk))
  await transact(desk, async (trx) => {
    const fresh = await insertMedium(trx, medium, bytes, actor.id)
    await giveMedia(trx, [medium.id], cities)
    if (fresh) await audit(trx, { actor: actor.id, action: 'keep-media', subject: medium.id, facts: { ...medium } })
  })
  return medium
}

/** The file of that id, where it belongs to a city of the actor; refuses with `unknown-media`. */
export const showMedia = async (desk: Desk, actor: Actor, id: string): Promise<StoredMedium> => {
  demandDraftSomewhere(desk, actor)
  const [medium] = await findMedia(desk.db, [...(await mediaFor(desk.db, [id], actor.cities))])
  if (!medium) throw new Refusal({ code: 'unknown-media', de: 'Diese Datei gibt es nicht.', en: 'There is no such file.', place: 'id' })
  return medium
}

/** The bytes of a file that `showMedia` shows, piece by piece: for the preview of what is not released. */
export const readPieces = ({ db }: Desk, { id, size }: StoredMedium): AsyncIterable<Buffer> => mediumRange(db, id, { from: 0, to: size })

/** Refuses with `not-allowed` whoever may bring nothing, and with `unknown-city`: asked before the file is received. */
export const demandDraftSomewhere = (desk: Desk, actor: Actor, city?: string): void => void citiesFor(desk, actor, city)

/** The cities that a file belongs to that this actor brings; `*` where the actor may write for all. */
const citiesFor = (desk: Desk, actor: Actor, city: string | undefined): readonly string[] => {
  if (city !== undefined) {
    demand(actor, 'draft', city)
    return [city]
  }
  const mine = [...desk.cities.keys()].filter((key) => may(actor, 'draft', key))
  if (mine.length === 0) throw notAllowed('draft')
  return actor.cities === everyCity ? [everyCity] : mine
}
