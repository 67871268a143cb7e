// Who may approve whose words: a person who has written none of them, and none whose writer is not known.
import type { Transaction } from 'kysely'
import { Refusal } from '../announcement/refusal.ts'
import { writersSinceApproval } from '../store/announcements.ts'
import { nameOfKey } from '../store/api-keys.ts'
import type { Writer } from '../store/stored.ts'
import type { Database } from '../store/tables.ts'
import { changedWords } from './demand-as-written.ts'
import type { Actor, Desk } from './desk.ts'

/** Until there are accounts, a key's `person` says who is asking. Refuses with `person-missing`. */
export const demandPerson = ({ person }: Actor): string => {
  if (person === undefined) throw personMissing()
  return person
}

export interface Approving {
  readonly id: string
  readonly revision: number
  readonly actor: Actor
}

/**
 * Nobody approves their own words, however many keys they have and whoever has changed a letter since. A key that names no person may be
 * another key of the approver: its words are approved by nobody. A program is a person of its own (`person: leitstelle-schnittstelle`).
 * Refuses with `own-announcement`, `writer-unknown` or `changed-in-store`.
 */
export const demandOtherWriters = async (desk: Desk, trx: Transaction<Database>, { id, revision, actor }: Approving): Promise<void> => {
  const writers = await writersSinceApproval(trx, desk.proof, { id, revision })
  if (writers === undefined) throw changedWords()
  if (writers.some((writer) => isSameWriter(writer, actor))) throw ownAnnouncement()
  const unknown = writers.find(({ person }) => person === null)
  if (unknown !== undefined) throw writerUnknown((await nameOfKey(trx, unknown.id)) ?? unknown.id)
}

/** The same key, or another key of the same person. */
export const isSameWriter = ({ id, person }: Writer, actor: Actor): boolean =>
  id === actor.id || (person !== null && person === actor.person)

const personMissing = (): Refusal =>
  new Refusal({
    code: 'person-missing',
    de: 'Dieser Schlüssel nennt keine Person und kann deshalb nichts freigeben. Bitte einen mit `rundruf key create --person` anlegen lassen.',
    en: 'This key names no person, so it cannot approve anything. Have one created with `rundruf key create --person`.',
  })

const ownAnnouncement = (): Refusal =>
  new Refusal({
    code: 'own-announcement',
    de: 'Was man selbst geschrieben oder umgeschrieben hat, kann man nicht selbst freigeben. Bitte fragen Sie eine Kollegin oder einen Kollegen.',
    en: 'Nobody can approve words of their own. Ask a colleague.',
  })

const writerUnknown = (key: string): Refusal =>
  new Refusal({
    code: 'writer-unknown',
    de: `An diesem Text hat der Schlüssel »${key}« geschrieben, der keine Person nennt; deshalb kann ihn niemand freigeben. Bitte legen Sie einen mit \`rundruf key create --person\` an (auch ein Programm bekommt einen Namen, etwa leitstelle-schnittstelle) und schreiben Sie die Meldung damit neu.`,
    en: `The key “${key}” has written words of this announcement and names no person, so nobody can approve them. Create a key with \`rundruf key create --person\` (a program has a name, too) and write the announcement again with it.`,
  })
