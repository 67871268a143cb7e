// /announcements: drafting, approving, releasing, amending, retracting, and looking.
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { wayOf } from '../announcement/announcement.ts'
import { Refusal } from '../announcement/refusal.ts'
import { amend, type When } from '../commands/amend.ts'
import { announce } from '../commands/announce.ts'
import { approve } from '../commands/approve.ts'
import type { Desk } from '../commands/desk.ts'
import { draft } from '../commands/draft.ts'
import { dropAmendment } from '../commands/drop-amendment.ts'
import { announcementReactions } from '../commands/insights.ts'
import { previewAmendment } from '../commands/preview-amendment.ts'
import { release } from '../commands/release.ts'
import { retract } from '../commands/retract.ts'
import { demandAnnouncement, list, show } from '../commands/show.ts'
import type { AnnouncementView } from '../commands/view.ts'
import type { ReleaseFacts } from '../observing/events.ts'
import { amendmentBody, changesBody, newAnnouncementBody, splitRelease } from './announcement-body.ts'
import { isReleaseOf, isUrgentOf, mayWarn } from './budgets.ts'
import { actorOf } from './callers.ts'
import { goneSignal } from './gone.ts'
import { type Answer, once } from './once.ts'
import type { Parts } from './parts.ts'
import { orShow, storedBefore } from './releasing.ts'
import { answers, idempotencyHeader, idOrRefuse, idParams, type Resource } from './routes.ts'
import { detailShape, planShape, reactionsShape, stateShape, viewShape } from './views.ts'
import { longestWait, openWaits } from './when-quiet.ts'

const tags = ['Meldungen']

export const announcementRoutes: Resource = (parts) => async (app) => {
  await app.register(looking(parts))
  await app.register(drafting(parts))
  await app.register(verbs(parts))
}

const listQuery = z.object({
  city: z.string().max(100).optional(),
  state: stateShape.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.uuid().optional().meta({ description: 'Nur ältere als diese Meldung / only older than this one' }),
})

const showQuery = z.object({
  wait: z.coerce
    .number()
    .min(0)
    .max(longestWait)
    .default(0)
    .meta({ description: 'Sekunden: antwortet erst, wenn alles zugestellt ist oder auf einen Menschen wartet' }),
})

const looking: Resource = (parts) => async (app) => {
  const waits = openWaits()
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())

  app.get(
    '/announcements',
    {
      schema: {
        tags,
        summary: 'Meldungen, neueste zuerst / newest first',
        querystring: listQuery,
        response: answers({ 200: z.array(viewShape).readonly() }),
      },
    },
    (request, reply) =>
      parts.budgets.read({ request, reply, what: 'list', city: request.query.city }, () =>
        list(parts.desk, actorOf(request), request.query),
      ),
  )
  app.get(
    '/announcements/:id',
    {
      schema: {
        tags,
        summary: 'Eine Meldung mit allem / one with everything',
        params: idParams,
        querystring: showQuery,
        response: answers({ 200: detailShape }),
      },
    },
    (request, reply) => {
      const actor = actorOf(request)
      const id = idOrRefuse(request.params.id, unknownAnnouncement)
      const look = () => show(parts.desk, actor, id)
      const { wait: seconds } = request.query
      if (seconds === 0) return look()
      const signal = AbortSignal.any([closing.signal, goneSignal(reply)])
      return parts.budgets.wait(request, reply, () => waits.quiet(id, look, { seconds, signal }))
    },
  )
  app.get(
    '/announcements/:id/reactions',
    {
      schema: {
        tags,
        summary: 'Resonanz auf die Beiträge einer Meldung, jetzt bei den Plattformen erfragt / reactions, asked for now',
        params: idParams,
        response: answers({ 200: z.array(reactionsShape).readonly() }),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const id = idOrRefuse(request.params.id, unknownAnnouncement)
      const { city } = await demandAnnouncement(parts.desk, actor, id)
      return parts.budgets.read({ request, reply, what: 'platform', city }, () =>
        announcementReactions(parts.desk, actor, id, parts.checking),
      )
    },
  )
}

const drafting: Resource = (parts) => async (app) => {
  app.post(
    '/announcements',
    {
      schema: {
        tags,
        summary: 'Meldung schreiben, auf Wunsch gleich veröffentlichen / draft, and release if wished',
        headers: idempotencyHeader,
        body: newAnnouncementBody,
        response: answers({ 201: viewShape }),
      },
    },
    async (request, reply) => {
      const actor = actorOf(request)
      const { input, release: now = false } = splitRelease(request.body)
      const free = now ? isReleaseOf(actor, input) : isUrgentOf(actor, input)
      if (!free) parts.budgets.store(request, reply, 'draft')
      const { body } = await once<AnnouncementView>(parts, request, {
        act: async ({ id, again, desk }) => {
          const before = again ? await storedBefore(desk, actor, id) : undefined
          if (before && (before.releasedAt !== null || !now)) return { status: 201, body: before }
          const view = now ? await announce(desk, actor, { input, id }) : await draft(desk, actor, input, id)
          if (now) onItsWay(parts, 'released', view, actor.id)
          return { status: 201, body: view }
        },
      })
      return reply.status(201).header('location', `/api/v1/announcements/${body.id}`).send(body)
    },
  )
}

const digestBody = z.object({
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'Prüfsumme des gelesenen Plans' }),
})

const verbs: Resource = (parts) => async (app) => {
  const schema = { tags, params: idParams, headers: idempotencyHeader, response: answers({ 200: viewShape }) }
  const verb = async (request: FastifyRequest<{ Params: { id: string } }>, deed: Deed): Promise<AnnouncementView> => {
    const actor = actorOf(request)
    const id = idOrRefuse(request.params.id, unknownAnnouncement)
    const { body } = await once<AnnouncementView>(parts, request, {
      act: async ({ again, done, desk }): Promise<Answer<AnnouncementView>> => {
        const view = await orShow(() => deed.act(desk, id), { desk, actor, id, again, done, code: deed.doneAlready })
        // a draft that is rewritten, and an amendment that only waits, set nothing going
        if (deed.event && view.releasedAt !== null && view.amendment === null) onItsWay(parts, deed.event, view, actor.id)
        return { status: 200, body: view }
      },
    })
    return body
  }

  app.post(
    '/announcements/:id/approve',
    { schema: { ...schema, summary: 'Plan freigeben / approve the plan', body: digestBody } },
    (request) =>
      verb(request, { act: (desk, id) => approve(desk, actorOf(request), id, request.body.digest), doneAlready: 'already-approved' }),
  )
  app.post(
    '/announcements/:id/release',
    {
      schema: {
        ...schema,
        summary: 'Veröffentlichen / release',
        body: digestBody.partial().nullish().meta({ description: 'Prüfsumme des gelesenen Plans, Pflicht / required' }),
      },
    },
    (request) =>
      verb(request, {
        act: (desk, id) => release(desk, actorOf(request), id, { digest: request.body?.digest }),
        doneAlready: 'already-released',
        event: 'released',
      }),
  )
  app.post(
    '/announcements/:id/amend',
    { schema: { ...schema, summary: 'Berichtigen / amend', body: amendmentBody } },
    async (request, reply) => {
      const { input, release: now } = splitRelease(request.body)
      const actor = actorOf(request)
      if (!(await mayGoOut(parts.desk, request, now))) parts.budgets.store(request, reply, 'draft')
      return verb(request, { act: (desk, id) => amend(desk, actor, id, input, whenOf(now)), doneAlready: 'unchanged', event: 'amended' })
    },
  )
  app.post(
    '/announcements/:id/plan',
    {
      schema: {
        tags,
        params: idParams,
        summary: 'Sendeplan des Entwurfs oder der wartenden Berichtigung / the plan of what would be released next',
        body: changesBody,
        response: answers({ 200: planShape }),
      },
    },
    (request, reply) => {
      const actor = actorOf(request)
      const id = idOrRefuse(request.params.id, unknownAnnouncement)
      const plan = () => previewAmendment(parts.desk, actor, id, request.body ?? null)
      return mayWarn(actor) ? plan() : parts.budgets.read({ request, reply, what: 'plan' }, plan)
    },
  )
  app.delete(
    '/announcements/:id/amendment',
    { schema: { ...schema, summary: 'Wartende Berichtigung verwerfen / drop the amendment that waits' } },
    (request) => verb(request, { act: (desk, id) => dropAmendment(desk, actorOf(request), id), doneAlready: 'nothing-waits' }),
  )
  app.post(
    '/announcements/:id/retract',
    { schema: { ...schema, summary: 'Zurücknehmen / retract', body: z.object({}).nullish() } },
    (request) =>
      verb(request, { act: (desk, id) => retract(desk, actorOf(request), id), doneAlready: 'already-retracted', event: 'retracted' }),
  )
}

/** True for an amendment that a quota must not hold: of a warning or all-clear, and what may go out at once, by somebody who may release it. */
const mayGoOut = async (
  desk: Desk,
  request: FastifyRequest<{ Params: { id: string } }>,
  release: boolean | undefined,
): Promise<boolean> => {
  const actor = actorOf(request)
  const { content, releasedAt } = await demandAnnouncement(desk, actor, idOrRefuse(request.params.id, unknownAnnouncement))
  return releasedAt !== null && release !== false ? isReleaseOf(actor, content) : isUrgentOf(actor, content)
}

const whenOf = (release: boolean | undefined): When => (release === undefined ? 'if-it-may' : release ? 'now' : 'later')

interface Deed {
  readonly act: (desk: Desk, id: string) => Promise<AnnouncementView>
  /** The refusal that says: an earlier try of this request got through. */
  readonly doneAlready: string
  readonly event?: Verb
}

type Verb = 'released' | 'amended' | 'retracted'

/** Tells the log. */
const onItsWay = ({ events }: Parts, verb: Verb, view: AnnouncementView, actor: string): void => {
  const { id, city, revision, announcement, deliveries } = view
  const made = deliveries.filter((delivery) => delivery.revision === revision)
  const facts: ReleaseFacts = { announcement: id, city, revision, way: wayOf(announcement), deliveries: made.length, actor }
  events[verb](facts)
}

const unknownAnnouncement = (): Refusal =>
  new Refusal({
    code: 'unknown-announcement',
    de: 'Diese Meldung gibt es nicht.',
    en: 'There is no such announcement.',
    place: 'id',
  })
