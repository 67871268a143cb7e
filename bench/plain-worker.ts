// The yardstick's worker process: BullMQ as one writes it without a store, with an empty processor or with one HTTP POST per job.
import { type Job, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { PlainWish } from './plain.ts'

const { redisPath, labUrl, concurrency, prefix } = JSON.parse(process.argv[2] ?? '') as PlainWish

const post = async ({ id, data }: Job): Promise<void> => {
  const answer = await fetch(`${labUrl}/mastodon/api/v1/statuses`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${data.token}`,
      'content-type': 'application/json',
      'idempotency-key': id as string,
    },
    body: JSON.stringify({ status: data.text, language: 'de', visibility: 'public' }),
    // no job may hang for ever: the time that Rundruf gives an attempt
    signal: AbortSignal.timeout(30_000),
  })
  if (!answer.ok) throw new Error(`the lab answered ${answer.status}`)
  await answer.json()
}

const connection = new Redis({ path: redisPath, maxRetriesPerRequest: null })
let open = 0
const oneLess = (): void => {
  open--
  if (open === 0) process.send?.({ done: true })
}
const workers = [
  new Worker('empty', async () => {}, { connection, prefix, concurrency }),
  new Worker('post', post, { connection, prefix, concurrency }),
]
for (const worker of workers) {
  worker.on('completed', oneLess)
  worker.on('failed', (_, error) => {
    throw error
  })
  await worker.waitUntilReady()
}
process.on('message', ({ expect }: { readonly expect: number }) => {
  open += expect
})
process.once('SIGTERM', async () => {
  await Promise.all(workers.map((worker) => worker.close()))
  connection.disconnect()
  process.disconnect()
})
// its parent is gone
process.once('disconnect', () => process.exit())
process.send?.({ ready: true })
