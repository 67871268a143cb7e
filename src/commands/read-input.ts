// From what arrived to an announcement whose files and reference exist.
import type { Kysely } from 'kysely'
import { demand, sees, type Verb } from '../access/actor.ts'
import type { Announcement } from '../announcement/announcement.ts'
import { parseAnnouncement } from '../announcement/parse.ts'
import { demandMayFollow } from '../announcement/reference.ts'
import { Refusal } from '../announcement/refusal.ts'
import { unknownDistricts } from '../policy/districts.ts'
import { unknownTopics } from '../policy/topics.ts'
import { databaseNow, findAnnouncement } from '../store/announcements.ts'
import { findMedia } from '../store/media.ts'
import { mediaFor } from '../store/media-use.ts'
import type { Database } from '../store/tables.ts'
import { demandAsWritten } from './demand-as-written.ts'
import type { Actor, Desk } from './desk.ts'

interface Reading {
  readonly verb?: Verb
  readonly known?: Keys | null
}

/** Topics and areas that pass although the city no longer declares them; null: none. */
type Keys = Pick<Announcement, 'topics' | 'districts'>

/**
 * Refuses with the problems of `parseAnnouncement`, with `not-allowed`, `unknown-topic`, `unknown-district`, `unknown-media`, or as `demandReference` does.
 * @param known of what is released already
 */
export const readInput = async (
  desk: Desk,
  actor: Actor,
  input: unknown,
  { verb = 'draft', known = null }: Reading = {},
): Promise<Announcement> => {
  const content = parseAnnouncement(await withMedia(desk, actor, input), {
    // a foreign city does not exist: neither its name nor its channels are told
    cities: new Set([...desk.cities.keys()].filter((city) => sees(actor, city))),
    channels: (city) => (sees(actor, city) ? desk.cities.get(city) : undefined)?.channels.map(({ name }) => name),
    now: await databaseNow(desk.db),
  })
  demand(actor, verb, content.city)
  demandKeys(desk, content, known)
  await demandReference(desk, desk.db, content)
  return content
}

/** Asked for every input, and again where a draft is approved or released: the city may have given a topic up since. Refuses with `unknown-topic`, `unknown-district`. */
export const demandKeys = (desk: Desk, { city: key, topics, districts }: Announcement, known: Keys | null): void => {
  const city = desk.cities.get(key)
  if (!city) return
  const problems = [
    ...unknownTopics({ topics: topics.filter((topic) => !known?.topics.includes(topic)) }, city),
    ...unknownDistricts({ districts: districts.filter((district) => !known?.districts.includes(district)) }, city),
  ]
  if (problems.length > 0) throw new Refusal(problems)
}

/** A file is named by its id; what it is, the store knows better than the caller. */
const withMedia = async (desk: Desk, actor: Actor, input: unknown): Promise<unknown> => {
  if (!isObject(input) || !('media' in input) || !Array.isArray(input.media)) return input
  const wished: readonly unknown[] = input.media
  const ids = wished.flatMap((one) => [...idOf(one), ...captionsOf(one).flatMap(idOf)])
  // another city's file does not exist here
  const wishedFor =
    'city' in input && typeof input.city === 'string' && sees(actor, input.city) ? desk.cities.get(input.city)?.key : undefined
  const ours = await mediaFor(desk.db, ids, wishedFor === undefined ? [] : [wishedFor])
  const known = new Map((await findMedia(desk.db, [...ours])).map((medium) => [medium.id, medium]))
  const filled = (one: unknown, place: string): unknown => {
    const [id] = idOf(one)
    if (id === undefined) return one
    const medium = known.get(id)
    if (!medium) throw unknownMedia(place)
    if (medium.type === 'text/vtt' && !place.includes('captions')) throw captionsAlone(place)
    return { ...(one as object), ...medium }
  }
  const media = wished.map((one, at) => {
    const captions = captionsOf(one).map((file, number) => filled(file, `media.${at}.captions.${number}.id`))
    return filled(captions.length === 0 ? one : { ...(one as object), captions }, `media.${at}.id`)
  })
  return { ...input, media }
}

const isObject = (one: unknown): one is object => typeof one === 'object' && one !== null

const idOf = (one: unknown): string[] =>
  isObject(one) && 'id' in one && typeof one.id === 'string' && /^[0-9a-f]{64}$/.test(one.id) ? [one.id] : []

const captionsOf = (one: unknown): readonly unknown[] =>
  isObject(one) && 'captions' in one && Array.isArray(one.captions) ? one.captions : []

/**
 * What an announcement references must be released, of its city and of its status. Asked for every input, and again in the transaction
 * that approves or releases: a draft may have been stored under an older rule.
 * Refuses with `unknown-reference`, `changed-in-store`, `status-mismatch` or `reference-not-a-warning`.
 */
export const demandReference = async (desk: Pick<Desk, 'proof'>, db: Kysely<Database>, following: Announcement): Promise<void> => {
  const { references, city } = following
  if (references === null) return
  const referenced = await findAnnouncement(db, references)
  if (referenced?.city === city && referenced.releasedAt !== null) {
    await demandAsWritten(desk, db, referenced, 'references')
    return demandMayFollow(following, referenced.content)
  }
  throw new Refusal({
    code: 'unknown-reference',
    de: 'Die Meldung, auf die sich diese bezieht, gibt es nicht, oder sie wurde nie veröffentlicht.',
    en: 'The announcement that this one references does not exist, or was never released.',
    place: 'references',
  })
}

const unknownMedia = (place: string): Refusal =>
  new Refusal({ code: 'unknown-media', de: 'Diese Datei wurde noch nicht hochgeladen.', en: 'This file has not been uploaded.', place })

const captionsAlone = (place: string): Refusal =>
  new Refusal({
    code: 'captions-alone',
    de: 'Diese Datei sind Untertitel. Bitte geben Sie sie unter captions des Videos an, zu dem sie gehören.',
    en: 'This file is captions. Please name it under captions of the video it belongs to.',
    place,
  })
