// A body that arrives a byte at a time keeps a connection: who has shown no key has ten seconds for all of it.
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Ten seconds for at most some kilobytes, a form: with the slowest mobile network it takes one. */
const strangersMs = 10_000

const waiting = new WeakMap<FastifyRequest, NodeJS.Timeout>()

/** Ends the connection of each request whose body has not arrived in time, unless `isKnown` was said of it, also where it was refused before. */
export const limitBodies = (app: FastifyInstance, patienceMs = strangersMs): void => {
  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request
    if (!hasBody(raw.headers)) return
    const timer = setTimeout(() => {
      if (raw.complete) return
      if (!reply.raw.headersSent) raw.socket.write('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
      raw.socket.destroySoon?.()
      raw.destroy()
    }, patienceMs).unref()
    waiting.set(request, timer)
    raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
  })
  // what was refused before its body came: the connection is not kept for the rest
  app.addHook('onSend', async (request, reply) => {
    if (!request.raw.complete && waiting.has(request)) reply.header('connection', 'close')
  })
}

const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** The caller has shown a key: the body may take as long as the server allows. */
export const isKnown = (request: FastifyRequest): void => {
  clearTimeout(waiting.get(request))
  waiting.delete(request)
}
