// What can go wrong on the way to a platform, switched on by a test or a person: the kinds, and which one meets a call.
import type { Call, Operation } from './room.ts'

/** Every fault that the lab can play, with what it does to one call. */
export const faultKinds = {
  refuse: 'answers with the platform’s own 4xx; nothing is posted',
  throttle: 'answers 429 with the platform’s own headers; nothing is posted',
  'expired-token': 'answers that the access token is no longer good; nothing is posted',
  unavailable: 'answers 503; nothing is posted',
  html: 'a proxy answers 502 with an HTML page; nothing is posted',
  redirect: 'answers with a redirection to another host; nothing is posted',
  reset: 'resets the connection before the answer; nothing is posted',
  hang: 'never answers; nothing is posted',
  'post-then-reset': 'posts, then resets the connection',
  'post-but-500': 'posts, then answers 500',
  'post-late': 'resets the connection; the post appears afterMs later',
  'broken-json': 'posts, then answers 200 with JSON that breaks off',
  huge: 'posts, then answers with 10 MB',
  slow: 'waits afterMs, then posts and answers as if nothing had been',
} as const

export type FaultKind = keyof typeof faultKinds

export interface Fault {
  readonly fault: FaultKind
  /** How many calls it meets; 0: until it is cleared. */
  readonly times: number
  /** Milliseconds, for `slow` and `post-late`. */
  readonly afterMs: number
  /** Only calls of this account; null: of all. */
  readonly account: string | null
  readonly operation: Operation | 'any'
  /** Seconds, for `throttle`. */
  readonly retryAfter: number
}

/** A fault as it is asked for: everything but its kind may be left out. */
export type FaultWish = Pick<Fault, 'fault'> & Partial<Omit<Fault, 'fault' | 'times'>> & { readonly times?: number | 'always' }

/** A fault that is on, and how often it will still strike. */
export type ActiveFault = Fault & { readonly platform: string; readonly left: number | 'always' }

export interface Faults {
  /** Switches a fault on; an earlier one for the same account and operation is replaced. */
  set(platform: string, wish: FaultWish): ActiveFault
  clear(platform?: string): void
  /** The fault that meets this call, counted down; undefined: none. */
  take(platform: string, call: Pick<Call, 'account' | 'operation'>): Fault | undefined
  list(): ActiveFault[]
}

const defaults = { times: 1, afterMs: 1000, account: null, operation: 'publish', retryAfter: 30 } as const

/** An empty switchboard. */
export const openFaults = (): Faults => {
  let active: ActiveFault[] = []
  const same = (one: ActiveFault, other: ActiveFault) =>
    one.platform === other.platform && one.account === other.account && one.operation === other.operation
  return {
    set(platform, wish) {
      const times = wish.times === 'always' ? 0 : (wish.times ?? defaults.times)
      const fresh: ActiveFault = { ...defaults, ...wish, times, platform, left: times === 0 ? 'always' : times }
      active = [fresh, ...active.filter((old) => !same(old, fresh))]
      return fresh
    },
    clear(platform) {
      active = platform === undefined ? [] : active.filter((fault) => fault.platform !== platform)
    },
    take(platform, call) {
      if (active.length === 0) return undefined
      const met = active.find((fault) => fault.platform === platform && meets(fault, call))
      if (met && met.left !== 'always') {
        const left = met.left - 1
        active = left === 0 ? active.filter((fault) => fault !== met) : active.map((fault) => (fault === met ? { ...met, left } : fault))
      }
      return met
    },
    list: () => active,
  }
}

const meets = (fault: Fault, call: Pick<Call, 'account' | 'operation'>): boolean =>
  (fault.account === null || fault.account === call.account) && (fault.operation === 'any' || fault.operation === call.operation)

const operations: readonly string[] = ['publish', 'media', 'read', 'update', 'delete', 'session', 'any']

/** Reads a wish out of a request body; gives the sentence that says what is wrong with it instead. */
export const readWish = (body: unknown): FaultWish | string => {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return 'The body must be a JSON object such as {"fault":"slow","times":1,"afterMs":2000}.'
  const wish = body as Readonly<Record<string, unknown>>
  const unknownKey = Object.keys(wish).find((key) => !['fault', ...Object.keys(defaults)].includes(key))
  if (unknownKey !== undefined) return `"${unknownKey}" is not a setting of a fault: fault, ${Object.keys(defaults).join(', ')}.`
  if (typeof wish.fault !== 'string' || !Object.hasOwn(faultKinds, wish.fault))
    return `"fault" must be one of: ${Object.keys(faultKinds).join(', ')}.`
  const { times, afterMs, account, operation, retryAfter } = wish
  if (times !== undefined && times !== 'always' && !isWhole(times))
    return '"times" must be a whole number from 0 (until cleared) or "always".'
  if (afterMs !== undefined && !isWhole(afterMs)) return '"afterMs" must be a whole number of milliseconds from 0.'
  if (retryAfter !== undefined && !isWhole(retryAfter)) return '"retryAfter" must be a whole number of seconds from 0.'
  if (account !== undefined && account !== null && typeof account !== 'string') return '"account" must be a string.'
  if (operation !== undefined && !operations.includes(operation as string)) return `"operation" must be one of: ${operations.join(', ')}.`
  return wish as unknown as FaultWish
}

/** Whole, not negative, and small enough for a timer (2^31 - 1). */
const isWhole = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31
