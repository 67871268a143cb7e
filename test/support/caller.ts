// A client of the API as it should be: it repeats under the same Idempotency-Key until it is confirmed.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { poll } from './poll.ts'
import type { TestRundruf } from './rundruf.ts'

export interface Answered {
  readonly status: number
  readonly ms: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** Two seconds are promised for a "no"; the rest is for a loaded machine. */
const patienceMs = 6000

export const aCaller = (rundruf: TestRundruf) => {
  const post = async (title: string, key: string): Promise<Answered> => {
    const began = performance.now()
    const answer = await rundruf.call('POST', '/announcements', {
      body: { city: 'bonn', kind: 'notice', title, text: 'Ein Satz.', release: true },
      headers: { 'idempotency-key': key },
    })
    const body = (await answer.json()) as Record<string, unknown>
    return { status: answer.status, ms: performance.now() - began, headers: answer.headers, body }
  }
  return {
    post,
    /** The announcement's id; every answer on the way goes to `answers`. */
    insisting: (title: string, answers: Answered[]): Promise<string> => {
      const key = randomUUID()
      const ask = async (): Promise<string | undefined> => {
        const answered = await post(title, key)
        answers.push(answered)
        return answered.status < 300 ? String(answered.body.id) : undefined
      }
      return poll(`${title} to be confirmed`, ask, 60_000)
    },
  }
}

/** 503 in time, as a problem in German, with the time to ask again. */
export const isPoliteNo = ({ status, headers, body, ms }: Answered): void => {
  assert.equal(status, 503)
  assert.equal(headers.get('content-type')?.split(';')[0], 'application/problem+json')
  assert.ok(Number(headers.get('retry-after')) > 0, 'it says when to ask again')
  assert.match(String(body.detail), /Datenbank ist gerade nicht erreichbar.*nicht bestätigt/)
  assert.ok(ms < patienceMs, `the answer took ${ms} ms`)
}
