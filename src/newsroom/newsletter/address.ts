// An e-mail address as people type it, and as it stands in the store.
import { domainToASCII } from 'node:url'
import { z } from 'zod'

const plausible = z.email()

/** In lower case, an umlaut domain in its ASCII form; undefined: no address that a mail server would know. */
export const addressOf = (typed: string): string | undefined => {
  const at = typed.trim().lastIndexOf('@')
  if (at < 1) return undefined
  const [local, domain] = [typed.trim().slice(0, at), typed.trim().slice(at + 1)]
  const address = `${local}@${domainToASCII(domain)}`.toLowerCase()
  // RFC 5321, 4.5.3.1: a path has 256 octets with its angle brackets
  return address.length <= 254 && plausible.safeParse(address).success ? address : undefined
}
