// Runs the lab on its own: node lab/run.ts --port 8081. Prints {"url": …} when it listens; SIGINT or SIGTERM ends it.
// With --journal FILE it forgets nothing when it dies: the next one on the same file and port goes on where it ended.
// With --moods '{"mastodon":{"clockMs":-120000}}' platforms have other clocks or show texts in their own way: see moods.ts.
// With --no-keys Mastodon ignores idempotency keys.
import { parseArgs } from 'node:util'
import { startLab } from './lab.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8081' },
    host: { type: 'string', default: '127.0.0.1' },
    'no-rate-limits': { type: 'boolean', default: false },
    journal: { type: 'string' },
    moods: { type: 'string' },
    'no-keys': { type: 'boolean', default: false },
  },
})
const limits = values['no-rate-limits'] ? ({ rateLimits: false } as const) : {}
const keys = values['no-keys'] ? { keySeconds: 0 } : {}
const lab = await startLab({
  port: Number(values.port),
  host: values.host,
  settings: { bluesky: limits, mastodon: { ...limits, ...keys } },
  ...(values.moods !== undefined && { moods: JSON.parse(values.moods) }),
  ...(values.journal !== undefined && { journal: values.journal }),
})
process.stdout.write(`${JSON.stringify({ url: lab.url })}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void lab.stop())
