// The last copy as it is shown while the store is away: with a visible line that says of when it is.
import type { FastifyBaseLogger } from 'fastify'
import { localTime } from '../announcement/local-time.ts'
import { html } from '../pages/html.ts'
import type { Page } from './answer.ts'
import { standMark } from './frame.ts'
import type { LastCopies } from './last-copy.ts'

/** Undefined where there is none. The header `x-rundruf-stand` says of when it is, in feeds too. */
export const fromCopy = async (copies: LastCopies, name: string | null, type: string): Promise<Page | undefined> => {
  const copy = name === null ? undefined : await copies.read(name)
  if (!copy) return undefined
  const stand = copy.at.toISOString()
  const line = html`<p class="stand" role="status"><strong>Stand: <time datetime="${stand}">${localTime(stand)}</time></strong> Neuere Meldungen können zurzeit nicht geladen werden.</p>`
  const body = type.startsWith('text/html') ? copy.body.toString().replace(standMark, () => line.toString()) : copy.body
  return { type, body, changed: null, cache: 'copy', headers: { 'x-rundruf-stand': stand } }
}

/** Asks the store, and waits no longer than this. */
export type Ask = <T>(question: () => Promise<T>) => Promise<T>

/**
 * Asks with a limit of `ms`. While a question has got no answer in time, nobody else waits: for `restMs` every further question is
 * refused at once (the copies are shown), then one is tried again.
 */
export const patient = (ms: number, restMs = 5_000): Ask => {
  let refusedUntil = 0
  return async (question) => {
    if (performance.now() < refusedUntil) throw new Error('the store has just given no answer')
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      refusedUntil = performance.now() + restMs
      reject(new Error(`the store gave no answer within ${ms} ms`))
    }, ms)
    const answered = question()
    answered.catch(() => {})
    return Promise.race([answered, late]).finally(() => clearTimeout(timer))
  }
}

export interface Outages {
  failed(log: FastifyBaseLogger, error: unknown): null
  answered(log: FastifyBaseLogger): void
}

/** Writes one line when the store goes away and one when it is back, however many readers ask in between. */
export const outages = (): Outages => {
  let away = false
  return {
    failed: (log, err) => {
      if (!away) log.warn({ err }, 'newsroom: the store is away, the last copies are shown')
      away = true
      return null
    },
    answered: (log) => {
      if (away) log.info('newsroom: the store answers again')
      away = false
    },
  }
}
