// A person answers the question of a held delivery: it is there, it is not there, or leave it.
import { demand } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { isUuid } from '../connector/uuid.ts'
import { audit } from '../store/audit.ts'
import { type HeldDelivery, lockHeld, settleByPerson } from '../store/resolving.ts'
import { type Actor, type Desk, transact } from './desk.ts'
import { show } from './show.ts'
import type { AnnouncementDetail } from './view.ts'

export type Answer =
  /** It is there: with the link that proves it, where the platform has links. */
  | { readonly answer: 'there'; readonly url: string | null }
  /** It is not there: send it (again). */
  | { readonly answer: 'not-there' }
  /** Leave it: nothing more is sent. */
  | { readonly answer: 'drop' }

/**
 * Refuses with `unknown-delivery`, `not-allowed`, `not-held` (nobody is asked, or somebody has answered already),
 * `url-invalid`, `channel-suspended` (a delivery that waits for its channel can only be dropped), `by-hand` (nothing could be sent), or
 * `changed-in-store` (it is not what was released, and is never sent).
 */
export const resolveDelivery = async (desk: Desk, actor: Actor, deliveryId: string, answer: Answer): Promise<AnnouncementDetail> => {
  if (answer.answer === 'there') demandLink(answer.url)
  const announcementId = await transact(desk, async (trx) => {
    const held = isUuid(deliveryId) ? await lockHeld(trx, deliveryId) : undefined
    if (!held) throw unknownDelivery(deliveryId)
    demand(actor, 'resolve', held.city, () => unknownDelivery(deliveryId))
    demandHeld(held, answer)
    await settleByPerson({ trx, proof: desk.proof }, held, answer, actor.name)
    await audit(trx, { actor: actor.id, action: 'resolve', subject: deliveryId, facts: { ...answer } })
    return held.announcementId
  })
  return show(desk, actor, announcementId)
}

const demandHeld = (held: HeldDelivery, answer: Answer): void => {
  if (held.state === 'held' && held.heldFor === 'hand' && answer.answer === 'not-there') throw byHand(held)
  // a receipt that is signed now would vouch for words that nobody has released
  const isDropped = answer.answer === 'drop' || (answer.answer === 'there' && held.reopened)
  if (held.state === 'held' && held.heldFor === 'changed' && !isDropped) throw changedInStore(held)
  if (held.state !== 'held')
    throw new Refusal({
      code: 'not-held',
      de: 'Diese Zustellung wartet auf keine Antwort (mehr). Ihren Stand zeigt `rundruf show`.',
      en: 'This delivery does not wait for an answer (any more).',
      place: 'delivery',
    })
  if (held.heldFor === 'channel' && answer.answer !== 'drop')
    throw new Refusal({
      code: 'channel-suspended',
      de: `Der Kanal ${held.channel} ist gesperrt. Geben Sie ihn frei, dann geht die Zustellung von selbst weiter, oder verwerfen Sie sie.`,
      en: `The channel ${held.channel} is suspended. Resume it, or drop the delivery.`,
      place: 'delivery',
    })
}

/** What a person makes by hand is done or dropped: there is nothing that could be sent. */
const byHand = ({ channel }: HeldDelivery): Refusal =>
  new Refusal({
    code: 'by-hand',
    de: `Auf dem Kanal ${channel} tut das ein Mensch. Sagen Sie, wo es steht, wenn es getan ist, oder verwerfen Sie die Zustellung.`,
    en: `On the channel ${channel} a person does this. Say where it is when it is done, or drop the delivery.`,
    place: 'answer',
  })

const changedInStore = ({ channel }: HeldDelivery): Refusal =>
  new Refusal({
    code: 'changed-in-store',
    de: `Die Zustellung für den Kanal ${channel} wurde im Speicher geändert und wird nicht gesendet. Verwerfen Sie sie und senden Sie die Meldung neu.`,
    en: `The delivery for the channel ${channel} was changed in the store and is not sent. Drop it, and send the announcement again.`,
    place: 'answer',
  })

const demandLink = (url: string | null): void => {
  if (url === null) return
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && url.length <= 2000) return
  throw new Refusal({
    code: 'url-invalid',
    de: 'Bitte geben Sie die Adresse des Beitrags an, beginnend mit https://.',
    en: 'Please give the address of the post, beginning with https://.',
    place: 'url',
  })
}

const unknownDelivery = (id: string): Refusal =>
  new Refusal({
    code: 'unknown-delivery',
    de: `Die Zustellung „${id.slice(0, 60)}“ gibt es nicht.`,
    en: `There is no delivery “${id.slice(0, 60)}”.`,
    place: 'delivery',
  })
