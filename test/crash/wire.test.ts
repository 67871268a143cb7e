// The way to the platforms fails in every way a network can: each post stands there once, and one platform's trouble is not another's.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { aPager } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { once, standing, threeChannels } from '../support/three-channels.ts'
import { aWire, type Damage, type Wire } from '../support/wire.ts'

/** For a platform to post what has just arrived: nothing tells when it has refused a second one. */
const graceMs = 200
const budgetSeconds = 2
const settleSeconds = 3
const quick = new Map([...hurried].map(([name, connector]) => [name, { ...connector, budgetSeconds, settleSeconds }]))
const stale = aPager({ platform: 'stale', repeat: 'find', can: ['find'], settleSeconds: 2, staleMs: 1500 })
const cities = aCityFolder({ bonn: { channels: threeChannels('bonn') }, mainz: { channels: [{ name: 'stale', platform: 'stale' }] } })
const platforms = ['mastodon', 'bluesky'] as const

describe('a platform', { skip: redisMissing(), concurrency: 1 }, () => {
  let rundruf: TestRundruf
  let wires: Readonly<Record<string, Wire>>

  before(async () => {
    wires = { mastodon: await aWire({ port: 0 }), bluesky: await aWire({ port: 0 }) }
    rundruf = await aRundruf({
      cities,
      exchange: {
        connectors: new Map([...quick, ['stale', stale.connector]]),
        around: (parts) => ({
          ...parts,
          settingsOf: (city, channel, connector) => {
            const wire = wires[connector.platform]
            const settings = parts.settingsOf(city, channel, connector) as object
            return wire ? { ...settings, base: `http://127.0.0.1:${wire.port}/${connector.platform}` } : settings
          },
        }),
      },
    })
    for (const wire of Object.values(wires)) wire.redirect({ port: Number(new URL(rundruf.running.labUrl ?? '').port) })
    await rundruf.settled(await notice('Vorher'))
  })
  after(async () => {
    await rundruf?.[Symbol.asyncDispose]()
    for (const wire of Object.values(wires ?? {})) await wire[Symbol.asyncDispose]()
  })

  const notice = (title: string, more: object = {}) => rundruf.announce({ title, text: 'Ein Satz für alle.', ...more })
  const warn = (title: string) => rundruf.announce({ kind: 'warning', severity: 'Severe', title, text: 'Bitte Fenster schließen.' })
  const of = (platform: string, { deliveries }: AnnouncementDetail) => {
    const delivery = deliveries.find((one) => one.platform === platform)
    assert.ok(delivery)
    return delivery
  }
  const mend = () => Promise.all(platforms.map((platform) => rundruf.fault(platform, { fault: 'slow', afterMs: 0, operation: 'any' })))
  const log = () => readFileSync(join(rundruf.config.data, 'rundruf.log'), 'utf8')

  /** The connections that are open now, and the next ones, are damaged while a notice goes out. */
  const goesOnce = async (title: string, damage: Damage): Promise<void> => {
    for (const wire of Object.values(wires)) {
      wire.damage(damage)
      wire.damageNew(damage)
    }
    const id = await notice(title)
    await poll('the first attempts', async () => {
      const { deliveries } = await rundruf.show(id)
      return deliveries.every(({ history }) => history.some(({ event }) => event === 'delivered' || event === 'failed'))
    })
    for (const wire of Object.values(wires)) wire.damageNew(null)
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    await poll('what was held to arrive', () => Object.values(wires).every((wire) => wire.calm()))
    await pause(graceMs)
    assert.deepEqual(await standing(rundruf, title), once)
  }

  const cuts: readonly (readonly [string, Damage])[] = [
    ['resets before the status line', { kind: 'reset', direction: 'back', afterBytes: 0 }],
    ['hangs up in the middle of its headers', { kind: 'cut', direction: 'back', afterBytes: 40 }],
    ['hangs up in the middle of its answer', { kind: 'cut', direction: 'back', afterBytes: 500 }],
    ['resets in the middle of the request', { kind: 'reset', direction: 'out', afterBytes: 60 }],
  ]
  for (const [what, damage] of cuts)
    it(`P2, F9: that ${what} has one post`, async () => {
      const before = Object.values(wires).reduce((sum, wire) => sum + wire.broken(), 0)
      await goesOnce(`Abriss ${damage.kind} ${cuts.findIndex(([one]) => one === what)}.`, damage)
      assert.ok(Object.values(wires).reduce((sum, wire) => sum + wire.broken(), 0) - before >= platforms.length, 'both connections broke')
    })

  it('F9: whose answers come in slices of seven bytes has one post', () => goesOnce('Häppchen', { kind: 'slice', bytes: 7 }))

  it('P2, F10: that accepts after we gave up, and before we look, has one post', () =>
    goesOnce('Spät', { kind: 'stall', forMs: budgetSeconds * 1000 + 1000 }))

  it('P2, F10: that accepts only after we have looked and asked again under the same key or name has one post', () =>
    goesOnce('Sehr spät', { kind: 'stall', forMs: (budgetSeconds + settleSeconds) * 1000 + 2500 }))

  it('F11: whose read-back is stale is given time to settle, and has one post', async () => {
    stale.will('publish', 'posted-lost')
    const id = await rundruf.announce({ city: 'mainz', title: 'Altes Bild', text: 'Ein Satz.' })
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    assert.equal(stale.pages.length, 1)
    assert.equal(stale.calls('publish'), 1)
  })

  it('P7, F12: that hangs, or asks for patience for an hour, holds up no other, and a warning says when it will come', async () => {
    await rundruf.fault('mastodon', { fault: 'hang', times: 'always', operation: 'any' })
    await rundruf.fault('bluesky', { fault: 'throttle', retryAfter: 3600, times: 'always' })
    const ids = [await warn('Rauch'), ...(await Promise.all(Array.from({ length: 20 }, (_, n) => notice(`Nebenher ${n}.`))))]
    for (const id of ids) {
      const view = await poll('the others to have it', async () => {
        const now = await rundruf.show(id)
        return of('newsroom', now).state === 'delivered' ? now : undefined
      })
      for (const platform of platforms) assert.notEqual(of(platform, view).state, 'delivered', `${platform} is still in trouble`)
    }
    const [warning = ''] = ids
    const waiting = await poll('the throttled one to wait', async () => {
      const delivery = of('bluesky', await rundruf.show(warning))
      return delivery.state === 'waiting' ? delivery : undefined
    })
    const minutes = (Date.parse(waiting.dueAt) - Date.now()) / 60_000
    assert.ok(minutes > 55 && minutes <= 60.5, `it says when: in ${minutes} minutes`)
    assert.match(waiting.reason ?? '', /bittet um Geduld/)
    await mend()
    await poll('the one that hung', async () => of('mastodon', await rundruf.show(warning)).state === 'delivered', 60_000)
    assert.equal((await standing(rundruf, 'Rauch')).mastodon, 1)
  })

  it('P8: that says when to come back hears nothing of us before that', async () => {
    const posts = () => wires.bluesky?.times('com.atproto.repo.putRecord') ?? 0
    const before = posts()
    await rundruf.fault('bluesky', { fault: 'throttle', retryAfter: 4 })
    const id = await notice('Geduld')
    const waiting = await poll('the refusal', async () => {
      const delivery = of('bluesky', await rundruf.show(id))
      return delivery.state === 'waiting' ? delivery : undefined
    })
    const due = Date.parse(waiting.dueAt)
    while (Date.now() < due - 200) {
      assert.equal(posts() - before, 1, 'one request, and none inside the window')
      await rundruf.show(id)
    }
    const delivered = of('bluesky', await rundruf.settled(id))
    assert.equal(posts() - before, 2)
    assert.equal(delivered.attempts, 1, 'patience costs no attempt')
  })

  it('P7, F13: that answers 503 for long gets all in order when it is back; what has expired meanwhile is dropped and reported', async () => {
    await rundruf.fault('mastodon', { fault: 'unavailable', times: 'always', operation: 'any' })
    const id = await notice('Ausfall')
    const expiring = await notice('Verfallen', { expires: new Date(Date.now() + 8000).toISOString() })
    await poll('the trouble', async () => of('mastodon', await rundruf.show(id)).state === 'looking')
    await poll('the others to have it', async () => {
      const view = await rundruf.show(id)
      return ['newsroom', 'bluesky'].every((platform) => of(platform, view).state === 'delivered')
    })
    assert.equal((await rundruf.api('POST', `/announcements/${id}/amend`, { text: 'Ein besserer Satz.' })).status, 200)
    await poll('the end of its validity', async () => {
      const { announcement } = await rundruf.show(expiring)
      return Date.parse(announcement.expires ?? '') < Date.now() - 1000
    })
    await mend()
    const expired = of('mastodon', await rundruf.settled(expiring))
    assert.equal(expired.state, 'expired')
    assert.match(expired.reason ?? '', /nicht mehr gültig/)
    await poll('the report', () => new RegExp(`"delivery":"${expired.id}".*delivery expired`).test(log()))
    assert.equal((await standing(rundruf, 'Verfallen')).mastodon, 0)
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    const [post, ...more] = (await rundruf.ledger('mastodon')).filter(({ text }) => text.includes('Ausfall'))
    assert.equal(more.length, 0)
    assert.match(post?.text ?? '', /besserer/)
  })

  const refreshes = () => wires.bluesky?.times('com.atproto.server.refreshSession') ?? 0
  const requests = () => wires.bluesky?.times('POST /bluesky/xrpc/') ?? 0

  it('F14: whose token has run out gets one refresh and the post', async () => {
    const before = refreshes()
    await rundruf.fault('bluesky', { fault: 'expired-token' })
    const id = await notice('Neuer Schlüssel')
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    assert.equal(refreshes() - before, 1)
    assert.deepEqual(await standing(rundruf, 'Neuer Schlüssel'), once)
  })

  it('F14: that takes no token any more is asked a few times and no more; its channel is suspended, and goes on when a person says so', async () => {
    const before = requests()
    await rundruf.fault('bluesky', { fault: 'expired-token', times: 'always', operation: 'any' })
    const [id, other] = [await notice('Ausgesperrt'), await notice('Auch ausgesperrt')]
    await poll('both to be held', async () =>
      (await Promise.all([id, other].map((one) => rundruf.show(one)))).every((one) => of('bluesky', one).state === 'held'),
    )
    const asked = requests() - before
    assert.ok(asked <= 10, `${asked} requests`)
    await poll('operations to be told', () => /"channel":"bluesky".*channel suspended/.test(log()))
    await mend()
    await notice('Danach')
    assert.equal(requests() - before, asked, 'a suspended channel is left alone')
    assert.equal((await rundruf.api('POST', '/channels/bonn/bluesky/resume', {})).status, 200)
    for (const one of [id, other]) assert.equal((await rundruf.settled(one)).state, 'delivered')
    assert.deepEqual(await standing(rundruf, 'Ausgesperrt'), once)
  })
})
