// Backup and restore without the rest of the house: the store that is configured, and the keys that lie beside it.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyIn, sealKey } from './access/seal.ts'
import { Refusal } from './announcement/refusal.ts'
import type { BackedUp, RestoredStore } from './cli/surroundings.ts'
import { openDataDirectory } from './data-directory.ts'
import { writeBackup } from './store/backup.ts'
import { proofWith } from './store/proof.ts'
import { markStoreRestored, restoreBackup } from './store/restore.ts'

/** What of an installation is kept. */
export interface Place {
  /** The data directory, in which the first key lies. */
  readonly data: string
  readonly secretKeyFile: string
  /** Opens the store alone, starting it where it is our own. */
  openStore(): Promise<{ readonly url: string; stop(): Promise<void> }>
}

/**
 * Writes `file`, and `<file>.keys` where this installation has keys. Whoever has both has everything: they belong in two places. Without
 * the secret key the file can only be restored on an operator's word: it is sealed with it.
 */
export const backup = async (place: Place, file: string): Promise<BackedUp> => {
  openDataDirectory(place)
  const store = await place.openStore()
  try {
    const proof = proofWith(sealKey(place.secretKeyFile))
    return { ...(await writeBackup(store.url, file, proof)), keys: writeKeys(place, `${file}.keys`) }
  } finally {
    await store.stop()
  }
}

export interface RestoreWish {
  /** What the store holds now is discarded. */
  readonly replace: boolean
  /** Also what the secret key of this installation has not sealed. */
  readonly unsigned: boolean
}

/** Fills the store from `file`, and puts keys back that are missing here; what is here stays. */
export const restore = async (place: Place, file: string | null, wish: RestoreWish): Promise<RestoredStore> => {
  openDataDirectory(place)
  const store = await place.openStore()
  try {
    const keys = file === null ? {} : keysIn(`${file}.keys`)
    const proof = proofWith(secretKey(place, keys))
    const restored =
      file === null ? await markStoreRestored(store.url, { ...wish, proof }) : await restoreBackup(store.url, file, { ...wish, proof })
    return { ...restored, keys: putBack(place, keys) }
  } finally {
    await store.stop()
  }
}

type Keys = Readonly<Record<string, string>>

/** The one that is here; where none is, the one that lies beside the backup, and at last a new one. */
const secretKey = ({ secretKeyFile }: Place, { 'secret.key': beside }: Keys): Uint8Array =>
  existsSync(secretKeyFile) || beside === undefined
    ? sealKey(secretKeyFile)
    : keyIn(Buffer.from(beside, 'base64').toString(), 'the file of the keys')

/** By name in the backup: where each key lies. */
const keyFiles = ({ data, secretKeyFile }: Place): Readonly<Record<string, string>> => ({
  'secret.key': secretKeyFile,
  'api-key': join(data, 'api-key'),
})

const writeKeys = (place: Place, file: string): string | null => {
  const found = Object.entries(keyFiles(place)).filter(([, path]) => existsSync(path))
  if (found.length === 0) return null
  const keys = Object.fromEntries(found.map(([name, path]) => [name, readFileSync(path).toString('base64')]))
  // one that was there before may be readable for others
  rmSync(file, { force: true })
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  return file
}

/** By name, base64. */
const keysIn = (file: string): Keys => {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw Object.assign(keysUnreadable(file), { cause })
  }
}

const keysUnreadable = (file: string): Refusal =>
  new Refusal({
    code: 'keys-unreadable',
    de: `Die Datei ${file} enthält keine Schlüssel, wie \`rundruf backup\` sie schreibt. Der Speicher ist unverändert.`,
    en: `The file ${file} holds no keys as \`rundruf backup\` writes them. The store is unchanged.`,
  })

const putBack = (place: Place, keys: Keys): readonly string[] => {
  const missing = Object.entries(keyFiles(place)).filter(([name, path]) => keys[name] !== undefined && !existsSync(path))
  for (const [name, path] of missing) writeFileSync(path, Buffer.from(keys[name] as string, 'base64'), { mode: 0o600 })
  return missing.map(([, path]) => path)
}
