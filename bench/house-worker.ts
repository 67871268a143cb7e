// Rundruf's worker process, started as `rundruf work` starts it; besides, it says how much memory it holds.
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from '../config/config.ts'
import { open } from '../src/join.ts'

const running = await open(readConfig(JSON.parse(process.argv[2] ?? '')), { roles: 'work', only: null })

/** What garbage collection frees goes back to the system a little later. */
const afterCollection = async (): Promise<NodeJS.MemoryUsage> => {
  for (let round = 0; round < 4; round++) {
    gc?.()
    await pause(250)
  }
  return process.memoryUsage()
}

process.on('message', async () => process.send?.(await afterCollection()))
process.once('SIGTERM', async () => {
  await running.stop(1000)
  process.disconnect()
})
// its parent is gone
process.once('disconnect', () => process.exit())
process.send?.({ ready: true })
