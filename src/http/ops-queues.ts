// /ops/queues: bull-board, to look at only. The store decides what becomes of a delivery, so nobody may retry or remove a job.
import { createBullBoard } from '@bull-board/api'
import { FastifyAdapter } from '@bull-board/fastify'
import type { FastifyPluginAsync } from 'fastify'
import type { Problem } from '../announcement/refusal.ts'
import type { Parts } from './parts.ts'
import { sendProblem } from './problem.ts'
import { policyOfQueues } from './security-headers.ts'

/** The stylesheet on somebody else's server that bull-board's page asks for; it has no option against it. */
const outsideFont = /<link[^>]*fonts\.googleapis\.com[^>]*>/g

export const queuePages =
  ({ queues }: NonNullable<Parts['operations']>): FastifyPluginAsync =>
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      // Answered here, because bull-board turns whatever is thrown into a 500 of its own.
      if (request.method !== 'GET' && request.method !== 'HEAD') return sendProblem(request, reply, [lookOnly])
      reply.header('content-security-policy', policyOfQueues)
      return undefined
    })
    app.addHook('onSend', async (_, reply, payload) => {
      const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html')
      return isPage && typeof payload === 'string' ? payload.replace(outsideFont, '') : payload
    })
    const adapter = new FastifyAdapter()
    adapter.setBasePath('/ops/queues')
    createBullBoard({
      queues: queues(),
      serverAdapter: adapter,
      options: {
        uiConfig: {
          boardTitle: 'Rundruf',
          hideRedisDetails: true,
          hideDocsLink: true,
          miscLinks: [{ text: 'Abmelden', url: '/ops/login' }],
        },
      },
    })
    await app.register(adapter.registerPlugin())
  }

const lookOnly: Problem = {
  code: 'method-not-allowed',
  de: 'Die Warteschlangen sind nur zum Ansehen. Was aus einer Zustellung wird, entscheidet die Datenbank.',
  en: 'The queues are to be looked at only. What becomes of a delivery is decided in the store.',
}
