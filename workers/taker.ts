// Takes the jobs of one lane; the worker that fetches them can be exchanged for a fresh one while its jobs go on.
import type { Job, Worker } from 'bullmq'
import type { Connection } from './connection.ts'
import { within } from './within.ts'

export type Way = 'urgent' | 'routine'

export interface Lane {
  readonly platform: string
  readonly way: Way
  /** Jobs at the same time in this process. */
  readonly concurrency: number
}

export interface Taker {
  readonly lane: Lane
  /** How long no job has begun though hands were free; 0: all hands are busy. */
  quietMs(): number
  /** Lets a fresh worker fetch on a fresh connection; what runs, runs on. */
  restart(): void
  /** Aborts the signals of the running ones. */
  cancel(reason: string): void
  /** Stops taking; waits for the running ones. */
  close(): Promise<void>
}

export type Run = (job: Job, token?: string, signal?: AbortSignal) => Promise<void>

export interface Fetching {
  /** What all lanes begin with. */
  readonly shared: Connection
  /** A connection for a worker of its own. */
  connect(): Connection
  open(run: Run, connection: Connection): Worker
}

export const openTaker = (lane: Lane, run: Run, fetching: Fetching): Taker => {
  const running = new Set<Promise<void>>()
  let began = performance.now()
  // BullMQ gives the signal only to functions that name three parameters
  const noted: Run = (job, token, signal) => {
    began = performance.now()
    const one = run(job, token, signal).finally(() => running.delete(one))
    running.add(one)
    return one
  }
  let connection = fetching.shared
  let worker = fetching.open(noted, connection)
  const drop = (old: Connection): void => {
    if (old !== fetching.shared) old.close()
  }
  return {
    lane,
    quietMs: () => (running.size >= lane.concurrency ? 0 : performance.now() - began),
    restart: () => {
      const old = { worker, connection }
      began = performance.now()
      connection = fetching.connect()
      worker = fetching.open(noted, connection)
      // not waited for: it is the one that does not answer
      void old.worker.close(true).catch(() => {})
      drop(old.connection)
    },
    cancel: (reason) => worker.cancelAllJobs(reason),
    close: async () => {
      await leave(worker, running, connection)
      drop(connection)
    },
  }
}

/** For BullMQ to write down how the last jobs ended; what it does not get done is made good by the store. */
const farewellMs = 5000

/** Stops taking and waits for the running jobs. BullMQ alone would wait for an absent Redis, or a silent one, to hear that it is leaving. */
const leave = async (worker: Worker, running: ReadonlySet<Promise<void>>, { redis }: Connection): Promise<void> => {
  const inOrder = redis === null || redis.status === 'ready'
  const closing = inOrder ? worker.close() : undefined
  await Promise.allSettled(running)
  await within(farewellMs, closing ?? worker.close(true)).catch(() => {})
}
