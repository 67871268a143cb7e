// The headers that keep a browser from doing what no page of ours asks for (OWASP ASVS 3.4).
import type { FastifyHelmetOptions } from '@fastify/helmet'

/** For our own pages: nothing from elsewhere, nothing inline. */
const strict = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'"],
  connectSrc: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  requireTrustedTypesFor: ["'script'"],
}

/** bull-board sets `<base>`, injects styles and writes HTML; still nothing from elsewhere and no inline script. */
export const policyOfQueues =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'none'"

/** HSTS for two years where people reach us by https, and not at all on plain http. */
export const policyOf = (publicUrl: string): FastifyHelmetOptions => ({
  contentSecurityPolicy: { useDefaults: false, directives: strict },
  strictTransportSecurity: publicUrl.startsWith('https:') ? { maxAge: 63_072_000, includeSubDomains: false } : false,
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
})
