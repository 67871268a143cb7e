// Rundruf's worker process, started as `rundruf work` starts it; besides, it counts receipts and says how much memory it holds.
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from '../config/config.ts'
import { open } from '../src/join.ts'
import type { WorkerParts } from '../workers/start.ts'

let awaited = 0

/** Counts receipts where they are written, so that nobody has to ask the store again and again. */
const counting = (parts: WorkerParts): WorkerParts => ({
  ...parts,
  ledger: {
    ...parts.ledger,
    delivered: async (done) => {
      const settlement = await parts.ledger.delivered(done)
      awaited -= 1
      if (awaited === 0) process.send?.({ done: true })
      return settlement
    },
  },
})

const running = await open(readConfig(JSON.parse(process.argv[2] ?? '')), { roles: 'work', only: null }, { around: counting })

/** What the process holds on to: the last resort also gives back the empty pages that V8 keeps for the next rush. */
const afterCollection = async (): Promise<NodeJS.MemoryUsage> => {
  for (let round = 0; round < 4; round++) {
    gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    await pause(250)
  }
  return process.memoryUsage()
}

process.on('message', async ({ receipts }: { readonly receipts?: number }) => {
  if (receipts === undefined) process.send?.(await afterCollection())
  else awaited = receipts
})
process.once('SIGTERM', async () => {
  await running.stop(1000)
  process.disconnect()
})
// its parent is gone
process.once('disconnect', () => process.exit())
process.send?.({ ready: true })
