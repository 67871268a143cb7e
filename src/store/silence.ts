// Notices a connection that has gone silent (half-open: nothing passes, and nobody is told), and never mistakes a long statement for one.
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

export interface SilenceOptions {
  readonly url: string
  onError(error: Error): void
}

/** Milliseconds. A warning may lose one statement, the pause of whoever asks again, and no more: far below the 15 seconds promised. */
const askAfterMs = 2000
const lookEveryMs = 1000
/** For the connection on which is asked; in vain, it is asked again at the next look. */
const patience = { connectionTimeoutMillis: 2000, query_timeout: 2000 }

/**
 * The pool with an ear at each statement. Whoever waits for an answer longer than two seconds has its server process asked about on
 * another connection: where it works, the statement may take its time; where it has long been idle or is gone, the connection is dead,
 * and the statement fails like one whose connection broke. What has not been heard since is not used any more either.
 *
 * Behind a pooler that gives numbers of its own to connections (PgBouncer) nothing can be asked; there only TCP keep-alive helps.
 */
export const noticingSilence = (pool: pg.Pool, options: SilenceOptions): PostgresPool => {
  const known: Known = { waiting: new Map(), heard: new WeakMap(), doubtfulUntil: Number.NEGATIVE_INFINITY, asking: false }
  pool.on('connect', (client) => known.heard.set(client, performance.now()))
  const looking = setInterval(() => void look(known, options), lookEveryMs).unref()
  return { options: pool.options, connect: () => connect(pool, known), end: () => pool.end().finally(() => clearInterval(looking)) }
}

/** Moments of the monotonic clock. */
interface Known {
  /** Who waits for an answer, and since when. */
  readonly waiting: Map<pg.PoolClient, number>
  readonly heard: WeakMap<pg.PoolClient, number>
  /** Who was not heard since this moment may be as dead as the one that was found out. */
  doubtfulUntil: number
  asking: boolean
}

const connect = async (pool: pg.Pool, known: Known): Promise<PostgresPoolClient> => {
  for (;;) {
    const client = await pool.connect()
    if ((known.heard.get(client) ?? 0) >= known.doubtfulUntil) return lend(known, client)
    client.release(true)
    hangUp(client)
  }
}

const lend = (known: Known, client: pg.PoolClient): PostgresPoolClient => {
  const query = (sql: string, parameters: readonly unknown[]) => ask(known, client, () => client.query(sql, [...parameters]))
  return { query, release: (destroy?: boolean) => client.release(destroy) } as unknown as PostgresPoolClient
}

const ask = async <T>(known: Known, client: pg.PoolClient, question: () => Promise<T>): Promise<T> => {
  const asked = performance.now()
  known.waiting.set(client, asked)
  try {
    const answer = await question()
    known.heard.set(client, performance.now())
    return answer
  } catch (error) {
    if (isAnswer(error)) known.heard.set(client, performance.now())
    // the pool would give the next one a connection that still owes an answer
    else giveUp(known, client, asked)
    throw error
  } finally {
    known.waiting.delete(client)
  }
}

const giveUp = (known: Known, client: pg.PoolClient, asked: number): void => {
  known.doubtfulUntil = Math.max(known.doubtfulUntil, asked)
  hangUp(client)
}

const look = async (known: Known, { url, onError }: SilenceOptions): Promise<void> => {
  const late = [...known.waiting].filter(([, asked]) => performance.now() - asked > askAfterMs)
  if (known.asking || late.length === 0) return
  known.asking = true
  const pids = late.map(([client]) => pidOf(client))
  // when nobody answers there either, the store is away
  const silent = await silentAmong(url, pids).catch((): readonly number[] => [])
  for (const [client, asked] of late) {
    if (!silent.includes(pidOf(client)) || known.waiting.get(client) !== asked) continue
    onError(new Error('a connection to the store had gone silent'))
    giveUp(known, client, asked)
  }
  known.asking = false
}

/** PostgreSQL itself said no; everything else is a connection that gave no answer. */
const isAnswer = (error: unknown): boolean => error instanceof pg.DatabaseError

/**
 * Those server processes that wait for a word from us while we wait for one from them, or that are no more. The first are ended at their
 * side too: they take up a place, and perhaps hold locks.
 */
const silentAmong = async (url: string, pids: readonly number[]): Promise<readonly number[]> => {
  const client = new pg.Client({ connectionString: url, ...patience })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ pid: number; me: number; silent: boolean }>(silence, [pids])
    return rows.filter(({ me, silent }) => silent && me === pidOf(client)).map(({ pid }) => pid)
  } finally {
    hangUp(client)
  }
}

/** An answer may be on its way for a moment: idle counts after a second. */
const silence = `
  with wished as (
    select w.pid, a.pid is null as gone, a.state <> 'active' and a.state_change < now() - interval '1 second' as idle
    from unnest($1::int[]) as w (pid) left join pg_stat_activity a
      on a.pid = w.pid and a.usename = session_user and a.datname = current_database()
  )
  select pid, pg_backend_pid() as me, gone or idle as silent, case when idle then pg_terminate_backend(pid) end as ended from wished`

/** What `pg` keeps but does not name in its types. */
interface Inside {
  readonly processID: number
  readonly connection: { readonly stream: { destroy(): void } }
}

const pidOf = (client: object): number => (client as Inside).processID

/** Without a goodbye: on a dead wire it would wait for ever. */
export const hangUp = (client: object): void => (client as Inside).connection.stream.destroy()
