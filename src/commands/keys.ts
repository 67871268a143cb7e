// API keys: creating and revoking them.
import { z } from 'zod'
import { demand, everyCity, roles, unknownCity } from '../access/actor.ts'
import { newKey } from '../access/keys.ts'
import { Refusal } from '../announcement/refusal.ts'
import { findKey, insertKey, markRevoked } from '../store/api-keys.ts'
import { audit } from '../store/audit.ts'
import { type Actor, type Desk, transact } from './desk.ts'

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
})

export type KeyWish = z.infer<typeof keyWish>

export interface CreatedKey {
  readonly id: string
  /** The key itself: shown this once. */
  readonly key: string
}

/**
 * Creates a key whose cities are among the actor's own. `id` is given by a request that may be repeated.
 * Refuses with `not-allowed`, `unknown-city`, or `key-exists` when the id is taken: a key cannot be shown twice.
 */
export const createKey = async (desk: Desk, actor: Actor, wish: KeyWish, id?: string): Promise<CreatedKey> => {
  for (const city of wish.cities === everyCity ? [everyCity] : wish.cities) {
    demand(actor, 'keys', city)
    if (city !== everyCity && !desk.cities.has(city)) throw unknownCity(city)
  }
  const made = newKey(id)
  await transact(desk, async (trx) => {
    const fresh = await insertKey(trx, { ...wish, person: wish.person ?? null, id: made.id, hash: made.hash })
    if (!fresh) throw keyExists()
    await audit(trx, { actor: actor.id, action: 'create-key', subject: made.id, facts: { ...wish } })
  })
  return { id: made.id, key: made.key }
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

const keyExists = (): Refusal =>
  new Refusal({
    code: 'key-exists',
    de: 'Der Schlüssel wurde schon angelegt und kann nicht noch einmal gezeigt werden. Bitte widerrufen Sie ihn und legen Sie einen neuen an.',
    en: 'The key was created before and cannot be shown again. Please revoke it and create another.',
  })
