// Stores what the city wants to say: revision 1, not released.
import { v7 as uuid } from 'uuid'
import { demand } from '../access/actor.ts'
import type { Announcement } from '../announcement/announcement.ts'
import { parseAnnouncement } from '../announcement/parse.ts'
import { Refusal } from '../announcement/refusal.ts'
import { databaseNow, findAnnouncement, insertAnnouncement } from '../store/announcements.ts'
import { audit } from '../store/audit.ts'
import { findMedia } from '../store/media.ts'
import type { Actor, Desk } from './desk.ts'
import { viewOf } from './show.ts'
import type { AnnouncementView } from './view.ts'

/**
 * Parses and stores. With an `id` that exists already (a repeated request) the stored one is shown and nothing is written.
 * Refuses with the problems of `parseAnnouncement`, `not-allowed`, `unknown-media` or `unknown-reference`.
 */
export const draft = async (desk: Desk, actor: Actor, input: unknown, id: string = uuid()): Promise<AnnouncementView> => {
  const content = await readInput(desk, actor, input)
  await desk.db.transaction().execute(async (trx) => {
    const fresh = await insertAnnouncement(trx, { id, content, by: actor.id })
    if (fresh) await audit(trx, { actor: actor.id, action: 'draft', subject: id, facts: { city: content.city, kind: content.kind } })
  })
  const stored = await findAnnouncement(desk.db, id)
  if (!stored) throw new Error('the announcement was stored a moment ago')
  return viewOf(desk, stored)
}

/** The input as an announcement whose images and reference exist. */
export const readInput = async (desk: Desk, actor: Actor, input: unknown): Promise<Announcement> => {
  const content = parseAnnouncement(input, { cities: new Set(desk.cities.keys()), now: await databaseNow(desk.db) })
  demand(actor, 'draft', content.city)
  return completed(desk, content)
}

/** With what the store knows of the images; the caller's word on type and size is not believed. */
const completed = async (desk: Desk, content: Announcement): Promise<Announcement> => {
  await demandReference(desk, content)
  if (content.media.length === 0) return content
  const known = new Map(
    (
      await findMedia(
        desk.db,
        content.media.map(({ id }) => id),
      )
    ).map((medium) => [medium.id, medium]),
  )
  return {
    ...content,
    media: content.media.map(({ id, alt }, at) => {
      const medium = known.get(id)
      if (!medium) throw unknownMedia(at)
      return { ...medium, alt }
    }),
  }
}

const demandReference = async (desk: Desk, { references, city }: Announcement): Promise<void> => {
  if (references === null) return
  const referenced = await findAnnouncement(desk.db, references)
  if (referenced?.city === city && referenced.releasedAt !== null) return
  throw new Refusal({
    code: 'unknown-reference',
    de: 'Die Meldung, auf die sich diese bezieht, gibt es nicht, oder sie wurde nie veröffentlicht.',
    en: 'The announcement that this one references does not exist, or was never released.',
    place: 'references',
  })
}

const unknownMedia = (at: number): Refusal =>
  new Refusal({
    code: 'unknown-media',
    de: 'Dieses Bild wurde noch nicht hochgeladen.',
    en: 'This image has not been uploaded.',
    place: `media.${at}.id`,
  })
