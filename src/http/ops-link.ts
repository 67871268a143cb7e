// /ops/link: the pages on which an operator links an account with a phone in hand. They work without script and renew themselves.
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { toString as qrCode } from 'qrcode'
import { may } from '../access/actor.ts'
import type { Actor } from '../commands/desk.ts'
import { linkableChannels, linkChannel, linkState } from '../commands/link-channel.ts'
import { linkListPage, linkPage } from './ops-link-pages.ts'
import type { Parts } from './parts.ts'

/** Seconds between two looks of the browser. */
const renewSeconds = 3

interface Signed {
  actorOf(request: FastifyRequest): Promise<Actor>
  /** @throws Refusal for a form from elsewhere */
  demandOwnOrigin(request: FastifyRequest): void
}

interface Address {
  readonly city: string
  readonly channel: string
}

export const linkPages =
  ({ desk, linking }: Parts, { actorOf, demandOwnOrigin }: Signed): FastifyPluginAsync =>
  async (app) => {
    app.get('/', async (request, reply) => {
      const actor = await actorOf(request)
      return reply.type(html).send(linkListPage(linkableChannels(desk, (city) => may(actor, 'suspend', city))))
    })
    app.get<{ Params: Address }>('/:city/:channel', async (request, reply) => {
      const state = linkState(desk, await actorOf(request), { ...request.params, linking })
      if (state.state === 'waiting') reply.header('refresh', String(renewSeconds))
      const qr = state.qr === null ? null : await qrCode(state.qr, { type: 'svg', margin: 2 })
      return reply.type(html).send(linkPage({ ...request.params, ...state, qr }))
    })
    app.post<{ Params: Address }>('/:city/:channel', async (request, reply) => {
      demandOwnOrigin(request)
      await linkChannel(desk, await actorOf(request), { ...request.params, linking, phone: phoneIn(request.body) })
      return reply.redirect(`/ops/link/${request.params.city}/${request.params.channel}`, 303)
    })
  }

const html = 'text/html; charset=utf-8'

const phoneIn = (body: unknown): string | undefined => {
  const phone = typeof body === 'object' && body !== null && 'phone' in body ? body.phone : ''
  return typeof phone === 'string' && phone.trim() !== '' ? phone : undefined
}
