// How a page goes out: never changed bytes twice, compressed, with the headers that keep it readable and harmless.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface Page {
  readonly status?: number
  readonly type: string
  readonly body: string | Buffer
  /** When it last changed, ISO 8601; null: nobody knows. */
  readonly changed: string | null
  readonly cache: Cache
  /** More headers, lower case. */
  readonly headers?: Readonly<Record<string, string>>
}

/** How long others may keep it: a page may be asked for often, a thing named by its content never changes, a copy is soon old. */
type Cache = 'page' | 'forever' | 'copy'

const caching: Readonly<Record<Cache, string>> = {
  page: 'public, max-age=10, stale-if-error=86400',
  forever: 'public, max-age=31536000, immutable',
  copy: 'no-cache',
}

/** No script, no foreign host, no frame; KERN's icons are `data:` images. */
export const policy =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** For pages with a form that leads to ourselves. */
export const formsToSelf = { 'content-security-policy': policy.replace("form-action 'none'", "form-action 'self'") } as const

/** Answers with the page, or with 304 where the asker has it already. */
export const answer = async (request: FastifyRequest, reply: FastifyReply, page: Page): Promise<FastifyReply> => {
  const body = Buffer.isBuffer(page.body) ? page.body : Buffer.from(page.body)
  const hash = createHash('sha256').update(body).digest('base64url').slice(0, 27)
  const coding = page.type.startsWith('image/') && !page.type.includes('svg') ? 'identity' : codingFor(request.headers['accept-encoding'])
  reply.status(page.status ?? 200).headers({
    'content-type': page.type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cache-control': caching[page.cache],
    vary: 'accept-encoding',
    etag: coding === 'identity' ? `"${hash}"` : `"${hash}-${coding}"`,
    ...(page.changed && { 'last-modified': new Date(page.changed).toUTCString() }),
    ...page.headers,
  })
  if ((page.status ?? 200) === 200 && isFresh(request, hash, page.changed)) return reply.status(304).send()
  if (coding === 'identity') return reply.send(body)
  return reply.header('content-encoding', coding).send(await compressed(body, hash, coding))
}

/** By ETag where the asker names one, else by time. */
const isFresh = ({ headers }: FastifyRequest, hash: string, changed: string | null): boolean => {
  const known = headers['if-none-match']
  if (known !== undefined) return known.trim() === '*' || known.split(',').some((tag) => bare(tag) === hash)
  const since = Date.parse(headers['if-modified-since'] ?? '')
  return changed !== null && since >= Math.floor(Date.parse(changed) / 1000) * 1000
}

/** The hash within an ETag, whatever the coding it was sent with. */
const bare = (tag: string): string => tag.trim().replace(/^(?:W\/)?"(.*?)(?:-br|-gzip)?"$/, '$1')

type Coding = 'br' | 'gzip' | 'identity'

const codingFor = (accepted: string | undefined): Coding => {
  const takes = (coding: string): boolean =>
    (accepted ?? '').split(',').some((part) => new RegExp(`^\\s*${coding}\\s*(?:;\\s*q=(?!0(?:\\.0*)?\\s*$).*)?$`, 'i').test(part))
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity'
}

const pack = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const

/** What was compressed lately, so that a crowd asking for the same page costs one compression. */
const recent = new Map<string, Buffer>()
const recentMax = 200

const compressed = async (body: Buffer, hash: string, coding: 'br' | 'gzip'): Promise<Buffer> => {
  const name = `${hash}-${coding}`
  const known = recent.get(name)
  if (known) return known
  const made = coding === 'br' ? await pack.br(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }) : await pack.gzip(body)
  if (recent.size >= recentMax) recent.delete(recent.keys().next().value ?? '')
  recent.set(name, made)
  return made
}
