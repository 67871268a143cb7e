// From what arrived to an announcement whose images and reference exist.
import { demand, type Verb } from '../access/actor.ts'
import type { Announcement } from '../announcement/announcement.ts'
import { parseAnnouncement } from '../announcement/parse.ts'
import { Refusal } from '../announcement/refusal.ts'
import { databaseNow, findAnnouncement } from '../store/announcements.ts'
import { findMedia } from '../store/media.ts'
import type { Actor, Desk } from './desk.ts'

/** Refuses with the problems of `parseAnnouncement`, with `not-allowed`, `unknown-media` or `unknown-reference`. */
export const readInput = async (desk: Desk, actor: Actor, input: unknown, verb: Verb = 'draft'): Promise<Announcement> => {
  const content = parseAnnouncement(await withMedia(desk, input), {
    cities: new Set(desk.cities.keys()),
    channels: (city) => desk.cities.get(city)?.channels.map(({ name }) => name),
    now: await databaseNow(desk.db),
  })
  demand(actor, verb, content.city)
  await demandReference(desk, content)
  return content
}

/** An image is named by its id; what it is, the store knows better than the caller. */
const withMedia = async (desk: Desk, input: unknown): Promise<unknown> => {
  if (typeof input !== 'object' || input === null || !('media' in input) || !Array.isArray(input.media)) return input
  const wished: readonly unknown[] = input.media
  const known = new Map((await findMedia(desk.db, wished.flatMap(idOf))).map((medium) => [medium.id, medium]))
  const media = wished.map((one, at) => {
    const [id] = idOf(one)
    if (id === undefined) return one
    const medium = known.get(id)
    if (!medium) throw unknownMedia(at)
    return { ...(one as object), ...medium }
  })
  return { ...input, media }
}

const idOf = (one: unknown): string[] =>
  typeof one === 'object' && one !== null && 'id' in one && typeof one.id === 'string' && /^[0-9a-f]{64}$/.test(one.id) ? [one.id] : []

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
