// A real PostgreSQL 18 of our own, from the npm package: on a unix socket only, with its data in one directory.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { dyingWithUs, endByPid, leftover, read, type Started, socketDirectory, start, within, workingIn } from './child.ts'
import { type Account, accountFor, hydrate, postgresPackage, runAs } from './postgres-package.ts'

export interface PostgresOptions {
  /** Where everything of it lives; made when missing. */
  readonly dir: string
  /** Gets every line that PostgreSQL writes. */
  readonly log?: (line: string) => void
  /** More server settings, by name: `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Postgres {
  /** `postgresql:///rundruf?host=<socket directory>&user=postgres` */
  readonly url: string
  readonly pid: number
  readonly socketDir: string
  /** Ends it (fast shutdown) and waits; does nothing when an earlier start that is still alive owns it. */
  stop(): Promise<void>
}

const database = 'rundruf'
const usual: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/**
 * Starts PostgreSQL on `dir`, ready to be used: 0.7 s the first time, 0.05 s later. A server that still runs there is used (its
 * starter lives) or ended first (its starter was killed). Throws where the package has no binaries for this machine, and as root
 * without user namespaces where no other account can reach `dir` (the folders above it need `x` for all then).
 */
export const startPostgres = async (options: PostgresOptions): Promise<Postgres> => {
  const dir = resolve(options.dir)
  const home = postgresPackage()
  hydrate(home)
  mkdirSync(dirname(dir), { recursive: true, mode: 0o700 })
  if (!existsSync(dir)) mkdirSync(dir, { mode: 0o700 })
  const found = leftover(dir, postmaster(dir), clusterOf(dir))
  const socketDir = socketDirectory(dir, '.s.PGSQL.5432')
  const handle = (pid: number, stop: () => Promise<void>): Postgres => ({ url: urlOf(socketDir, database), pid, socketDir, stop })
  if (found?.kept) {
    await within(10_000, () => answers(socketDir))
    return handle(found.pid, async () => {})
  }
  if (found) await endByPid(found.pid, 'SIGINT')
  // a postmaster that was killed may have left its children at work: two servers on the same data would destroy it
  for (const orphan of workingIn(clusterOf(dir), 'postgres')) await endByPid(orphan, 'SIGTERM')
  const account = await accountFor({ home, directories: [dir, socketDir] })
  await initialise(home, dir, account)
  const server = launch({ ...options, dir, home, socketDir, account })
  await untilReady(server, socketDir)
  return handle(server.pid, async () => {
    await server.stop()
    rmSync(socketDir, { recursive: true, force: true })
  })
}

interface Launch extends PostgresOptions {
  readonly home: string
  readonly socketDir: string
  readonly account: Account
}

const launch = ({ dir, home, socketDir, account, settings, log }: Launch): Started => {
  // its process was looked for before and is not there: the file is of a server that was killed, and its number may be another's now
  rmSync(join(clusterOf(dir), 'postmaster.pid'), { force: true })
  const flags = Object.entries({ ...usual, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const postgres = dyingWithUs([join(home, 'native/bin/postgres'), '-D', clusterOf(dir), '-k', socketDir, ...flags], 'INT')
  return start({ ...runAs(account, postgres), dir, endBy: 'SIGINT', env: environment(dir), ...(log ? { log } : {}) })
}

/** Makes the cluster aside and moves it into place, so that one that was cut off half way is never used. */
const initialise = async (home: string, dir: string, account: Account): Promise<void> => {
  if (existsSync(join(clusterOf(dir), 'PG_VERSION'))) return
  const making = join(dir, `cluster-making-${process.pid}`)
  rmSync(making, { recursive: true, force: true })
  const { command, user } = runAs(account, [
    join(home, 'native/bin/initdb'),
    ...['-D', making, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--data-checksums'],
    ...['--locale-provider=builtin', '--locale=C.UTF-8', '--no-instructions'],
  ])
  await promisify(execFile)(command[0], command.slice(1), { cwd: dir, env: environment(dir), ...user })
  renameSync(making, clusterOf(dir))
}

const untilReady = async (server: Started, socketDir: string): Promise<void> => {
  const ready = await within(60_000, async () => server.ended() || (await answers(socketDir)))
  if (ready && !server.ended()) return
  await server.stop()
  throw new Error(`PostgreSQL did not start:\n${server.output()}`)
}

/** True once it takes connections; makes our database where it is missing. */
const answers = async (socketDir: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: urlOf(socketDir, 'postgres') })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${database}`)
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

const urlOf = (socketDir: string, name: string): string => `postgresql:///${name}?host=${encodeURIComponent(socketDir)}&user=postgres`

const clusterOf = (dir: string): string => join(dir, 'cluster')

const postmaster = (dir: string): number | undefined => Number(read(join(clusterOf(dir), 'postmaster.pid'))?.split('\n')[0]) || undefined

const environment = (dir: string): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', HOME: dir })
