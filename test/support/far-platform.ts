// A platform of a test's own, over HTTP, for workers that are processes of their own: it repeats by key, by id, after a look, or not at all.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Repeat } from '../../src/connector/connector.ts'

export interface FarAct {
  readonly repeat: Repeat
  readonly act: 'publish' | 'update' | 'retract'
  readonly id: string
  readonly key: string
  readonly text: string
  /** On this process's monotonic clock. */
  readonly at: number
}

export interface FarPlatform {
  /** What the settings of its channels name. */
  readonly door: string
  /** Everything that was done there, in order; what is there already is not done again. */
  readonly acts: readonly FarAct[]
  /** How often it was asked to publish, also where nothing came of it. */
  asked(repeat: Repeat, text: string): number
  /** Publishes only after so long, whether or not anybody still waits for the answer. */
  slowMs: number
  /** As long as it is true, a request to publish is never answered and nothing comes of it. */
  hangs: boolean
  close(): Promise<void>
}

export const startFarPlatform = async (): Promise<FarPlatform> => {
  const acts: FarAct[] = []
  const asks: { readonly repeat: Repeat; readonly text: string }[] = []
  const mood = { slowMs: 0, hangs: false }

  const publish = async (repeat: Repeat, { key, text }: Sent, response: ServerResponse): Promise<void> => {
    asks.push({ repeat, text })
    if (mood.hangs) return
    await pause(mood.slowMs)
    const known = repeat === 'key' || repeat === 'id' ? acts.find((one) => one.repeat === repeat && one.key === key) : undefined
    const id = known?.id ?? randomUUID()
    if (!known) acts.push({ repeat, act: 'publish', id, key, text, at: performance.now() })
    answer(response, 200, { id })
  }

  /** False where nothing of it is there. */
  const change = (act: 'update' | 'retract', id: string, text: string): boolean => {
    const before = acts.findLast((one) => one.id === id)
    if (before && (before.act !== act || before.text !== text)) acts.push({ ...before, act, text, at: performance.now() })
    return before !== undefined
  }
  const changed = (response: ServerResponse, id: string, done: boolean): void => answer(response, done ? 200 : 404, { id })

  const server = createServer(async (request, response) => {
    const [repeat, what = ''] = (request.url ?? '').slice(1).split('/') as [Repeat, string?]
    if (request.method === 'POST') return publish(repeat, await sent(request), response)
    if (request.method === 'PUT') return changed(response, what, change('update', what, (await sent(request)).text))
    if (request.method === 'DELETE') return changed(response, what, change('retract', what, ''))
    const found = acts.find((one) => one.repeat === repeat && one.key === what)
    answer(response, found ? 200 : 404, found ? { id: found.id } : {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(mood, {
    door: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    acts,
    asked: (repeat: Repeat, text: string) => asks.filter((one) => one.repeat === repeat && one.text.includes(text)).length,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}

interface Sent {
  readonly key: string
  readonly text: string
}

const sent = async (request: IncomingMessage): Promise<Sent> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Sent
}

const answer = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
