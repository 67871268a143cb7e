// The first key: an installation that has none makes one for its owner and leaves it in a file that only they can read.
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { Desk } from '../commands/desk.ts'
import { createKey } from '../commands/keys.ts'
import { everyCity, theHouse } from './actor.ts'
import { actorOfKey } from './present.ts'

/** Makes `file` hold a working admin key: the one that is there, or a new one. Returns true when it was made now. */
export const ensureFirstKey = async (desk: Desk, file: string): Promise<boolean> => {
  const found = await readFile(file, 'utf8').catch(() => '')
  if (await actorOfKey(desk, found.trim())) return false
  const { key } = await createKey(desk, theHouse, { name: 'Erster Schlüssel', role: 'admin', cities: everyCity })
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return true
}
