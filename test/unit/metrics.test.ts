// What is counted, and that counting never breaks what it counts.
import assert from 'node:assert/strict'
import test from 'node:test'
import { type DeliveryFacts, makeEvents } from '../../src/observing/events.ts'
import { makeLog } from '../../src/observing/log.ts'
import { makeMetrics, showStanding } from '../../src/observing/metrics.ts'

const facts: DeliveryFacts = {
  delivery: '0198a1a2-0000-7000-8000-000000000001',
  announcement: '0198a1a2-0000-7000-8000-000000000002',
  city: 'bonn',
  channel: 'bluesky-bonn',
  platform: 'bluesky',
  way: 'urgent',
}

const observed = () => {
  const metrics = makeMetrics({ withProcess: false })
  return { metrics, events: makeEvents(makeLog({ level: 'silent' }), metrics), text: () => metrics.registry.metrics() }
}

test('a delivered delivery is counted once, with the time from release to receipt', async () => {
  const { events, text } = observed()
  events.attemptBegan({ ...facts, number: 1, fence: 1 })
  events.delivered({ ...facts, seconds: 0.4, attempts: 1, url: null })
  const said = await text()
  assert.match(said, /rundruf_deliveries_total\{platform="bluesky",way="urgent",outcome="delivered"\} 1/)
  assert.match(said, /rundruf_attempts_total\{platform="bluesky",way="urgent",result="delivered"\} 1/)
  assert.match(said, /rundruf_release_to_receipt_seconds_bucket\{le="0.25",platform="bluesky",way="urgent"\} 0/)
  assert.match(said, /rundruf_release_to_receipt_seconds_bucket\{le="0.5",platform="bluesky",way="urgent"\} 1/)
})

test('every way to end and every class of failure has its own series', async () => {
  const { events, text } = observed()
  for (const failure of ['rejected', 'channel', 'not-yet', 'unreachable', 'unclear'] as const)
    events.failed({ ...facts, failure, detail: 'x', next: 'waiting' })
  events.expired(facts)
  events.superseded(facts)
  events.gaveUp(facts)
  events.held({ ...facts, for: 'answer' })
  events.channelSuspended({ city: 'bonn', channel: 'bluesky-bonn', platform: 'bluesky', by: 'platform', because: '401' })
  const said = await text()
  for (const result of ['rejected', 'channel', 'not-yet', 'unreachable', 'unclear'])
    assert.match(said, new RegExp(`result="${result}"\\} 1`))
  for (const outcome of ['expired', 'superseded', 'given-up']) assert.match(said, new RegExp(`outcome="${outcome}"\\} 1`))
  assert.match(said, /rundruf_holds_total\{platform="bluesky",way="urgent",for="answer"\} 1/)
  assert.match(said, /rundruf_channel_suspensions_total\{platform="bluesky",by="platform"\} 1/)
})

test('no label carries an id, a channel, a city or an address', async () => {
  const { events, text } = observed()
  events.delivered({ ...facts, seconds: 1, attempts: 1, url: 'https://example.org/1' })
  events.answered({
    method: 'GET',
    route: '/api/v1/announcements/:id',
    status: 200,
    milliseconds: 3,
    actor: 'somebody',
    request: facts.delivery,
  })
  const said = await text()
  for (const high of [facts.delivery, facts.announcement, 'bluesky-bonn', '"bonn"', 'example.org', 'somebody'])
    assert.equal(said.includes(high), false, high)
})

test('gauges follow the store: a lane that has emptied is gone', async () => {
  const { metrics, text } = observed()
  showStanding(metrics, [{ platform: 'mastodon', way: 'routine', depth: 7, oldestSeconds: 12.5, overdue: 3, held: 2 }])
  const before = await text()
  assert.match(before, /rundruf_queue_depth\{platform="mastodon",way="routine"\} 7/)
  assert.match(before, /rundruf_queue_oldest_age_seconds\{platform="mastodon",way="routine"\} 12.5/)
  assert.match(before, /rundruf_queue_overdue\{platform="mastodon",way="routine"\} 3/)
  assert.match(before, /rundruf_held\{platform="mastodon",way="routine"\} 2/)
  showStanding(metrics, [])
  assert.doesNotMatch(await text(), /mastodon/)
})

test('an event never throws, whatever it is given', async () => {
  const { events } = observed()
  events.delivered({ ...facts, seconds: Number.NaN, attempts: 1, url: null })
  const fullDisk = { write: () => assert.fail('full disk') }
  const broken = makeEvents(makeLog({ level: 'debug', destination: fullDisk }), makeMetrics({ withProcess: false }))
  for (const event of Object.values(broken) as ((given?: unknown) => void)[]) {
    event(undefined)
    event({})
    event({ way: {} })
  }
})

test('Redis is shown as away until it is back', async () => {
  const { events, text } = observed()
  events.redisAway({ error: 'ECONNREFUSED' })
  assert.match(await text(), /rundruf_queue_away 1/)
  events.redisBack()
  assert.match(await text(), /rundruf_queue_away 0/)
})
