// A real Redis or Valkey of our own: on a unix socket only, writing every change to its append-only file.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { dyingWithUs, endByPid, leftover, read, type Started, socketDirectory, start, within } from './child.ts'
import { findProgram, wanted } from './programs.mjs'

export interface RedisOptions {
  /** Where everything of it lives; made when missing. */
  readonly dir: string
  /** Gets every line that Redis writes. */
  readonly log?: (line: string) => void
  /** More settings, by name: `{ maxmemory: '64mb' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Redis {
  /** The socket's path, which is also how ioredis takes it: `new Redis(url)`. */
  readonly url: string
  readonly path: string
  readonly pid: number
  /** Where its append-only file lies now, because it could not be read; null: all is well. */
  readonly setAside: string | null
  /** Ends it and waits; does nothing when an earlier start that is still alive owns it. */
  stop(): Promise<void>
}

const usual: Readonly<Record<string, string>> = {
  port: '0',
  daemonize: 'no',
  unixsocketperm: '700',
  appendonly: 'yes',
  appendfsync: 'everysec',
  save: '',
  'maxmemory-policy': 'noeviction',
}

/** The program that would be started: on the PATH, or unpacked by the set-up. Undefined: this machine has none. */
export const findRedis = (): string | undefined => findProgram(wanted.redis)

/**
 * Starts Redis on `dir`, its append-only file loaded; one that is broken is set aside, for the store knows all that was in it. A server
 * that still runs there is used (its starter lives) or ended first (its starter was killed). Throws where the machine has no Redis.
 */
export const startRedis = async (options: RedisOptions): Promise<Redis> => {
  const dir = resolve(options.dir)
  const program = findRedis()
  if (!program)
    throw new Error('Es fehlt ein redis-server oder valkey-server auf dem PATH. / There is no redis-server or valkey-server on the PATH.')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const socketDir = socketDirectory(dir, 'redis.sock')
  const path = join(socketDir, 'redis.sock')
  const found = leftover(dir, Number(read(join(dir, 'redis.pid'))) || undefined, path)
  if (found?.kept) {
    await within(10_000, () => answers(path))
    return { url: path, path, pid: found.pid, setAside: null, stop: async () => {} }
  }
  if (found) await endByPid(found.pid, 'SIGTERM')
  const settings = { ...usual, dir, unixsocket: path, pidfile: join(dir, 'redis.pid'), ...options.settings }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const command = dyingWithUs([program, ...flags], 'TERM')
  const launch = async (): Promise<Started> => {
    const server = start({ command, dir, endBy: 'SIGTERM', ...(options.log ? { log: options.log } : {}) })
    if (await within(60_000, async () => server.ended() || (await answers(path)))) return server
    await server.stop()
    throw didNotStart(server)
  }
  const { server, setAside } = await launched(launch, dir)
  const stop = async (): Promise<void> => {
    await server.stop()
    rmSync(socketDir, { recursive: true, force: true })
  }
  return { url: path, path, pid: server.pid, setAside, stop }
}

/** A second time without the append-only file, where Redis refuses to start; it stays where it was if that was not the reason. */
const launched = async (
  launch: () => Promise<Started>,
  dir: string,
): Promise<{ readonly server: Started; readonly setAside: string | null }> => {
  const first = await launch()
  if (!first.ended()) return { server: first, setAside: null }
  const file = ['appendonlydir', 'appendonly.aof'].map((name) => join(dir, name)).find((path) => existsSync(path))
  if (file === undefined) throw didNotStart(first)
  const setAside = `${file}-unreadable-${new Date().toISOString().replaceAll(':', '-')}`
  renameSync(file, setAside)
  const second = await launch()
  if (!second.ended()) return { server: second, setAside }
  rmSync(file, { recursive: true, force: true })
  renameSync(setAside, file)
  throw didNotStart(first)
}

const didNotStart = (server: Started): Error => new Error(`Redis did not start:\n${server.output()}`)

/** True once it has loaded its data and answers PING (while loading it answers LOADING). */
const answers = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(path)
    const end = (answer: boolean): void => {
      socket.destroy()
      done(answer)
    }
    socket.setTimeout(2_000, () => end(false))
    socket.on('error', () => end(false))
    socket.on('data', (bytes) => end(bytes.toString().startsWith('+PONG')))
    socket.write('PING\r\n')
  })
