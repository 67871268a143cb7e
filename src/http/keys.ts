// /keys: creating and revoking API keys.
import { z } from 'zod'
import { roles } from '../access/actor.ts'
import { Refusal } from '../announcement/refusal.ts'
import { createKey, keyWish, revokeKey, showKeys } from '../commands/keys.ts'
import { actorOf } from './callers.ts'
import { once } from './once.ts'
import { answers, idempotencyHeader, idOrRefuse, idParams, type Resource } from './routes.ts'

const tags = ['Schlüssel']

const createdShape = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    key: z
      .string()
      .nullable()
      .meta({ description: 'Wird nur in der ersten Antwort gezeigt; eine Wiederholung bekommt null / shown in the first answer only' }),
  })
  .readonly()
  .meta({ id: 'CreatedKey' })

const time = z.string().meta({ format: 'date-time' })

const keyShape = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    name: z.string(),
    role: z.enum(roles),
    cities: z.union([z.literal('*'), z.array(z.string()).readonly()]),
    person: z.string().nullable().meta({ description: 'Wer ihn hat / who holds it' }),
    state: z.enum(['valid', 'expired', 'revoked', 'changed']).meta({
      description: 'changed: in der Datenbank geändert und deshalb nutzlos / changed in the database, and therefore useless',
    }),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable().meta({ description: 'Auf die Minute / to the minute' }),
  })
  .readonly()
  .meta({ id: 'Key' })

export const keyRoutes: Resource = (parts) => async (app) => {
  const { desk, events } = parts
  app.post(
    '/keys',
    {
      schema: {
        tags,
        summary: 'Schlüssel anlegen / create a key',
        headers: idempotencyHeader,
        body: keyWish,
        response: answers({ 201: createdShape }),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { body } = await once<z.infer<typeof createdShape>>(parts, request, {
        act: async ({ id, desk }) => {
          const created = await createKey(desk, actor, request.body, id)
          events.keyCreated({ id, role: request.body.role, actor: actor.id })
          return { status: 201, body: created }
        },
        kept: ({ id }) => ({ id, key: null }), // at rest there are hashes only
      })
      return reply.status(201).send(body)
    },
  )
  app.get(
    '/keys',
    { schema: { tags, summary: 'Schlüssel zeigen / list keys', response: answers({ 200: z.array(keyShape).readonly() }) } },
    (request) => showKeys(desk, actorOf(request)),
  )
  app.delete(
    '/keys/:id',
    { schema: { tags, summary: 'Schlüssel widerrufen / revoke a key', params: idParams, response: answers({ 204: z.undefined() }) } },
    async (request, reply) => {
      const id = idOrRefuse(request.params.id, unknownKey)
      await revokeKey(desk, actorOf(request), id)
      events.keyRevoked({ id, actor: actorOf(request).id })
      return reply.status(204).send()
    },
  )
}

const unknownKey = (): Refusal =>
  new Refusal({ code: 'unknown-key', de: 'Diesen Schlüssel gibt es nicht.', en: 'There is no such key.', place: 'id' })
