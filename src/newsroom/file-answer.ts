// How a file goes out, whole or in part (RFC 9110, section 14): platforms fetch films a range at a time, and players jump within them.
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Range } from '../store/media.ts'
import { policy } from './answer.ts'
import type { Servable } from './media.ts'

/** Anybody's page may show it. */
const always = {
  'accept-ranges': 'bytes',
  'access-control-allow-origin': '*',
  'content-security-policy': policy,
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
} as const

/** The bytes of a name never change, and yet they may be taken back: who has them asks each time whether they are still shown. */
const caching = { kept: 'public, no-cache', unkept: 'private, no-store' } as const

export interface FileAnswer {
  readonly id: string
  readonly file: Servable
  /** Others may keep it. */
  readonly kept: boolean
}

/** Answers with 200, 206, 304 or 416. */
export const answerFile = (request: FastifyRequest, reply: FastifyReply, { id, file, kept }: FileAnswer): FastifyReply => {
  const etag = `"${id}"`
  reply.headers({ ...always, 'cache-control': kept ? caching.kept : caching.unkept, 'content-type': file.type, etag })
  if (knows(request.headers['if-none-match'], etag)) return reply.status(304).send()
  const range = rangeOf(request, etag, file.size)
  if (range === 'nowhere') return reply.status(416).header('content-range', `bytes */${file.size}`).send()
  const { from, to } = range ?? { from: 0, to: file.size }
  reply.status(range ? 206 : 200).header('content-length', to - from)
  if (range) reply.header('content-range', `bytes ${from}-${to - 1}/${file.size}`)
  if (request.method === 'HEAD') return reply.send(Readable.from([])) // without a body Fastify would say that it is empty
  return reply.send(Readable.from(file.read({ from, to }), { objectMode: false }))
}

const knows = (tags: string | undefined, etag: string): boolean =>
  tags?.trim() === '*' || (tags?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) ?? false)

/** The one range that is asked for; null: the whole file, also where several are asked for or the asker knows another file. */
const rangeOf = ({ method, headers }: FastifyRequest, etag: string, size: number): Range | 'nowhere' | null => {
  const condition = headers['if-range']
  const asked = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.trim() ?? '')
  if (method !== 'GET' || asked === null || (condition !== undefined && condition !== etag)) return null
  const [, first = '', last = ''] = asked
  if (first === '' && last === '') return null
  if (first === '') return Number(last) === 0 ? 'nowhere' : { from: Math.max(0, size - Number(last)), to: size }
  const to = last === '' ? size : Math.min(Number(last) + 1, size)
  if (last !== '' && Number(last) < Number(first)) return null
  return Number(first) >= size ? 'nowhere' : { from: Number(first), to }
}
