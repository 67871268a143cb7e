// Keeping a file: looked at and cleaned by src/media, stored once under the sum of its bytes.
import { tmpdir } from 'node:os'
import { may, notAllowed } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { refused } from '../media/refused.ts'
import { mostBytes } from '../media/sniff.ts'
import { take } from '../media/take.ts'
import { audit } from '../store/audit.ts'
import { findMedia, insertMedium, type StoredMedium } from '../store/media.ts'
import { type Actor, type Desk, transact } from './desk.ts'

/** Bytes of the largest file that can be taken; what its kind may have is seen when it is there. */
export const mostUploadBytes = Math.max(...Object.values(mostBytes))

export const tooLarge = (): Refusal => refused('media-too-large')

/** Where files lie while they are looked at, and whether videos can be: the desk's own place, else the system's and no ffprobe. */
export const workshopOf = ({ workshop }: Desk): NonNullable<Desk['workshop']> => workshop ?? { folder: tmpdir(), ffprobe: null }

/**
 * Keeps what lies at this path and says what it is; alternative text is given where it is used. The file itself stays, and is changed.
 * Refuses with `not-allowed` and as `take` does.
 */
export const keepMedia = async (desk: Desk, actor: Actor, file: string): Promise<StoredMedium> => {
  demandDraftSomewhere(desk, actor)
  const { medium, bytes } = await take(file, workshopOf(desk))
  await transact(desk, async (trx) => {
    const fresh = await insertMedium(trx, medium, bytes, actor.id)
    if (fresh) await audit(trx, { actor: actor.id, action: 'keep-media', subject: medium.id, facts: { ...medium } })
  })
  return medium
}

/** The file of that id; refuses with `unknown-media`. */
export const showMedia = async (desk: Desk, actor: Actor, id: string): Promise<StoredMedium> => {
  demandDraftSomewhere(desk, actor)
  const [medium] = await findMedia(desk.db, [id])
  if (!medium) throw new Refusal({ code: 'unknown-media', de: 'Diese Datei gibt es nicht.', en: 'There is no such file.', place: 'id' })
  return medium
}

/** Refuses with `not-allowed` whoever may bring nothing: asked before the file is received. Media belong to no city; whoever may write for one of them may bring some. */
export const demandDraftSomewhere = (desk: Desk, actor: Actor): void => {
  if ([...desk.cities.keys()].some((city) => may(actor, 'draft', city))) return
  throw notAllowed('draft')
}
