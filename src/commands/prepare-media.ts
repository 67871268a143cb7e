// Before a plan: images made to fit the platforms, and picture cards. Made once and kept; nothing of the announcement is stored.
import { setTimeout as pause } from 'node:timers/promises'
import { type Announcement, type Image, wayOf } from '../announcement/announcement.ts'
import { makeCard, warmUp } from '../media/card.ts'
import type { MadeImage } from '../media/image.ts'
import { named } from '../media/take.ts'
import { makeVariant } from '../media/variant.ts'
import { mayWish } from '../planning/wishes.ts'
import type { Derivation } from '../rendering/derive.ts'
import { findDerived, insertDerived, insertMedium, readMedium } from '../store/media.ts'
import { giveDerived } from '../store/media-use.ts'
import type { Desk } from './desk.ts'
import { type Follows, groundFor, policyOf, wishesOn } from './plan-for.ts'

/** Who kept it, where nobody did: the house itself. */
const house = 'rundruf'

/** Milliseconds that a warning waits for its pictures: a card takes a fiftieth of this, and goes before all that is no warning's. */
const warningWaitsMs = 2_000

/**
 * Makes what is not there yet. What cannot be made, or for a warning not in a few seconds, stays unmade, and the plan says so: nobody's
 * warning waits for a picture.
 */
export const prepareMedia = async (desk: Desk, announcement: Announcement, follows: Follows = {}): Promise<void> => {
  const made = makeMissing(desk, announcement, follows)
  if (wayOf(announcement) !== 'urgent') return made
  const patience = new AbortController()
  const late = pause(warningWaitsMs, undefined, { signal: patience.signal })
  late.catch(() => {}) // it was in time
  await Promise.race([made, late]).finally(() => patience.abort())
  made.catch(warn)
}

/** Where a channel of some city shows nothing without a picture: what sets cards is made ready, so that the first warning need not wait for it. */
export const warmPictures = ({ cities, connectors }: Desk): void => {
  const platforms = [...cities.values()].flatMap(({ channels }) => channels.map(({ platform }) => platform))
  if (platforms.some((platform) => connectors.get(platform)?.limits.needsMedia)) warmUp()
}

const makeMissing = async (desk: Desk, announcement: Announcement, follows: Follows): Promise<void> => {
  const { city } = policyOf(desk, announcement.city)
  if (!mayWish(announcement, city, desk)) return
  const wishes = wishesOn(await groundFor(desk, desk.db, announcement, follows), announcement)
  const there = await findDerived(
    desk.db,
    wishes.map(({ name }) => name),
  )
  const isUrgent = wayOf(announcement) === 'urgent'
  for (const wish of wishes) if (!there.has(wish.name)) await keep(desk, wish, isUrgent)
  await giveDerived(
    desk.db,
    wishes.map(({ name }) => name),
    announcement.city,
  )
}

const keep = async ({ db }: Desk, wish: Derivation, isUrgent: boolean): Promise<void> => {
  const bytes = wish.what === 'image' ? await readMedium(db, wish.of) : null
  const made = await make(wish, bytes, isUrgent).catch(warn)
  if (!made) return
  const { medium }: { medium: Image } = named(made.bytes, { type: made.type, width: made.width, height: made.height })
  await db.transaction().execute(async (trx) => {
    await insertMedium(trx, medium, made.bytes, house)
    await insertDerived(trx, wish.name, medium.id)
  })
}

const make = async (wish: Derivation, bytes: Uint8Array | null, isUrgent: boolean): Promise<MadeImage | null> => {
  if (wish.what === 'card') return makeCard(wish.card)
  return bytes && makeVariant(bytes, wish.fit, isUrgent)
}

const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error))
