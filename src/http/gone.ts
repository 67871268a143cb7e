// Whether the one who asked is still there.
import type { FastifyReply } from 'fastify'

/** Aborted when the client has hung up (or has its answer). */
export const goneSignal = (reply: FastifyReply): AbortSignal => {
  const left = new AbortController()
  if (reply.raw.destroyed || reply.raw.socket?.destroyed) left.abort()
  reply.raw.once('close', () => left.abort())
  return left.signal
}
