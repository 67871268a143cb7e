// One function for each thing that happens: it writes the log line and counts. None of them ever throws.
import type { Urgent } from '../announcement/announcement.ts'
import type { Failure } from '../connector/errors.ts'
import type { HeldFor } from '../delivery/delivery.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'

/** Which delivery it is about. All of it goes into the log; only `platform` and `way` become labels. */
export interface DeliveryFacts {
  readonly delivery: string
  readonly announcement: string
  readonly city: string
  readonly channel: string
  readonly platform: string
  readonly way: Urgent
}

export interface ReleaseFacts {
  readonly announcement: string
  readonly city: string
  readonly way: Urgent
  readonly revision: number
  /** How many deliveries the verb made. */
  readonly deliveries: number
  readonly actor: string
}

export interface ChannelFacts {
  readonly city: string
  readonly channel: string
  readonly platform: string
}

export interface LaneFacts {
  readonly platform: string
  readonly way: Urgent
}

export interface AnswerFacts {
  readonly method: string
  /** The route's pattern, never the address: `/api/v1/announcements/:id`. */
  readonly route: string
  readonly status: number
  readonly milliseconds: number
  readonly actor: string | null
  readonly request: string
}

export type Events = ReturnType<typeof makeEvents>

/** Makes the events of this process. */
export const makeEvents = (log: Logger, metrics: Metrics) => ({
  ...announcementEvents(log, metrics),
  ...deliveryEvents(log.child({}, flat), metrics),
  ...channelEvents(log, metrics),
  ...houseEvents(log, metrics),
})

/** Facts of deliveries have no place for a secret, only the typed fields below: looking through 56 paths would cost more than the line. */
const flat = { redact: [] }

/** Observing must never be the reason why something else fails. */
const quietly =
  <F extends readonly unknown[]>(write: (...facts: F) => void) =>
  (...facts: F): void => {
    try {
      write(...facts)
    } catch {
      // A full disk or a label that does not exist: the event itself goes on.
    }
  }

const announcementEvents = (log: Logger, metrics: Metrics) => {
  const verb = (name: 'release' | 'amend' | 'retract', message: string) =>
    quietly((facts: ReleaseFacts) => {
      log.info(facts, message)
      metrics.releases.inc({ verb: name, way: facts.way })
    })
  return {
    released: verb('release', 'announcement released'),
    amended: verb('amend', 'announcement amended'),
    retracted: verb('retract', 'announcement retracted'),
  }
}

const laneOf = ({ platform, way }: DeliveryFacts) => ({ platform, way })

const deliveryEvents = (log: Logger, metrics: Metrics) => {
  const settled = (outcome: 'given-up' | 'expired' | 'superseded', level: 'info' | 'warn') =>
    quietly((facts: DeliveryFacts & { readonly reason?: string | null }) => {
      log[level](facts, `delivery ${outcome}`)
      metrics.deliveries.inc({ ...laneOf(facts), outcome })
    })
  return {
    attemptBegan: quietly((facts: DeliveryFacts & { readonly number: number; readonly fence: number }) => {
      log.debug(facts, 'attempt began')
    }),
    /** `seconds`: from release, or from the due time if later, to the receipt. */
    delivered: quietly((facts: DeliveryFacts & { readonly seconds: number; readonly attempts: number; readonly url: string | null }) => {
      log.info(facts, 'delivery delivered')
      metrics.attempts.inc({ ...laneOf(facts), result: 'delivered' })
      metrics.deliveries.inc({ ...laneOf(facts), outcome: 'delivered' })
      metrics.releaseToReceipt.observe(laneOf(facts), facts.seconds)
    }),
    failed: quietly((facts: DeliveryFacts & { readonly failure: Failure; readonly detail: string; readonly next: string }) => {
      log.warn(facts, 'attempt failed')
      metrics.attempts.inc({ ...laneOf(facts), result: facts.failure })
    }),
    /** The store no longer holds what was released: somebody else writes into the database, or another secret key is in use. */
    changedInStore: quietly((facts: DeliveryFacts) => {
      log.error(facts, 'delivery was changed in the store')
    }),
    held: quietly((facts: DeliveryFacts & { readonly for: HeldFor }) => {
      log.warn(facts, 'delivery held')
      metrics.holds.inc({ ...laneOf(facts), for: facts.for })
    }),
    expired: settled('expired', 'warn'),
    superseded: settled('superseded', 'info'),
    gaveUp: settled('given-up', 'warn'),
    /** A person answered the question of a held delivery. */
    resolved: quietly((facts: { readonly delivery: string; readonly answer: 'there' | 'not-there' | 'drop'; readonly actor: string }) => {
      log.info(facts, 'delivery resolved by a person')
    }),
    /** A holder of an old fence came back: its result was not taken. */
    leaseLost: quietly((facts: DeliveryFacts) => {
      log.warn(facts, 'lease lost')
      metrics.attempts.inc({ ...laneOf(facts), result: 'lease-lost' })
    }),
  }
}

const channelEvents = (log: Logger, metrics: Metrics) => ({
  channelSuspended: quietly((facts: ChannelFacts & { readonly by: 'person' | 'platform'; readonly because: string }) => {
    log.error(facts, 'channel suspended')
    metrics.suspensions.inc({ platform: facts.platform, by: facts.by })
  }),
  channelResumed: quietly((facts: ChannelFacts & { readonly actor: string }) => {
    log.info(facts, 'channel resumed')
  }),
})

const houseEvents = (log: Logger, metrics: Metrics) => ({
  /** The queue's mark was gone: the sweep filled the queue again from the store. */
  queueLost: quietly((facts: { readonly restored: number }) => {
    log.error(facts, 'queue lost and filled again')
    metrics.queueLosses.inc()
  }),
  /** Deliveries of a lane are due for more than a minute and nothing happens: said once, until the lane is rid of them. */
  overdue: quietly((facts: LaneFacts & { readonly overdue: number; readonly oldestSeconds: number }) => {
    log.error(facts, 'deliveries are overdue')
  }),
  overdueNoMore: quietly((facts: LaneFacts) => {
    log.info(facts, 'nothing is overdue any more')
  }),
  redisAway: quietly((facts: { readonly error: string }) => {
    log.error(facts, 'redis is away')
    metrics.queueAway.set(1)
  }),
  redisBack: quietly(() => {
    log.info({}, 'redis is back')
    metrics.queueAway.set(0)
  }),
  /** Something was due, Redis answered, and this process began nothing: its lane fetches anew. */
  workerRestarted: quietly((facts: { readonly platform: string; readonly way: Urgent; readonly waiting: number }) => {
    log.error(facts, 'worker fetched nothing and was restarted')
  }),
  storeAway: quietly((facts: { readonly error: string }) => {
    log.error(facts, 'store is away')
  }),
  answered: quietly((facts: AnswerFacts) => {
    log.debug(facts, 'request answered')
    metrics.httpRequests.inc({ method: facts.method, route: facts.route, status: String(facts.status) })
  }),
  /** Somebody without a key, with a wrong one, or with one that may not. */
  turnedAway: quietly(
    (facts: { readonly route: string; readonly code: string; readonly actor: string | null; readonly address: string }) => {
      log.warn(facts, 'turned away')
    },
  ),
  keyCreated: quietly((facts: { readonly id: string; readonly role: string; readonly actor: string }) => {
    log.info(facts, 'key created')
  }),
  /** A right key was presented whose row is not as Rundruf wrote it: somebody else writes into the database. It is refused. */
  keyChanged: quietly((facts: { readonly id: string }) => {
    log.error(facts, 'key was changed in the store and is refused')
  }),
  keyRevoked: quietly((facts: { readonly id: string; readonly actor: string }) => {
    log.info(facts, 'key revoked')
  }),
  signedIn: quietly((facts: { readonly actor: string; readonly address: string }) => {
    log.info(facts, 'operator signed in')
  }),
  /** Something nobody foresaw: the full error with its causes. */
  unexpected: quietly((facts: { readonly err: unknown; readonly where: string }) => {
    log.error(facts, 'unexpected error')
  }),
})
