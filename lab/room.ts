// What a platform's stand-in (a "room" of the lab) must offer, and the small values that pass between it and the server.
import type { IncomingHttpHeaders } from 'node:http'
import type { Ledger } from './ledger.ts'
import type { Mood } from './mood.ts'

/** What a call does there; a fault is switched on for one of these or for any. */
export type Operation = 'publish' | 'media' | 'read' | 'update' | 'delete' | 'session'

/** One request, its body read to the end. */
export interface Ask {
  readonly method: string
  /** Below the room's mount point: `/api/v1/statuses`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The caller's address; unauthenticated rate limits count by it. */
  readonly ip: string
  /** What the room fetched from elsewhere to do this, base64 by address: the journal does it again without asking. */
  fetched?: Record<string, string>
}

/** One answer. An object as body is sent as JSON, a string as HTML, bytes as they are (name their type in `headers`). */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string | Buffer
}

/** A request understood: what it is and for whom, and the act itself, not yet done. */
export interface Call {
  readonly operation: Operation
  /** Whose account it is about; null when the caller is unknown. */
  readonly account: string | null
  act(): Answer | Promise<Answer>
}

/** The platform's own words for what can go wrong: each has its own shape there. */
export interface OwnAnswers {
  refused(): Answer
  /** Too many requests; `seconds` until the window ends. */
  throttled(seconds: number): Answer
  expired(): Answer
  unavailable(): Answer
  failed(): Answer
  notFound(): Answer
}

export interface Room {
  /** As in the address: `/bluesky`. */
  readonly platform: string
  readonly answers: OwnAnswers
  /** Understands a request, or gives undefined where the platform has no such address. */
  call(ask: Ask): Call | undefined
  /** Forgets every post; sessions and accounts stay. */
  clear(): void
}

/** What the lab lends every room. */
export interface Parts {
  readonly ledger: Ledger
  /** Milliseconds since 1970 by the platform's clock: the lab's own, as far off as the room's mood says. */
  now(): number
  mood(): Mood
  /** The lab's address without a closing slash, known once it listens. */
  url(): string
}

/** Thrown inside a room to answer at once with what the platform says there. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}
