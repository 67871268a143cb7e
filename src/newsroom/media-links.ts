// The addresses of files: a lasting one for readers, which answers as long as the file is shown, and a short-lived one for a platform that fetches.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

export interface MediaLinks {
  /** For people: `https://…/media/<id>`. */
  forReaders(id: string): string
  /** For a platform that fetches while a post is being made. It holds for two hours, so that it also outlives a slow film. */
  forPlatform(id: string): string
  /** True when these words of an address (`until`, `proof`) are ours for this file and still hold. */
  proves(id: string, query: { readonly until?: string | undefined; readonly proof?: string | undefined }): boolean
}

/** TikTok fetches for up to one hour (https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide), and may begin late. */
const heldSeconds = 2 * 3600

/**
 * @param key 32 random bytes that all processes share
 * @param now seconds since 1970
 */
export const openMediaLinks = (publicUrl: string, key: Uint8Array, now = () => Math.floor(Date.now() / 1000)): MediaLinks => {
  // of its own: what is proven here proves nothing where the same key seals
  const own = new Uint8Array(hkdfSync('sha256', key, '', 'rundruf media address', 32))
  const base = publicUrl.replace(/\/+$/, '')
  // 128 bits: nobody guesses them, and the address stays short
  const proofOf = (id: string, until: string): Buffer => createHmac('sha256', own).update(`${id} ${until}`).digest().subarray(0, 16)
  return {
    forReaders: (id) => `${base}/media/${id}`,
    forPlatform: (id) => {
      const until = String(now() + heldSeconds)
      return `${base}/media/${id}?until=${until}&proof=${proofOf(id, until).toString('base64url')}`
    },
    proves: (id, { until, proof }) => {
      if (typeof until !== 'string' || typeof proof !== 'string' || !/^\d{1,12}$/.test(until) || Number(until) < now()) return false
      const given = Buffer.from(proof, 'base64url')
      const expected = proofOf(id, until)
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
  }
}
