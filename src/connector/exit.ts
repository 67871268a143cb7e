// The way out of this machine: closed in a rehearsal, for everything in this process that opens a connection, whatever library it uses.
import { isIP, isIPv4, Socket } from 'node:net'
import { UnreachableError } from './errors.ts'

/** A place that may be reached all the same: the stores that the operator has named. */
export interface Opening {
  readonly host: string
  readonly port: number
}

/** Where a socket is about to go. */
interface Target extends Opening {
  /** True where the caller brings a look-up of its own: it may turn any name into any address. */
  readonly looksUp: boolean
}

/** The code of a connection that was refused here; none of its bytes has left. */
export const refusedExit = 'ERR_RUNDRUF_REHEARSAL'

const closings = new Set<readonly Opening[]>()
const connect = Socket.prototype.connect

/** True while no connection leaves this machine: what starts programs of its own gives them no way out either. */
export const isExitClosed = (): boolean => closings.size > 0

/**
 * From now until it is disposed of, every connection of this process to another machine is refused before its name is looked up, except to
 * these openings. All sockets of Node come through here: HTTP of any client, TLS, WebSockets, SMTP. Costs nothing while nothing is closed.
 */
export const closeExit = (openings: readonly Opening[]): Disposable => {
  // a set of its own for each: who opens again takes away no one else's
  const mine = [...openings]
  closings.add(mine)
  Socket.prototype.connect = guardedConnect
  return {
    [Symbol.dispose]: () => {
      closings.delete(mine)
      if (closings.size === 0) Socket.prototype.connect = connect
    },
  }
}

/** For who looks a name up before it connects. @throws UnreachableError while the exit is closed and the host is elsewhere */
export const mayReach = (host: string): void => {
  if (isExitClosed() && !isHere(host)) throw new UnreachableError(wordsFor(host))
}

const wordsFor = (host: string): string => `In der Probe verlässt nichts diesen Rechner; zu ${host} wird keine Verbindung aufgebaut.`

const isHere = (host: string): boolean => /^(?:localhost|\[?::1\]?)$/i.test(host) || (host.startsWith('127.') && isIPv4(host))

const isOpen = ({ host, port }: Opening): boolean =>
  isHere(host) || [...closings].some((openings) => openings.some((one) => one.host === host && one.port === port))

function guardedConnect(this: Socket, ...given: unknown[]): Socket {
  const target = targetOf(given)
  if (target === undefined || (isOpen(target) && !(target.looksUp && isIP(target.host) === 0))) return Reflect.apply(connect, this, given)
  const error = Object.assign(new Error(wordsFor(target.host)), { code: refusedExit, syscall: 'connect' })
  // as a name that is not found: first it connects, then it fails, so that nothing is written and TLS can be set up
  Object.assign(this, { connecting: true })
  process.nextTick(() => this.destroy(error))
  return this
}

/** As `net` takes them: (options), (port, host), (path), or all of it in one list. Undefined: a socket of this machine's file system. */
const targetOf = (given: readonly unknown[]): Target | undefined => {
  const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given
  if (typeof first === 'object' && first !== null) {
    const { path, host, port, lookup } = first as Readonly<Record<'path' | 'host' | 'port' | 'lookup', unknown>>
    // as Node does: an empty path is none
    return path ? undefined : { ...openingOf(host, port), looksUp: typeof lookup === 'function' }
  }
  return typeof first === 'string' && !/^\d+$/.test(first) ? undefined : { ...openingOf(second, first), looksUp: false }
}

const openingOf = (host: unknown, port: unknown): Opening => ({
  host: typeof host === 'string' && host !== '' ? host : 'localhost',
  port: Number(port),
})
