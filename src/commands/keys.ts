// API keys: creating and revoking them.
import { z } from 'zod'
import { demand, everyCity, may, roles, unknownCity } from '../access/actor.ts'
import { newKey } from '../access/keys.ts'
import { type KeyState, stateOf } from '../access/present.ts'
import { Refusal } from '../announcement/refusal.ts'
import { databaseNow } from '../store/announcements.ts'
import { findKey, insertKey, listKeys, markRevoked } from '../store/api-keys.ts'
import { audit } from '../store/audit.ts'
import { type Actor, type Desk, type Role, transact } from './desk.ts'

/** What a new key may do, and where. */
/** One spelling for one person: `Anna.Muster` and `anna.muster ` hold keys of the same person. */
const person = z
  .string()
  .max(100)
  .transform((text) => text.normalize('NFKC').trim().toLowerCase())
  .pipe(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._@+-]{0,99}$/u))

export const keyWish = z.object({
  /** Whose key it is, as the audit shall name it. */
  name: z.string().trim().min(1).max(100),
  role: z.enum(roles),
  /** `*` or city keys. */
  cities: z.union([z.literal(everyCity), z.array(z.string().min(1).max(100)).min(1).max(100).readonly()]),
  /** Who holds it: a short name such as `anna.muster`, no spaces. Keys with the same name are one person's. */
  person: person.optional(),
  /** ISO 8601 with an offset: from then on the key is useless. Without it, it holds until it is revoked. */
  expires: z.iso.datetime({ offset: true }).optional(),
})

export type KeyWish = z.infer<typeof keyWish>

export interface CreatedKey {
  readonly id: string
  /** The key itself: shown this once. */
  readonly key: string
}

/**
 * Creates a key whose cities are among the actor's own. `id` is given by a request that may be repeated.
 * Refuses with `not-allowed`, `unknown-city`, `expires-past`, or `key-exists` when the id is taken: a key cannot be shown twice.
 */
export const createKey = async (desk: Desk, actor: Actor, wish: KeyWish, id?: string): Promise<CreatedKey> => {
  for (const city of wish.cities === everyCity ? [everyCity] : wish.cities) {
    demand(actor, 'keys', city)
    if (city !== everyCity && !desk.cities.has(city)) throw unknownCity(city)
  }
  const expiresAt = wish.expires === undefined ? null : new Date(wish.expires)
  if (expiresAt !== null && expiresAt <= new Date(await databaseNow(desk.db))) throw expiresPast()
  const made = newKey(id)
  const { name, role, cities } = wish
  const row = { id: made.id, hash: made.hash, name, role, cities, person: wish.person ?? null, expiresAt }
  await transact(desk, async (trx) => {
    const fresh = await insertKey(trx, desk.proof, row)
    if (!fresh) throw keyExists()
    await audit(trx, { actor: actor.id, action: 'create-key', subject: made.id, facts: { ...wish } })
  })
  return { id: made.id, key: made.key }
}

/** A key as its administrators see it: never its hash. */
export interface KeyView {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly cities: '*' | readonly string[]
  readonly person: string | null
  readonly state: KeyState
  readonly createdAt: string
  readonly expiresAt: string | null
  /** To the minute; null: never used. */
  readonly lastUsedAt: string | null
}

/** More keys than any installation has; beyond it the oldest are not shown. */
const mostKeys = 2000

/** The keys all of whose cities are among the actor's, the newest first. Refuses with `not-allowed`. */
export const showKeys = async (desk: Desk, actor: Actor): Promise<readonly KeyView[]> => {
  const own = actor.cities === everyCity ? [everyCity] : actor.cities
  for (const city of own) demand(actor, 'keys', city)
  const keys = await listKeys(desk.db, mostKeys)
  const seen = keys.filter(({ cities }) => (cities === everyCity ? [everyCity] : cities).every((city) => may(actor, 'keys', city)))
  return seen.map((key) => ({
    ...{ id: key.id, name: key.name, role: key.role, cities: key.cities, person: key.person, state: stateOf(desk.proof, key) },
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }))
}

/** Revokes a key at once; a key that is revoked already stays so. Refuses with `not-allowed` or `unknown-key`. */
export const revokeKey = async (desk: Desk, actor: Actor, id: string): Promise<void> => {
  const key = await findKey(desk.db, id)
  if (!key) throw unknownKey()
  for (const city of key.cities === everyCity ? [everyCity] : key.cities) demand(actor, 'keys', city, unknownKey)
  await transact(desk, async (trx) => {
    const revoked = await markRevoked(trx, id)
    if (revoked) await audit(trx, { actor: actor.id, action: 'revoke-key', subject: id, facts: {} })
  })
}

const unknownKey = (): Refusal =>
  new Refusal({ code: 'unknown-key', de: 'Diesen Schlüssel gibt es nicht.', en: 'There is no such key.', place: 'id' })

const expiresPast = (): Refusal =>
  new Refusal({
    code: 'expires-past',
    de: 'Der Schlüssel wäre schon abgelaufen. Bitte geben Sie eine spätere Zeit an.',
    en: 'The key would have expired already. Give a later time.',
    place: 'expires',
  })

const keyExists = (): Refusal =>
  new Refusal({
    code: 'key-exists',
    de: 'Der Schlüssel wurde schon angelegt und kann nicht noch einmal gezeigt werden. Bitte widerrufen Sie ihn und legen Sie einen neuen an.',
    en: 'The key was created before and cannot be shown again. Please revoke it and create another.',
  })
