// The sessions of this process: one for each account, few at once, one thing at a time in each, and none longer than it is used.
import type { LinkWish } from '../../src/connector/connector.ts'
import { ChannelError, UnreachableError } from '../../src/connector/errors.ts'
import { untilAborted } from '../../src/connector/until-aborted.ts'
import { notLinked } from './failures.ts'
import { type Session, type SessionWish, startSession } from './session.ts'

/** How many browsers this process has open at once: each takes some 400 MB. */
const most = 3

export interface Account {
  /** The same account has the same key, whoever asks. */
  readonly key: string
  readonly wish: Omit<SessionWish, 'signal' | 'link'>
}

export interface Use {
  readonly signal: AbortSignal
  /** How long the browser stays for the next one, in milliseconds. */
  readonly keepMs: number
}

interface Slot {
  session: Session | undefined
  /** Whether it takes one of the places; from before the browser is started until it has gone. */
  placed: boolean
  /** What was begun last; the next one waits for it. */
  last: Promise<unknown>
  waiting: number
  /** The browser before, as long as it goes and is sealed. */
  closing: Promise<void>
  timer: NodeJS.Timeout | undefined
  /** When it is to be closed, on the clock of `performance.now()`. */
  until: number
}

const slots = new Map<string, Slot>()
const freed = new Set<() => void>()

/**
 * Works with the account's page, which is started or started anew where it has to be; `work` classifies its own errors.
 * @throws ChannelError for an account that is not linked, UnreachableError for a page that does not come up in time
 */
export const withSession = <T>(account: Account, use: Use, work: (session: Session) => Promise<T>): Promise<T> =>
  inTurn(account.key, use, async (slot) => work(await linkedSession(account, slot, use.signal)))

/** Starts a page for linking, and waits until a person's phone has done it. @throws what `startSession` throws */
export const linkSession = (account: Account, link: LinkWish, use: Use): Promise<void> =>
  inTurn(account.key, use, async (slot) => {
    if (slot.session && (await slot.session.answers()) === 'ready') return
    await end(slot)
    const session = await begin(slot, { ...account.wish, link, signal: use.signal })
    try {
      await untilAborted(session.ready, use.signal, () => new ChannelError('Niemand hat das Konto verknüpft; die Zeit ist um.'))
    } catch (error) {
      await end(slot)
      throw error
    }
  })

/** Closes the account's page now, if it has one. */
export const endSession = async (key: string): Promise<void> => {
  const slot = slots.get(key)
  if (!slot) return
  await slot.last
  await end(slot)
}

/** Lets go of the page from within its own turn: what comes next gets a new one, as soon as this one has gone. */
export const dropSession = (key: string): void => {
  const slot = slots.get(key)
  if (slot) void end(slot)
}

const slotOf = (key: string): Slot => {
  const known = slots.get(key)
  if (known) return known
  const fresh: Slot = {
    session: undefined,
    placed: false,
    last: Promise.resolve(),
    waiting: 0,
    closing: Promise.resolve(),
    timer: undefined,
    until: 0,
  }
  slots.set(key, fresh)
  return fresh
}

const inTurn = async <T>(key: string, { signal, keepMs }: Use, work: (slot: Slot) => Promise<T>): Promise<T> => {
  const slot = slotOf(key)
  const before = slot.last
  const { promise, resolve } = Promise.withResolvers<void>()
  slot.last = before.then(() => promise)
  slot.waiting += 1
  clearTimeout(slot.timer)
  try {
    await untilAborted(before, signal, () => new UnreachableError('Die Sitzung war belegt, bis die Zeit um war.'))
    return await work(slot)
  } finally {
    slot.waiting -= 1
    slot.until = Math.max(slot.until, performance.now() + keepMs)
    if (slot.waiting === 0 && slot.session) closeLater(slot)
    resolve()
    announce()
  }
}

const closeLater = (slot: Slot): void => {
  slot.timer = setTimeout(() => void end(slot), slot.until - performance.now()).unref()
}

/** The account's ready page. One that hangs or has gone is replaced, once. */
const linkedSession = async ({ key, wish }: Account, slot: Slot, signal: AbortSignal): Promise<Session> => {
  const known = slot.session
  if (known) {
    const how = known.state() === 'over' ? 'hung' : known.state() === 'logged-out' ? 'unlinked' : await known.answers()
    if (how === 'ready') return known
    if (how === 'connecting') throw new UnreachableError('WhatsApp Web ist gerade nicht verbunden.')
    if (how === 'hung') wish.tools.log.warn({ account: key }, 'whatsapp page hangs: started anew')
    await end(slot)
    if (how === 'unlinked') throw notLinked(wish.tools.city)
  }
  const session = await begin(slot, { ...wish, signal })
  if (session.state() === 'ready') return session
  await end(slot)
  throw notLinked(wish.tools.city)
}

/** Who is told to stop does so at once; a browser that was half started is cleared away behind it. */
const begin = async (slot: Slot, wish: SessionWish): Promise<Session> => {
  await untilAborted(slot.closing, wish.signal, tooLate)
  await makeRoom(wish.signal)
  slot.placed = true
  const starting = startSession(wish)
  try {
    slot.session = await untilAborted(starting, wish.signal, tooLate)
    return slot.session
  } catch (error) {
    slot.closing = leave(
      slot,
      starting.then(
        (session) => session.close(),
        () => {},
      ),
    )
    throw error
  }
}

const tooLate = (): UnreachableError => new UnreachableError('WhatsApp Web kam in dieser Zeit nicht hoch.')

/** Who comes meanwhile waits until it has gone. */
const end = (slot: Slot): Promise<void> => {
  clearTimeout(slot.timer)
  const { session } = slot
  slot.session = undefined
  slot.until = 0
  if (session) slot.closing = leave(slot, session.close())
  return slot.closing
}

const leave = async (slot: Slot, closing: Promise<void>): Promise<void> => {
  await closing
  slot.placed = false
  announce()
}

const announce = (): void => {
  for (const tell of freed) tell()
}

/** Waits until one more browser may run; the one that nobody uses for the longest time makes room. */
const makeRoom = async (signal: AbortSignal): Promise<void> => {
  for (;;) {
    const placed = [...slots.values()].filter((slot) => slot.placed)
    if (placed.length < most) return
    const [idle] = placed.filter(({ waiting }) => waiting === 0).sort((one, other) => one.until - other.until)
    if (idle) await end(idle)
    else
      await untilAborted(someRoom(), signal, () => new UnreachableError('Zu viele WhatsApp-Konten sind gerade gleichzeitig an der Reihe.'))
  }
}

const someRoom = (): Promise<void> =>
  new Promise((done) => {
    const tell = (): void => {
      freed.delete(tell)
      done()
    }
    freed.add(tell)
  })
