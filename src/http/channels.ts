// /channels: how they stand, checking one, suspending and resuming it.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type ChannelView, cityOf, listChannels } from '../commands/channels.ts'
import { checkChannel } from '../commands/check-channel.ts'
import type { Desk } from '../commands/desk.ts'
import { channelInsights } from '../commands/insights.ts'
import { resumeChannel, suspendChannel } from '../commands/suspend-channel.ts'
import { actorOf } from './callers.ts'
import { once } from './once.ts'
import type { Parts } from './parts.ts'
import { answers, idempotencyHeader, type Resource } from './routes.ts'
import { channelShape, checkShape, insightsShape } from './views.ts'

const tags = ['Kanäle']
const params = z.object({ city: z.string().max(100), name: z.string().max(100) })
const empty = z.object({}).nullish()

export const channelRoutes: Resource = (parts) => async (app) => {
  const { desk, events } = parts
  const one = { tags, params, headers: idempotencyHeader, response: answers({ 200: channelShape }) }
  app.get(
    '/channels',
    {
      schema: {
        tags,
        summary: 'Die Kanäle und wie sie stehen / the channels and how they stand',
        querystring: z.object({ city: z.string().max(100).optional() }),
        response: answers({ 200: z.array(channelShape).readonly() }),
      },
    },
    (request) => listChannels(desk, actorOf(request), request.query.city),
  )
  app.get(
    '/channels/:city/:name/insights',
    { schema: { tags, params, summary: 'Resonanz: wie viele folgen dem Kanal? / followers', response: answers({ 200: insightsShape }) } },
    (request, reply) => {
      const { city, name: channel } = request.params
      const actor = actorOf(request)
      cityOf(desk, actor, city)
      return parts.budgets.read({ request, reply, what: 'platform', city }, () =>
        channelInsights(desk, actor, { city, channel }, parts.checking),
      )
    },
  )
  app.post(
    '/channels/:city/:name/suspend',
    { schema: { ...one, summary: 'Kanal sperren / suspend', body: z.strictObject({ because: z.string().trim().min(1).max(500) }) } },
    (request) =>
      changed(parts, request, async (desk, { city, name }) => {
        const { because } = request.body
        const channel = await suspendChannel(desk, actorOf(request), { city, channel: name }, because)
        events.channelSuspended({ city, channel: name, platform: channel.platform, by: 'person', because })
        return channel
      }),
  )
  app.post(
    '/channels/:city/:name/check',
    {
      schema: {
        ...{ tags, params, body: empty },
        summary: 'Geht der Kanal noch? / does the channel still work?',
        response: answers({ 200: checkShape }),
      },
    },
    (request, reply) => {
      const { city, name: channel } = request.params
      const actor = actorOf(request)
      cityOf(desk, actor, city)
      return parts.budgets.read({ request, reply, what: 'platform', city }, () =>
        checkChannel(desk, actor, { city, channel }, parts.askChannel),
      )
    },
  )
  app.post('/channels/:city/:name/resume', { schema: { ...one, summary: 'Kanal wieder öffnen / resume', body: empty } }, (request) =>
    changed(parts, request, async (desk, { city, name }) => {
      const channel = await resumeChannel(desk, actorOf(request), { city, channel: name })
      events.channelResumed({ city, channel: name, platform: channel.platform, actor: actorOf(request).id })
      return channel
    }),
  )
}

type Where = z.infer<typeof params>

const changed = async (
  parts: Parts,
  request: FastifyRequest<{ Params: Where }>,
  change: (desk: Desk, where: Where) => Promise<ChannelView>,
): Promise<ChannelView> => {
  const { body } = await once<ChannelView>(parts, request, {
    act: async ({ desk }) => ({ status: 200, body: await change(desk, request.params) }),
  })
  return body
}
