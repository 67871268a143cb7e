// Fetching media from a public address, as platforms do that take no uploads; here from this machine alone.
import type { Ask } from './room.ts'

const loopback: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

/** The longest a platform waits for an answer, in milliseconds. */
const patienceMs = 10_000

/**
 * The bytes at this address; undefined where there are none, where it takes too long, and for every other machine. What was fetched is
 * noted on the request, so that a lab that comes back from its journal has it again.
 */
export const fetchMedia = async (ask: Ask, address: string, maxBytes: number): Promise<Buffer | undefined> => {
  const noted = ask.fetched?.[address]
  if (noted !== undefined) return Buffer.from(noted, 'base64')
  if (!URL.canParse(address) || !loopback.includes(new URL(address).hostname)) return undefined
  const bytes = await readAll(address, maxBytes).catch(() => undefined)
  if (bytes) ask.fetched = { ...ask.fetched, [address]: bytes.toString('base64') }
  return bytes
}

/** One byte more than `maxBytes` at most: enough to see that it is too large. */
const readAll = async (address: string, maxBytes: number): Promise<Buffer | undefined> => {
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(patienceMs) })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    return undefined
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > maxBytes) break
  }
  return Buffer.concat(chunks).subarray(0, maxBytes + 1)
}
