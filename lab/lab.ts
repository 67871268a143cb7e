// The lab ("Probebühne"): every platform's stand-in on one HTTP server of this machine, with a ledger, faults and a wall to look at.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { deskAnswer, type LabDesk, permanentPage } from './desk.ts'
import { askOf, misspelt, play, readBody, send } from './exchange.ts'
import { type ActiveFault, type FaultWish, openFaults } from './faults.ts'
import { openJournal } from './journal.ts'
import { type LedgerEntry, openLedger } from './ledger.ts'
import type { Mood } from './mood.ts'
import { minded, openMoods } from './moods.ts'
import type { Call, Parts, Room } from './room.ts'
import { type LabSettings, openRooms } from './rooms.ts'

export type { LedgerEntry } from './ledger.ts'
export type { Mood } from './mood.ts'
export type { LabSettings } from './rooms.ts'

export interface LabOptions {
  /** 0: any free port. */
  readonly port: number
  readonly host?: string
  /** The lab's clock, milliseconds since 1970. */
  readonly now?: () => number
  readonly settings?: LabSettings
  /** A file by which the lab outlives its own death, even by SIGKILL; it needs a fixed port then, which is part of every address. */
  readonly journal?: string
  /** How platforms are minded from the beginning, by their names. */
  readonly moods?: Readonly<Record<string, Partial<Mood>>>
}

export interface Lab extends AsyncDisposable {
  /** `http://127.0.0.1:8081`, without a closing slash; the platforms are below it: `/bluesky`, `/mastodon`. */
  readonly url: string
  readonly port: number
  stop(): Promise<void>
  /** Every post that ever existed, in the order in which they appeared. */
  ledger(): LedgerEntry[]
  /** Switches a fault on; null clears all faults of the platform. */
  setFault(platform: string, fault: FaultWish | null): void
  /** The faults that are on, the newest first. */
  faults(): readonly ActiveFault[]
  /** Sets a platform's clock, or what it makes of texts; null: an even mood again. */
  setMood(platform: string, mood: Partial<Mood> | null): void
  /** Empties the ledger and the rooms, clears every fault and mood, and drops what was to appear later. */
  reset(): void
}

/** Starts the lab. Throws what listening throws (a port in use). */
export const startLab = async (options: LabOptions): Promise<Lab> => {
  const floor = buildFloor(options)
  await floor.journal?.replay(floor.rooms)
  for (const [platform, mood] of Object.entries(options.moods ?? {})) floor.moods.set(roomNamed(floor, platform).platform, mood)
  const server = createServer((request, response) => {
    receive(floor, request, response).catch((error: unknown) => {
      if (error instanceof URIError) return send(response, misspelt)
      process.emitWarning(error instanceof Error ? error : new Error(String(error)))
      response.destroy()
    })
  })
  server.keepAliveTimeout = 65_000
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await listen(server, options)
  const { address, port } = server.address() as AddressInfo
  floor.url = urlOf(address, port)
  const stop = async (): Promise<void> => {
    floor.later.drop()
    const closed = new Promise((done) => server.close(done))
    server.closeAllConnections()
    // what Node does not count among its connections: one that was opened and has sent nothing yet, one that was upgraded
    for (const socket of sockets) socket.destroy()
    server.on('connection', (late) => late.destroy())
    await closed
    floor.journal?.close()
  }
  return {
    url: floor.url,
    port,
    stop,
    [Symbol.asyncDispose]: stop,
    ledger: () => floor.ledger.entries(),
    setFault: (platform, fault) => {
      if (fault) floor.faults.set(roomNamed(floor, platform).platform, fault)
      else floor.faults.clear(platform)
    },
    faults: () => floor.faults.list(),
    setMood: (platform, mood) => {
      if (mood) floor.moods.set(roomNamed(floor, platform).platform, mood)
      else floor.moods.clear(platform)
    },
    reset: () => {
      floor.faults.clear()
      floor.moods.clear()
      clear(floor)
    },
  }
}

type Floor = ReturnType<typeof buildFloor>

const urlOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`

const buildFloor = ({ port, host = loopback, now = Date.now, settings, journal: file }: LabOptions) => {
  const ledger = openLedger()
  const later = openLater()
  const journal = file === undefined ? null : openJournal(file, now)
  const moods = openMoods()
  const floor = { ledger, later, journal, moods, faults: openFaults(), rooms: new Map<string, Room>(), now, url: urlOf(host, port) }
  const nowHere = journal?.now ?? now
  const partsOf = (platform: string): Parts => {
    const mood = () => moods.of(platform)
    return { ledger, now: () => nowHere() + mood().clockMs, url: () => floor.url, mood }
  }
  for (const room of openRooms(partsOf, settings)) floor.rooms.set(room.platform, room)
  return floor
}

/** What is to happen later, and can be dropped before it does. */
const openLater = () => {
  const timers = new Map<NodeJS.Timeout, (() => void) | undefined>()
  return {
    run(act: () => void, ms: number, dropped?: () => void): void {
      const timer = setTimeout(() => {
        timers.delete(timer)
        act()
      }, ms)
      timers.set(timer, dropped)
    },
    drop(): void {
      for (const [timer, dropped] of timers) {
        clearTimeout(timer)
        dropped?.()
      }
      timers.clear()
    },
  }
}

const loopback = '127.0.0.1'

const listen = (server: Server, { port, host = loopback }: LabOptions): Promise<void> =>
  new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      done()
    })
  })

const roomNamed = (floor: Floor, platform: string): Room => {
  const room = floor.rooms.get(platform)
  if (!room) throw new Error(`the lab has no platform "${platform}", only: ${[...floor.rooms.keys()].join(', ')}`)
  return room
}

const clear = (floor: Floor): void => {
  floor.later.drop()
  floor.ledger.clear()
  floor.journal?.clear()
  for (const room of floor.rooms.values()) room.clear()
}

const receive = async (floor: Floor, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(request)
  if (!body) return send(response, { status: 413, headers: { connection: 'close' }, body: { error: 'The body is too large.' } })
  const [room, mount] = roomAt(floor, request.url ?? '/')
  const ask = askOf(request, body, mount)
  if (!room) return send(response, deskAnswer(deskOf(floor), ask))
  const understood = room.call(ask)
  const mood = floor.moods.of(room.platform)
  response.setHeader('date', new Date(floor.now() + mood.clockMs).toUTCString())
  const kept = understood && (floor.journal?.keep(understood, { platform: room.platform, ask, clockMs: mood.clockMs }) ?? understood)
  const call = kept && read(kept, mood)
  if (!call) return send(response, permanentPage(deskOf(floor), mount + ask.path) ?? room.answers.notFound())
  const fault = floor.faults.take(room.platform, call)
  await play(response, { call, fault, answers: room.answers, later: floor.later.run })
}

/** What is read is read in the room's mood. */
const read = (call: Call, mood: Mood): Call =>
  call.operation === 'read' && mood.text === 'cleaned' ? { ...call, act: async () => minded(await call.act(), mood) } : call

const deskOf = (floor: Floor): LabDesk => ({
  ...floor,
  platforms: [...floor.rooms.keys()],
  url: () => floor.url,
  clear: () => clear(floor),
})

/** The room and its mount point. `/xrpc/` is Bluesky's at the root too: clients that resolve paths against the host drop a prefix. */
const roomAt = (floor: Floor, url: string): [Room | undefined, string] => {
  if (url.startsWith('/xrpc/')) return [floor.rooms.get('bluesky'), '']
  const name = /^\/([a-z-]+)\//.exec(url)?.[1] ?? ''
  const room = floor.rooms.get(name)
  return [room, room ? `/${name}` : '']
}
