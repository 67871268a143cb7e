// The five ways an action on a platform can fail. The class alone decides what follows: see delivery/next-step.ts.

abstract class ConnectorError extends Error {
  /** What a log line or a person may read; never a secret, never a platform's raw answer of more than 300 characters. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
  }
}

/** This post will never be taken (400, 413, 422): the author must change it. */
export class RejectedError extends ConnectorError {
  override name = 'RejectedError'
}

/** The channel is at fault (401, 403, suspended, logged out, no credit): no post of it will get through until a person acts. */
export class ChannelError extends ConnectorError {
  override name = 'ChannelError'
}

/** Too fast (429), or the platform is still at work: come back at `retryAt`. Surely nothing was posted. */
export class NotYetError extends ConnectorError {
  override name = 'NotYetError'
  /** Milliseconds from now: a span, so that a stepped clock cannot move it. */
  readonly retryAfterMs: number
  constructor(message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(message, options)
    this.retryAfterMs = retryAfterMs
  }
}

/** Surely nothing was posted (refused, DNS, TLS, any failure of a call that only reads). */
export class UnreachableError extends ConnectorError {
  override name = 'UnreachableError'
}

/** Perhaps it was posted (reset or time-out after the bytes left, 500, 502, 504, a broken answer). Anything unknown counts as this. */
export class UnclearError extends ConnectorError {
  override name = 'UnclearError'
  /** False where no look will ever tell, the connector's own neither: a person is asked at once. */
  readonly findable: boolean
  constructor(message: string, { findable = true, ...options }: ErrorOptions & { readonly findable?: boolean } = {}) {
    super(message, options)
    this.findable = findable
  }
}

/** True for an error that already has its class; anything else still needs one (and counts as unclear until then). */
export const isClassified = (error: unknown): error is Error => error instanceof ConnectorError

/** Marks an error: something of it stands there already, and the rest follows. It is never called unsent, superseded or expired then. */
export const begun = (error: Error): Error => Object.assign(error, { begun: true })

export const hasBegun = (error: unknown): boolean => error instanceof ConnectorError && 'begun' in error

export type Failure = 'rejected' | 'channel' | 'not-yet' | 'unreachable' | 'unclear'

/** The class of any thrown value; what is not one of ours is unclear. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof RejectedError) return 'rejected'
  if (error instanceof ChannelError) return 'channel'
  if (error instanceof NotYetError) return 'not-yet'
  if (error instanceof UnreachableError) return 'unreachable'
  return 'unclear'
}
