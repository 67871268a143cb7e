// A worker process that dies or is paused at a named point, or never: `node test/support/dying-worker.ts WISH`, the wish as JSON.
// Says `ready` when it works.
import { writeSync } from 'node:fs'
import { readConfig } from '../../config/config.ts'
import { open } from '../../src/join.ts'
import type { Wish } from '../../src/store/claims.ts'
import { every } from '../../workers/every.ts'
import type { Queues } from '../../workers/queue.ts'
import type { WorkerParts } from '../../workers/start.ts'
import { type CrashPoint, type Reach, withCrashPoints } from './crash-points.ts'
import type { DyingWish } from './dying.ts'
import { connectorsWithFar } from './far-connector.ts'

const wish = JSON.parse(process.argv[2] ?? '{}') as DyingWish

/** Those who come first wait at the point until the last one has come; then it happens to all of them. */
const reach = ({ point, happens = 'dies', of }: DyingWish): Reach => {
  const count = Number(point?.split(':')[2] ?? 1)
  const name = point?.split(':', 2).join(':') as CrashPoint | undefined
  const { promise: goOn, resolve } = Promise.withResolvers<void>()
  let arrived = 0
  return async (reached, delivery) => {
    if (reached !== name || arrived >= count) return
    if (of && delivery !== undefined && !of.includes(delivery)) return
    arrived += 1
    if (arrived === count) {
      writeSync(1, 'there\n')
      if (typeof happens === 'object') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, happens.blockedMs)
      else process.kill(process.pid, happens === 'dies' ? 'SIGKILL' : 'SIGSTOP')
      resolve()
    }
    await goOn
  }
}

/** Serves nothing but these: who dies at a point dies for its own delivery. */
const alone = (parts: WorkerParts): WorkerParts => {
  const { ledger, queues } = parts
  const mine = (id: string): boolean => wish.of?.includes(id) ?? false
  if (!wish.alone) return parts
  const served = { ...parts, ledger: { ...ledger, claim: async (one: Wish) => (mine(one.id) ? ledger.claim(one) : undefined) } }
  if (wish.alone === true) return served
  const take: Queues['take'] = (lane, process) => {
    const started = new Set<string>()
    const signal = new AbortController().signal
    const taking = every(
      100,
      async () => {
        if (lane.way === 'routine') return
        for (const { id, turn } of await ledger.dueUrgent([lane.platform], 500)) {
          if (!mine(id) || started.has(`${id} ${turn}`)) continue
          started.add(`${id} ${turn}`)
          process({ deliveryId: id, turn }, signal).catch(() => {})
        }
      },
      () => {},
    )
    return { lane, quietMs: () => 0, restart: () => {}, cancel: () => {}, close: () => taking.close() }
  }
  return { ...served, queues: { ...queues, take } }
}

const running = await open(
  readConfig(),
  { roles: 'work', only: wish.only ?? null },
  { connectors: connectorsWithFar(wish.times), around: (parts) => alone(withCrashPoints(parts, reach(wish))) },
)
process.once('SIGTERM', () => void running.stop(10_000).then(() => process.exit()))
process.stdout.write('ready\n')
