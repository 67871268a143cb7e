// Knows BullMQ: a queue per platform and way, jobs that hold a delivery's id and turn and nothing else.
import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { createPostgresBackend, Queue, Worker, withBackend } from 'bullmq'
import type { Redis } from 'ioredis'
import { isUuid } from '../src/connector/uuid.ts'
import type { Handover } from '../src/store/outbox.ts'
import { type Connection, connectionTo, forAnswers, forWorkers, type QueueHome } from './connection.ts'
import { type Lane, openTaker, type Run, type Taker, type Way } from './taker.ts'
import { within } from './within.ts'

export type { QueueHome } from './connection.ts'
export type { Lane, Taker, Way } from './taker.ts'

export interface Queues {
  /** Adds one job for each row; the same delivery and turn twice is one job. Rejects within two seconds while Redis is away. */
  add(rows: readonly Handover[]): Promise<void>
  /** Takes the jobs of one platform and way. */
  take(lane: Lane, process: Process): Taker
  /** Those of these deliveries (with their turns) for which the queue has no job that waits or runs. */
  missing(rows: readonly { readonly id: string; readonly turn: number; readonly platform: string; readonly way: Way }[]): Promise<string[]>
  /** False where the jobs lie in PostgreSQL: they are as durable as the store, and there is no mark to compare. */
  readonly canForget: boolean
  /** Writes a word into Redis: rejects while it is away, and while it takes nothing (full, a failing disk, a read-only replica). */
  pulse(): Promise<void>
  /** The mark that Redis holds; null: it forgot. Rejects while it is away. */
  mark(): Promise<string | null>
  setMark(mark: string): Promise<void>
  /** The queues as bull-board shows them: read-only, without retry buttons. */
  forBoard(): readonly BaseAdapter[]
  /** The quick connection, for what else counts in Redis (the pace); null on PostgreSQL. */
  readonly redis: Redis | null
  close(): Promise<void>
}

type Process = (job: { readonly deliveryId: string; readonly turn: number }, signal: AbortSignal) => Promise<void>

/** Hash-tagged, so that all keys of a queue live on one node of a Redis Cluster. */
const prefix = '{rundruf}'
const markKey = `${prefix}:mark`
const pulseKey = `${prefix}:pulse`
const ways: readonly Way[] = ['urgent', 'routine']
const nameOf = (platform: string, way: Way): string => `deliver-${platform}-${way}`
const jobId = (id: string, turn: number): string => `${id}-${turn}`

/** Always set: a job without a priority would overtake every other. Lower goes first. */
const priority: Readonly<Record<Way, number>> = { urgent: 1, routine: 10 }

/** How soon a lock is given up whose worker died; the store's lease decides what then happens. */
const locks = {
  urgent: { lockDuration: 5000, stalledInterval: 2000 },
  routine: { lockDuration: 30_000, stalledInterval: 10_000 },
} as const

/** What operators may look at afterwards; told to the workers once, so that no job has to carry it. Seconds, jobs. */
const kept = { age: 86_400, count: 5000 }

const toJob = ({ deliveryId, turn, way }: Handover) => ({
  name: 'deliver',
  data: { deliveryId, turn },
  opts: {
    jobId: jobId(deliveryId, turn),
    priority: priority[way],
    attempts: 1,
  },
})

/**
 * Opens the queues of these platforms.
 * @param onError hears of broken connections; they come back by themselves
 */
export const openQueues = (home: QueueHome, platforms: readonly string[], onError: (error: Error) => void): Queues => {
  const classes = home.kind === 'postgres' ? withBackend(createPostgresBackend) : undefined
  const QueueClass = (classes?.Queue ?? Queue) as typeof Queue
  const WorkerClass = (classes?.Worker ?? Worker) as typeof Worker
  const fast = connectionTo(home, forAnswers, onError)
  const patient = connectionTo(home, forWorkers, onError)
  const made = new Set<Queue>()
  const make = (name: string, connection: Connection): Queue => {
    const queue = new QueueClass(name, { connection: connection.options, prefix })
    queue.on('error', onError)
    made.add(queue)
    return queue
  }
  const queueOf = reached({
    make: (name) => make(name, fast),
    drop: (queue) => {
      made.delete(queue)
      void queue.close().catch(() => {})
    },
  })
  return {
    forBoard: () =>
      platforms.flatMap((platform) => ways.map((way) => new BullMQAdapter(make(nameOf(platform, way), patient), { readOnlyMode: true }))),
    redis: fast.redis,
    canForget: home.kind !== 'postgres',
    add: async (rows) => {
      for (const group of Map.groupBy(rows, (row) => nameOf(row.platform, row.way)).values()) {
        const queue = await queueOf((group[0] as Handover).platform, (group[0] as Handover).way)
        await queue.addBulk(group.map(toJob))
      }
    },
    take: (lane, process) =>
      openTaker(lane, runJob(process), {
        shared: patient,
        connect: () => connectionTo(home, forWorkers, onError),
        open: (run, connection) => {
          const worker = new WorkerClass(nameOf(lane.platform, lane.way), run, {
            connection: connection.options,
            prefix,
            concurrency: lane.concurrency,
            maxStalledCount: 1000,
            removeOnComplete: kept,
            removeOnFail: kept,
            ...locks[lane.way],
          })
          worker.on('error', onError)
          worker.on('lockRenewalFailed', (ids) => {
            for (const id of ids) worker.cancelJob(id, 'the lock was lost')
          })
          return worker
        },
      }),
    missing: async (rows) => {
      const known = await Promise.all(
        rows.map(async ({ id, turn, platform, way }) => isOpen(await queueOf(platform, way), jobId(id, turn), fast.redis)),
      )
      return rows.flatMap((row, at) => (known[at] ? [] : [row.id]))
    },
    pulse: async () => {
      await fast.redis?.set(pulseKey, '', 'EX', 60)
    },
    mark: async () => (fast.redis ? fast.redis.get(markKey) : null),
    setMark: async (mark) => {
      await fast.redis?.set(markKey, mark)
    },
    close: async () => {
      await Promise.allSettled([...made].map((queue) => queue.close()))
      fast.close()
      patient.close()
    },
  }
}

/** A job that ended and left its delivery where it was (the store was away just then) is as good as lost. */
const isOpen = async (queue: Queue, id: string, redis: Redis | null): Promise<boolean> => {
  if (redis === null) {
    const known = await queue.getJob(id)
    return known !== undefined && known.finishedOn === undefined
  }
  // two fields of a thousand jobs: to read them whole would keep the process from its warnings
  const [made, finished] = await redis.hmget(queue.toKey(id), 'timestamp', 'finishedOn')
  return made !== null && finished === null
}

/** A Redis that takes longer to connect is as good as away. */
const patienceMs = 2000

/** Makes each queue when it is first wanted. One that could not reach Redis then never recovers: it is made anew at the next call. */
const reached = ({ make, drop }: { make(name: string): Queue; drop(queue: Queue): void }) => {
  const ready = new Map<string, Queue>()
  return async (platform: string, way: Way): Promise<Queue> => {
    const name = nameOf(platform, way)
    const known = ready.get(name)
    if (known) return known
    const queue = make(name)
    try {
      await within(patienceMs, queue.waitUntilReady())
    } catch (error) {
      drop(queue)
      throw error
    }
    ready.set(name, queue)
    return queue
  }
}

/** A job that is not one of ours is left alone: only the store's rows are believed. */
const runJob =
  (process: Process): Run =>
  async (job, _token, signal) => {
    const { deliveryId, turn } = (job.data ?? {}) as Record<string, unknown>
    if (typeof deliveryId !== 'string' || !isUuid(deliveryId) || !Number.isInteger(turn)) throw new Error('not a job of Rundruf')
    await process({ deliveryId, turn: turn as number }, signal ?? new AbortController().signal)
  }
