// Encryption of what the store keeps for a channel: AES-256-GCM, bound to the channel it belongs to.
import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const keyBytes = 32
/** The layout of what is sealed: nonce, content, tag. Lengths in bytes, as NIST SP 800-38D recommends them. */
export const nonceBytes = 12
export const tagBytes = 16

/** A cipher with a nonce of its own, bound to a purpose. */
export const cipherFor = (key: Uint8Array, purpose: string): { readonly nonce: Buffer; readonly cipher: CipherGCM } => {
  const nonce = randomBytes(nonceBytes)
  return { nonce, cipher: createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose)) }
}

/** What opens the content again; throws at its end where key, purpose, nonce, tag or a byte of the content is another. */
export const decipherFor = (
  { key, purpose }: { readonly key: Uint8Array; readonly purpose: string },
  nonce: Uint8Array,
  tag: Uint8Array,
): DecipherGCM => createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose)).setAuthTag(tag)

export interface Seal {
  /** `purpose` is no secret; what was sealed for one purpose opens for no other. */
  close(content: string, purpose: string): Buffer
  /** @throws Error when it was sealed with another key or for another purpose, or was changed */
  open(sealed: Uint8Array, purpose: string): string
}

/** @param key 32 random bytes */
export const sealWith = (key: Uint8Array): Seal => ({
  close: (content, purpose) => {
    const { nonce, cipher } = cipherFor(key, purpose)
    return Buffer.concat([nonce, cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()])
  },
  open: (sealed, purpose) => {
    const nonce = sealed.subarray(0, nonceBytes)
    const tag = sealed.subarray(sealed.length - tagBytes)
    const decipher = decipherFor({ key, purpose }, nonce, tag)
    return decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes), undefined, 'utf8') + decipher.final('utf8')
  },
})

/** The key in this file (64 hex digits), made at the first start and readable for its owner alone. @throws Error when the file holds none */
export const sealKey = (file: string): Uint8Array => {
  try {
    writeFileSync(file, `${randomBytes(keyBytes).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return keyIn(readFileSync(file, 'utf8'), file)
}

/** The key that these 64 hex digits are. @param place named where they are none. @throws Error */
export const keyIn = (text: string, place: string): Uint8Array => {
  const key = Buffer.from(text.trim(), 'hex')
  if (key.length !== keyBytes) throw new Error(`${place} holds no key: 64 hex digits are expected`)
  return key
}
