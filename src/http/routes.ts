// What the routes have in common: how they are registered, how their answers are described, which ids they take.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isUuid } from '../connector/uuid.ts'
import type { Budgets } from './budgets.ts'
import type { Parts } from './parts.ts'
import { problemSchema, problemType } from './problem.ts'

/** With what the API itself keeps: who may ask how often. */
export interface RouteParts extends Parts {
  readonly budgets: Budgets
}

/** The routes of one resource. */
export type Resource = (parts: RouteParts) => FastifyPluginAsyncZod

const problem = (description: string) => ({ description, content: { [problemType]: { schema: problemSchema } } })

/** The answers of a route in the API's description: its own, and the problems that any route may answer with. */
export const answers = <Own extends Readonly<Record<number, z.ZodType>>>(own: Own) => ({
  ...own,
  '4xx': problem('Abgelehnt: nichts wurde gespeichert / refused: nothing was stored'),
  '5xx': problem('Nicht bestätigt: bitte mit demselben Idempotency-Key wiederholen / not confirmed: repeat with the same Idempotency-Key'),
})

/** An id in the path. One that is no UUID is unknown like any other. */
export const idParams = z.object({ id: z.string().max(100) })

/** The id in the form of the store; the refusal for what can be no id at all. */
export const idOrRefuse = (id: string, unknown: () => Error): string => {
  const stored = id.toLowerCase()
  if (!isUuid(stored)) throw unknown()
  return stored
}

export const idempotencyHeader = z.object({
  'idempotency-key': z.string().optional().meta({
    description: 'Derselbe Schlüssel, dieselbe Anfrage: einmal getan, gleich beantwortet (7 Tage) / done once, same answer (7 days)',
  }),
})
