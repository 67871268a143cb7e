// The time an attempt may take, by the monotonic clock: it runs on through a pause of the process and ignores every change of the wall clock.
// Nothing is begun when it is over, or when the claim may be somebody else's; what has begun may go on to its end.
import { UnclearError } from '../src/connector/errors.ts'
import type { Lease } from './leases.ts'

export interface Budget {
  /** Aborted when the time is up or the process stops; what is read while nothing may be started any more is aborted already. */
  readonly signal: AbortSignal
  /** True when nothing may be started any more; asked right before the bytes leave. */
  spent(): boolean
  /** What is sent runs out at this moment of the same clock: nothing is begun after it, either. */
  nothingAfter(moment: number): void
  /** The promise, or an error when the budget ends first: an action that does not listen to the signal cannot hold the claim. */
  race<T>(work: T | Promise<T>, error?: () => Error): Promise<T>
  close(): void
}

/** The timers of a process that was paused fire late; its clock tells at once. */
const over = AbortSignal.abort(new Error('nothing may be started any more'))

/**
 * @param until end of the budget on the clock of `performance.now()`
 * @param lease the claim that this attempt works under
 */
export const openBudget = (until: number, stop: AbortSignal, lease: Pick<Lease, 'good'>): Budget => {
  const ending = new AbortController()
  const { signal } = ending
  const timer = setTimeout(() => ending.abort(new Error('the time of the attempt is up')), Math.max(until - performance.now(), 0))
  // by hand: `AbortSignal.any` costs a third of all that is done for a delivery in this process
  const stopped = (): void => ending.abort(stop.reason)
  stop.addEventListener('abort', stopped, { once: true })
  if (stop.aborted) stopped()
  let last = until
  const spent = (): boolean => signal.aborted || performance.now() >= last || !lease.good()
  return {
    get signal() {
      return spent() ? over : signal
    },
    spent,
    nothingAfter: (moment) => {
      last = Math.min(last, moment)
    },
    race: (work, error = () => new UnclearError('die Plattform hat nicht rechtzeitig geantwortet')) => {
      const { promise, resolve, reject } = Promise.withResolvers<Awaited<typeof work>>()
      const end = (): void => {
        // A connector that heard the signal says better what happened; it gets a moment to do so.
        setTimeout(() => reject(error()), 100).unref()
      }
      signal.addEventListener('abort', end, { once: true })
      if (signal.aborted) end()
      Promise.resolve(work).then(resolve, reject)
      return promise.finally(() => signal.removeEventListener('abort', end)) as Promise<never>
    },
    close: () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', stopped)
    },
  }
}
