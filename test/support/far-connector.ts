// The connectors of the far platform, one for each way of repeating: `by-key`, `by-id`, `by-find` and `by-nothing`.
import { z } from 'zod'
import { connectors as shipped } from '../../connectors/index.ts'
import type { AnyConnector, Attempt, Connectors, Post, Receipt, Repeat } from '../../src/connector/connector.ts'
import { ChannelError, RejectedError } from '../../src/connector/errors.ts'
import { type HttpRequest, send } from '../../src/connector/http.ts'

export const repeats: readonly Repeat[] = ['key', 'id', 'find', 'nothing']

// the far platform is on this machine: its address stays as it is in a rehearsal
const settings = z.strictObject({ door: z.string().meta({ address: false }) })
const answered = z.object({ id: z.string() })

type Call = Pick<HttpRequest, 'method' | 'kind'> & { readonly path: string; readonly json?: object }

const call = async ({ door }: z.infer<typeof settings>, attempt: Attempt, { path, json, ...rest }: Call): Promise<Receipt | undefined> => {
  const answer = await send({ ...rest, url: door + path, signal: attempt.signal, ...(json && { body: JSON.stringify(json) }) })
  if (answer.status === 404) return undefined
  if (answer.status !== 200) throw new ChannelError(`die Plattform antwortet ${answer.status}`)
  return { id: answer.as(answered).id, url: null, at: '2026-11-23T10:00:00.000Z' }
}

const there = (receipt: Receipt | undefined): Receipt => {
  if (!receipt) throw new RejectedError('das gibt es dort nicht')
  return receipt
}

const farConnector = (repeat: Repeat): AnyConnector => ({
  platform: `by-${repeat}`,
  title: `Ferne Plattform (${repeat})`,
  settings,
  limits: {
    text: { max: 1000 },
    images: { max: 0, maxBytes: 0, types: [], altMax: 0 },
    needsMedia: false,
    pace: { actions: 1000, perSeconds: 1 },
  },
  repeat,
  settleSeconds: 2,
  budgetSeconds: 30,
  measure: (text) => text.length,
  connect: (given) => given,
  check: async () => ({ account: repeat, url: null, until: null }),
  publish: async (client, post: Post, attempt) =>
    there(await call(client, attempt, { method: 'POST', kind: 'write', path: `/${repeat}`, json: { key: attempt.key, text: post.text } })),
  update: async (client, { id }, post: Post, attempt) =>
    there(await call(client, attempt, { method: 'PUT', kind: 'write', path: `/${repeat}/${id}`, json: { key: '', text: post.text } })),
  retract: async (client, { id }, attempt) =>
    void (await call(client, attempt, { method: 'DELETE', kind: 'write', path: `/${repeat}/${id}` })),
  ...(repeat === 'find' || repeat === 'id'
    ? {
        find: (client: unknown, _post: Post, attempt: Attempt) =>
          call(settings.parse(client), attempt, { method: 'GET', kind: 'read', path: `/${repeat}/${attempt.key}` }),
      }
    : {}),
})

/** The shipped ones and those of the far platform, with other times than their own where named. */
export const connectorsWithFar = (times: Partial<Pick<AnyConnector, 'budgetSeconds' | 'settleSeconds'>> = {}): Connectors => {
  const all: readonly (readonly [string, AnyConnector])[] = [
    ...shipped,
    ...repeats.map((repeat) => [`by-${repeat}`, farConnector(repeat)] as const),
  ]
  return new Map(all.map(([name, connector]) => [name, { ...connector, ...times }]))
}

/** The channels of a city on all of them. */
export const farChannels = (door: string) =>
  repeats.map((repeat) => ({ name: `by-${repeat}`, platform: `by-${repeat}`, settings: { door } }))
