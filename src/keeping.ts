// Backup and restore without the rest of the house: the store that is configured, and the keys that lie beside it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BackedUp, RestoredStore } from './cli/surroundings.ts'
import { writeBackup } from './store/backup.ts'
import { markStoreRestored, restoreBackup } from './store/restore.ts'

/** What of an installation is kept. */
export interface Place {
  /** The data directory, in which the first key lies. */
  readonly data: string
  readonly secretKeyFile: string
  /** Opens the store alone, starting it where it is our own. */
  openStore(): Promise<{ readonly url: string; stop(): Promise<void> }>
}

/** Writes `file`, and `<file>.keys` where this installation has keys. Whoever has both has everything: they belong in two places. */
export const backup = async (place: Place, file: string): Promise<BackedUp> => {
  const store = await place.openStore()
  try {
    return { ...(await writeBackup(store.url, file)), keys: writeKeys(place, `${file}.keys`) }
  } finally {
    await store.stop()
  }
}

/** Fills the store from `file`, and puts keys back that are missing here; what is here stays. */
export const restore = async (place: Place, file: string | null, wish: { readonly replace: boolean }): Promise<RestoredStore> => {
  const store = await place.openStore()
  try {
    const restored = file === null ? await markStoreRestored(store.url) : await restoreBackup(store.url, file, wish)
    return { ...restored, keys: file === null ? [] : putKeysBack(place, `${file}.keys`) }
  } finally {
    await store.stop()
  }
}

/** By name in the backup: where each key lies. */
const keyFiles = ({ data, secretKeyFile }: Place): Readonly<Record<string, string>> => ({
  'secret.key': secretKeyFile,
  'api-key': join(data, 'api-key'),
})

const writeKeys = (place: Place, file: string): string | null => {
  const found = Object.entries(keyFiles(place)).filter(([, path]) => existsSync(path))
  if (found.length === 0) return null
  const keys = Object.fromEntries(found.map(([name, path]) => [name, readFileSync(path).toString('base64')]))
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  return file
}

const putKeysBack = (place: Place, file: string): readonly string[] => {
  if (!existsSync(file)) return []
  const keys: Readonly<Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'))
  const missing = Object.entries(keyFiles(place)).filter(([name, path]) => keys[name] !== undefined && !existsSync(path))
  for (const [name, path] of missing) writeFileSync(path, Buffer.from(keys[name] as string, 'base64'), { mode: 0o600 })
  return missing.map(([, path]) => path)
}
