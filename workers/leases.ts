// The claims that this process holds: renewed together by a heartbeat, and counted as lost by its own monotonic clock.
import type { Renewal, Renewed } from '../src/store/leases.ts'
import { every } from './every.ts'
import type { Way } from './queue.ts'
import { within } from './within.ts'

/** One held claim. */
export interface Lease {
  /** False when somebody else may have taken over: then nothing may be sent any more. Asked right before bytes leave. */
  good(): boolean
  release(): void
}

interface Holding {
  readonly id: string
  readonly fence: number
  readonly way: Way
  /** When the claim was asked for, on the clock of `performance.now()`: the database's lease began later than that. */
  readonly from: number
  /** Beyond this moment of the same clock the lease is not renewed. */
  readonly until: number
}

export interface Leases {
  /** Takes care of a claim that was made with `leaseSeconds` of its way. */
  hold(holding: Holding): Lease
  close(): Promise<void>
}

export interface LeaseParts {
  readonly ledger: { renew(claims: readonly Renewal[]): Promise<readonly Renewed[]> }
  onError(error: unknown): void
}

/**
 * How long a claim holds without a word. A warning whose worker died is noticed after five seconds and looked up within ten; everyday
 * posts have a minute, and their lease outlives a restart of the store.
 */
export const leaseSeconds: Readonly<Record<Way, number>> = { urgent: 5, routine: 20 }

/** So early that two beats may fail before a lease runs out; most attempts are over before their first. */
const renewAfterMs: Readonly<Record<Way, number>> = { urgent: 1500, routine: 6000 }
const beatMs = 500
/** A store that takes longer is tried again on another connection. */
const patienceMs = 1500

interface Held extends Holding {
  renewedAt: number
  goodUntil: number
}

export const openLeases = ({ ledger, onError }: LeaseParts): Leases => {
  const held = new Set<Held>()

  const beat = async (): Promise<void> => {
    const now = performance.now()
    const due = [...held].filter(({ way, renewedAt, until }) => now - renewedAt >= renewAfterMs[way] && now < until)
    if (due.length === 0) return
    const wishes = due.map(({ id, fence, way, until }) => ({ id, fence, seconds: Math.min(leaseSeconds[way], (until - now) / 1000) }))
    const answers = await within(patienceMs, ledger.renew(wishes))
    for (const [at, lease] of due.entries()) {
      if (answers[at] === 'lost') lease.goodUntil = Number.NEGATIVE_INFINITY
      if (answers[at] !== 'renewed') continue
      lease.renewedAt = now
      lease.goodUntil = now + (wishes[at]?.seconds ?? 0) * 1000
    }
  }

  const beating = every(beatMs, beat, onError)
  return {
    hold: (holding) => {
      const lease: Held = { ...holding, renewedAt: holding.from, goodUntil: holding.from + leaseSeconds[holding.way] * 1000 }
      held.add(lease)
      return { good: () => performance.now() < lease.goodUntil, release: () => void held.delete(lease) }
    },
    close: () => beating.close(),
  }
}
