// The kill loop in short: some hundred deliveries while workers, API, lab, Redis and PostgreSQL are killed at random.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killLoop } from '../chaos/kill-loop.ts'
import { redisMissing } from '../support/redis.ts'

const given = process.env.RUNDRUF_CHAOS_SEED
const seed = given ? Number(given) : Math.floor(Math.random() * 1_000_000)

test(`P1, P2, F6, P5, P6: whatever dies, nothing is lost, doubled or inverted (RUNDRUF_CHAOS_SEED=${seed})`, {
  skip: redisMissing(),
  timeout: 600_000,
}, async (t) => {
  const outcome = await killLoop({
    seed,
    deliveries: 150,
    kills: 15,
    workers: 3,
    atOnce: 10,
    hurried: true,
    urgent: true,
    calmMs: 120_000,
    say: (line) => t.diagnostic(line),
  })
  const { lost, doubled, inverted, findings, surprises, deliveries, kills } = outcome
  assert.deepEqual({ lost, doubled, inverted, findings, surprises }, { lost: 0, doubled: 0, inverted: 0, findings: [], surprises: [] })
  assert.ok(deliveries >= 150 && kills >= 15, `${deliveries} deliveries, ${kills} kills`)
})
