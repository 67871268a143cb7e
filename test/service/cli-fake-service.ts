// A small stand-in for the service's API, written from the surface in the issue: it answers as it was told and remembers what it was asked.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { AnnouncementView, DeliveryView } from '../../src/commands/view.ts'
import type { Plan, PlannedDecision, PlannedPost } from '../../src/planning/plan.ts'
import { anAnnouncement } from '../support/builders.ts'

export interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly bytes: Buffer
  /** The body as JSON; undefined where it is none. */
  readonly body: Record<string, unknown> | undefined
}

/** What comes back: JSON with 200, or what is said here. `hang-up` breaks the connection without an answer. */
export type Told = object | 'hang-up'
export interface WithStatus {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: object
  readonly text?: string
}

export const withStatus = (status: number, rest: Omit<WithStatus, 'status'> = {}): WithStatus => ({ status, ...rest })

/** By `METHOD /path` below /api/v1, without the query: an answer, or a function that makes it. */
export type Routes = Readonly<Record<string, Told | WithStatus | ((asked: Asked) => Told | WithStatus)>>

export interface FakeService extends AsyncDisposable {
  readonly url: string
  readonly asked: readonly Asked[]
}

export const aService = async (routes: Routes): Promise<FakeService> => {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void answer(request, response, { routes, asked })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const answer = async (request: IncomingMessage, response: ServerResponse, { routes, asked }: { routes: Routes; asked: Asked[] }) => {
  const bytes = await buffer(request)
  const path = (request.url ?? '').replace(/^\/api\/v1/, '')
  const call = { method: request.method ?? '', path, headers: request.headers, bytes, body: json(bytes) }
  asked.push(call)
  const route = routes[`${call.method} ${path.split('?')[0]}`]
  const told = typeof route === 'function' ? route(call) : (route ?? aProblem(404, 'unknown-route', 'Diese Adresse gibt es nicht.'))
  if (told === 'hang-up') return void request.socket.destroy()
  const full: WithStatus = 'status' in told && typeof told.status === 'number' ? (told as WithStatus) : { status: 200, json: told }
  const type = full.status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(full.status, { 'content-type': type, ...full.headers })
  response.end(full.text ?? (full.json === undefined ? '' : JSON.stringify(full.json)))
}

const json = (bytes: Buffer): Record<string, unknown> | undefined => {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

export const aProblem = (status: number, code: string, de: string, place: string | null = null): WithStatus =>
  withStatus(status, {
    json: {
      type: `urn:rundruf:problem:${code}`,
      title: 'So nicht annehmbar',
      status,
      code,
      detail: de,
      detailEn: 'No.',
      problems: [{ code, place, de, en: 'No.' }],
    },
  })

export const aPlannedPost = (over: Partial<PlannedPost> = {}): PlannedPost => ({
  text: 'Freibad öffnet am Samstag\n\nhttps://www.bonn.de/freibad',
  title: 'Freibad öffnet am Samstag',
  link: 'https://www.bonn.de/freibad',
  language: 'de',
  images: [],
  kind: 'notice',
  severity: null,
  status: 'Actual',
  expires: null,
  length: 52,
  max: 300,
  ...over,
})

export const aDecision = (over: Partial<PlannedDecision> = {}): PlannedDecision => ({
  channel: 'bluesky-bonn',
  platform: 'bluesky',
  verdict: 'send',
  because: 'rule',
  reason: 'Die Regel „Pressemitteilung“ sendet Mitteilungen auf diesen Kanal.',
  rule: 'Pressemitteilung',
  notBefore: null,
  doubles: 'avoid',
  way: 'routine',
  standbyFor: null,
  action: 'publish',
  target: null,
  supersedes: [],
  post: aPlannedPost(),
  ...over,
})

export const aDormantDecision = (over: Partial<PlannedDecision> = {}): PlannedDecision =>
  aDecision({
    channel: 'x-bonn',
    platform: 'x',
    verdict: 'omit',
    because: 'emergency-only',
    reason: 'Die Stadt nutzt X nur noch im Notfall, und diese Mitteilung ist keiner.',
    action: null,
    post: null,
    ...over,
  })

export const aPlan = (over: Partial<Plan> = {}): Plan => ({
  city: 'bonn',
  announcement: anAnnouncement(),
  digest: 'a'.repeat(64),
  policyDigest: 'b'.repeat(64),
  needsApproval: false,
  decisions: [aDecision(), aDormantDecision()],
  ...over,
})

export const aDelivery = (over: Partial<DeliveryView> = {}): DeliveryView => ({
  id: '01980000-0000-7000-8000-000000000001',
  channel: 'bluesky-bonn',
  platform: 'bluesky',
  action: 'publish',
  state: 'delivered',
  attempts: 1,
  receipt: {
    id: 'at://did:plc:bonn/app.bsky.feed.post/3kabc',
    url: 'http://127.0.0.1:8081/bluesky/profile/rehearsal-bonn-bluesky-bonn/post/3kabc',
    at: '2026-11-23T10:00:01.000Z',
  },
  question: null,
  task: null,
  reason: null,
  revision: 1,
  dueAt: '2026-11-23T10:00:00.000Z',
  milliseconds: 84,
  ...over,
})

export const anId = '01980000-0000-7000-8000-00000000abcd'

export const aView = (over: Partial<AnnouncementView> = {}): AnnouncementView => ({
  id: anId,
  city: 'bonn',
  state: 'delivered',
  revision: 1,
  announcement: anAnnouncement(),
  createdAt: '2026-11-23T10:00:00.000Z',
  releasedAt: '2026-11-23T10:00:00.000Z',
  retractedAt: null,
  amendment: null,
  decisions: [aDecision(), aDormantDecision()],
  deliveries: [aDelivery()],
  ...over,
})

export const aDraft = (over: Partial<AnnouncementView> = {}): AnnouncementView =>
  aView({ state: 'draft', releasedAt: null, decisions: [], deliveries: [], ...over })
