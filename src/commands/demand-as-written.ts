// A decision rests on what Rundruf wrote into the store, and on nothing that somebody else has put there.
import type { Kysely } from 'kysely'
import { Refusal } from '../announcement/refusal.ts'
import type { StoredAnnouncement } from '../store/stored.ts'
import type { Database } from '../store/tables.ts'
import { isAsWritten } from '../store/words.ts'
import type { Desk } from './desk.ts'

/**
 * Refuses with `changed-in-store` where the words, their writers, the city or the release were changed past Rundruf. What takes it back
 * never asks this.
 * @param place the field that names the announcement
 */
export const demandAsWritten = async (
  { proof }: Pick<Desk, 'proof'>,
  db: Kysely<Database>,
  stored: StoredAnnouncement,
  place = 'id',
): Promise<void> => {
  if (!(await isAsWritten(db, proof, stored))) throw changedWords(place)
}

export const changedWords = (place = 'id'): Refusal =>
  new Refusal({
    code: 'changed-in-store',
    de:
      'Diese Meldung wurde in der Datenbank geändert, nicht durch Rundruf, und geht so nicht hinaus. Bitte schreiben Sie sie neu und nehmen ' +
      'Sie diese zurück, wenn sie schon veröffentlicht ist; `rundruf verify` zeigt, was noch geändert wurde.',
    en: 'This announcement was changed in the store, not by Rundruf, and is not sent like this. Write it again, and retract this one if it is released.',
    place,
  })
