// A folder that one process at a time has open, and that lies encrypted while nobody has: AES-256-GCM, bound to the channel it belongs to.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { Vault } from '../connector/connector.ts'
import { ChannelError, UnreachableError } from '../connector/errors.ts'
import { packed, unpack } from './archive.ts'
import { cipherFor, decipherFor, nonceBytes, tagBytes } from './seal.ts'

/** How often who has the folder open says so, and after how long a silence nobody has, in milliseconds. */
const beatMs = 2_000
const silenceMs = 10_000
/** How long the next one waits for the folder. */
const patienceMs = 15_000

/** `key`: 32 random bytes. `purpose`: no secret; what was sealed for one purpose opens for no other. */
export interface VaultParts {
  readonly folder: string
  readonly key: Uint8Array
  readonly purpose: string
}

export const vaultIn = (parts: VaultParts): Vault => {
  const plain = join(parts.folder, 'open')
  const gone = `${plain}.gone`
  const sealed = join(parts.folder, 'sealed')
  return {
    open: async () => {
      await mkdir(parts.folder, { recursive: true, mode: 0o700 })
      const lock = await locked(join(parts.folder, 'lock'))
      try {
        await rm(gone, { recursive: true, force: true })
        // a process that was killed left it open: that is newer than what was sealed before
        if (!(await isThere(plain))) await unseal(parts, sealed, plain)
      } catch (error) {
        await lock.release()
        throw error
      }
      return {
        folder: plain,
        close: async () => {
          try {
            await seal(parts, plain, sealed)
            // at one stroke: half deleted, it would count as newer than what has just been sealed
            await rename(plain, gone)
            await rm(gone, { recursive: true, force: true })
          } finally {
            await lock.release()
          }
        },
      }
    },
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Whoever makes the file has the folder, as long as the file is touched again and again. @throws UnreachableError when somebody else keeps it */
const locked = async (file: string): Promise<{ release(): Promise<void> }> => {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx', mode: 0o600 })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (await isSilent(file)) await rm(file, { force: true })
    else if (performance.now() > until) throw new UnreachableError('Ein anderer Prozess hat die Sitzung dieses Kanals gerade offen.')
    else await pause(100)
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => {}), beatMs).unref()
  return {
    release: async () => {
      clearInterval(beat)
      await rm(file, { force: true })
    },
  }
}

const isSilent = async (file: string): Promise<boolean> => {
  const last = await stat(file).catch(() => undefined)
  return last !== undefined && Date.now() - last.mtimeMs > silenceMs
}

const seal = async ({ key, purpose }: VaultParts, folder: string, file: string): Promise<void> => {
  const { nonce, cipher } = cipherFor(key, purpose)
  const fresh = `${file}.new`
  const out = createWriteStream(fresh, { mode: 0o600, flush: true })
  out.write(nonce)
  await pipeline(Readable.from(packed(folder), { objectMode: false }), createGzip({ level: 1 }), cipher, out, { end: false })
  await new Promise<void>((done, fail) => out.once('error', fail).end(cipher.getAuthTag(), () => done()))
  await rename(fresh, file)
}

/** Nothing of it is believed before its end has been checked: it is unpacked beside, and put in place then. */
const unseal = async ({ key, purpose }: VaultParts, file: string, folder: string): Promise<void> => {
  const fresh = `${folder}.new`
  await rm(fresh, { recursive: true, force: true })
  await mkdir(fresh, { mode: 0o700 })
  if (await isThere(file)) {
    const { nonce, tag, end } = await edges(file)
    const decipher = decipherFor({ key, purpose }, nonce, tag)
    try {
      await pipeline(createReadStream(file, { start: nonceBytes, end }), decipher, createGunzip(), (stream) => unpack(stream, fresh))
    } catch (cause) {
      await rm(fresh, { recursive: true, force: true })
      throw new ChannelError(
        'Die gespeicherte Sitzung lässt sich nicht öffnen: Sie wurde mit einem anderen Schlüssel (RUNDRUF_SECRET_KEY_FILE) verschlossen oder ist beschädigt.',
        { cause },
      )
    }
  }
  await rename(fresh, folder)
}

/** Nonce and tag of a sealed file, and where between them the content ends. */
const edges = async (path: string): Promise<{ nonce: Buffer; tag: Buffer; end: number }> => {
  await using file = await open(path)
  const { size } = await file.stat()
  const [nonce, tag] = [Buffer.alloc(nonceBytes), Buffer.alloc(tagBytes)]
  await file.read(nonce, 0, nonceBytes, 0)
  await file.read(tag, 0, tagBytes, Math.max(0, size - tagBytes))
  return { nonce, tag, end: Math.max(nonceBytes, size - tagBytes) - 1 }
}
