// A channel that is at fault is suspended, what was on its way there is held, its fallback takes over, and a resumed channel makes good.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import type { ChannelView } from '../../src/commands/channels.ts'
import type { AnnouncementDetail, DeliveryView } from '../../src/commands/view.ts'
import type { Plan } from '../../src/planning/plan.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { aPager, connectorsOf, type Page } from '../support/pager.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const main = aPager({ platform: 'haupt', repeat: 'key', can: ['update', 'retract'] })
const spare = aPager({ platform: 'ersatz', repeat: 'key', can: ['update', 'retract'] })

const cities = aCityFolder({
  bonn: {
    channels: [
      { name: 'newsroom', platform: 'newsroom' },
      { name: 'mastodon', platform: 'mastodon', settings: { base: 'https://social.example', token: 'env:TOKEN' } },
    ],
  },
  mainz: {
    channels: [
      { name: 'haupt', platform: 'haupt', fallback: 'ersatz' },
      { name: 'ersatz', platform: 'ersatz', use: 'standby', template: 'Ersatz: {title}\n{text}' },
    ],
  },
  marburg: { channels: [{ name: 'haupt', platform: 'haupt' }] },
  speyer: { channels: [{ name: 'haupt', platform: 'haupt', pace: { actions: 1, 'per-seconds': 2 } }] },
  worms: { channels: [{ name: 'haupt', platform: 'haupt', pace: { actions: 2, 'per-seconds': 86_400 } }] },
})

describe('a channel', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let number = 0

  before(async () => {
    const connectors = new Map([...hurried, ...connectorsOf([main, spare])])
    rundruf = await aRundruf({ exchange: { connectors }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const announce = async (city: string, more: Record<string, unknown> = {}) => {
    const title = `Hinweis ${++number}a`
    return { title, id: await rundruf.announce({ city, title, text: 'Erste Fassung.', ...more }) }
  }
  const said = (pages: readonly Page[], title: string): readonly string[] =>
    pages.filter((page) => page.wordings[0]?.includes(title)).map((page) => page.wordings.at(-1) ?? '')
  const on = ({ deliveries }: AnnouncementDetail, channel: string): readonly DeliveryView[] =>
    deliveries.filter((delivery) => delivery.channel === channel)
  const until = (id: string, channel: string, states: readonly string[]) =>
    poll(`${channel} to be ${states.join(', ')}`, async () => {
      const found = on(await rundruf.show(id), channel)
      return found.length === states.length && found.every(({ state }, at) => state === states[at]) ? found : undefined
    })
  const channelOf = async (city: string, name: string): Promise<ChannelView> => {
    const { body } = await rundruf.api('GET', `/channels?city=${city}`)
    return (body as readonly ChannelView[]).find((channel) => channel.name === name) as ChannelView
  }
  const suspend = async (city: string, name: string) => {
    const { status } = await rundruf.api('POST', `/channels/${city}/${name}/suspend`, { because: 'Wir prüfen das Konto.' })
    assert.equal(status, 200)
  }
  const resume = async (city: string, name: string) => {
    const { status } = await rundruf.api('POST', `/channels/${city}/${name}/resume`, {})
    assert.equal(status, 200)
  }
  const amend = async (id: string, text: string) => {
    const { status } = await rundruf.api('POST', `/announcements/${id}/amend`, { text })
    assert.equal(status, 200)
  }

  it('P16: that has a pace of its own makes nobody give up, however long it takes', async () => {
    const announced = await Promise.all(Array.from({ length: 3 }, () => announce('speyer')))
    const ids = announced.map(({ id }) => id)
    await poll('two to wait for their turn', async () => {
      const { numUpdatedRows } = await rundruf.store.db
        .updateTable('delivery')
        .set({ firstAt: sql<Date>`now() - interval '9 days'` })
        .where('announcementId', 'in', ids)
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      return numUpdatedRows === 2n
    })
    for (const { id } of announced) assert.equal((await rundruf.settled(id)).state, 'delivered')
  })

  it('whose credential is no longer good is suspended, alone; what comes meanwhile is held, and all of it goes once it is resumed', async () => {
    await rundruf.fault('mastodon', { fault: 'expired-token', times: 'always', operation: 'any' })
    const first = await announce('bonn')
    const [held] = await until(first.id, 'mastodon', ['held'])
    assert.equal(held?.question, null)
    assert.match(held?.reason ?? '', /gesperrt/)
    await until(first.id, 'newsroom', ['delivered'])
    const { suspended } = await channelOf('bonn', 'mastodon')
    assert.equal(suspended?.by, 'rundruf')
    assert.match(suspended?.because ?? '', /gestört/)
    const entries = await rundruf.store.db
      .selectFrom('audit')
      .select(['actor', 'subject'])
      .where('action', '=', 'suspend-channel')
      .execute()
    assert.deepEqual(entries, [{ actor: 'rundruf', subject: 'bonn/mastodon' }])

    const second = await announce('bonn')
    const { decisions } = await rundruf.show(second.id)
    const decision = decisions.find(({ channel }) => channel === 'mastodon')
    assert.deepEqual([decision?.verdict, decision?.because], ['wait', 'suspended'])
    await until(second.id, 'mastodon', ['held'])
    await until(second.id, 'newsroom', ['delivered'])

    await fetch(`${rundruf.running.labUrl}/faults/mastodon`, { method: 'DELETE' })
    await resume('bonn', 'mastodon')
    for (const { id, title } of [first, second]) {
      assert.equal((await rundruf.settled(id)).state, 'delivered')
      assert.equal((await rundruf.ledger('mastodon')).filter(({ text }) => text.includes(title)).length, 1)
    }
    assert.equal((await channelOf('bonn', 'mastodon')).suspended, null)
  })

  it('holds what waits there when a person suspends it, and sends it when it is resumed', async () => {
    main.will('publish', { retryAfterMs: 600_000 })
    const { title, id } = await announce('marburg')
    await until(id, 'haupt', ['waiting'])
    const before = main.calls('publish')
    await suspend('marburg', 'haupt')
    await until(id, 'haupt', ['held'])
    const { status, body } = await rundruf.api('POST', `/deliveries/${on(await rundruf.show(id), 'haupt')[0]?.id}/resolve`, {
      answer: 'not-there',
    })
    assert.deepEqual([status, (body as { code: string }).code], [409, 'channel-suspended'])
    assert.equal(main.calls('publish'), before)
    await resume('marburg', 'haupt')
    await rundruf.settled(id)
    assert.equal(said(main.pages, title).length, 1)
  })

  it('that was suspended in the middle of a publish gets nothing of what waited behind it', async () => {
    const gate = Promise.withResolvers<void>()
    main.will('publish', { gate: gate.promise })
    const { title, id } = await announce('marburg')
    await until(id, 'haupt', ['sending'])
    await amend(id, 'Zweite Fassung.')
    await suspend('marburg', 'haupt')
    gate.resolve()
    await until(id, 'haupt', ['delivered', 'held'])
    assert.equal(main.calls('update'), 0)
    await resume('marburg', 'haupt')
    await rundruf.settled(id)
    assert.match(said(main.pages, title)[0] ?? '', /Zweite Fassung/)
  })

  it('that is suspended gets only the newest wording once it is resumed', async () => {
    await suspend('marburg', 'haupt')
    const { title, id } = await announce('marburg')
    await amend(id, 'Zweite Fassung.')
    await until(id, 'haupt', ['superseded', 'held'])
    await resume('marburg', 'haupt')
    await rundruf.settled(id)
    const page = main.pages.find(({ wordings }) => wordings[0]?.includes(title))
    assert.equal(page?.wordings.length, 1)
    assert.match(page?.wordings[0] ?? '', /Zweite Fassung/)
  })

  it('that is suspended gets nothing of what was taken back meanwhile', async () => {
    await suspend('marburg', 'haupt')
    const { title, id } = await announce('marburg')
    const { status } = await rundruf.api('POST', `/announcements/${id}/retract`, {})
    assert.equal(status, 200)
    await until(id, 'haupt', ['superseded'])
    await resume('marburg', 'haupt')
    assert.equal((await rundruf.settled(id)).state, 'retracted')
    assert.deepEqual(said(main.pages, title), [])
  })

  /** The text with which the fallback would take over, as the preview shows it. */
  const previewed = async (title: string): Promise<string> => {
    const { body } = await rundruf.api('POST', '/plan', { city: 'mainz', kind: 'notice', title, text: 'Erste Fassung.' })
    return (body as Plan).decisions.find(({ channel }) => channel === 'ersatz')?.post?.text ?? ''
  }

  it('that is suspended at the release is replaced by its fallback', async () => {
    await suspend('mainz', 'haupt')
    const { title, id } = await announce('mainz')
    const view = await rundruf.settled(id)
    assert.deepEqual(
      view.deliveries.map(({ channel, state }) => `${channel} ${state}`),
      ['ersatz delivered'],
    )
    assert.deepEqual(said(spare.pages, title), [`Ersatz: ${title}\nErste Fassung.`])
    await resume('mainz', 'haupt')
    assert.deepEqual(said(main.pages, title), [])
  })

  it('that gave up is replaced by its fallback, with exactly the post that was planned for that', async () => {
    main.will('publish', 'rejects')
    const planned = await previewed(`Hinweis ${number + 1}a`)
    const { title, id } = await announce('mainz')
    const view = await poll('both to be settled', async () => {
      const now = await rundruf.settled(id)
      return now.deliveries.length === 2 ? now : undefined
    })
    assert.deepEqual(view.deliveries.map(({ channel, state }) => `${channel} ${state}`).sort(), ['ersatz delivered', 'haupt given-up'])
    assert.deepEqual(said(spare.pages, title), [planned])
    assert.match(on(view, 'haupt')[0]?.reason ?? '', /nimmt diesen Beitrag nicht an.*Probe/)
    assert.equal(view.state, 'partly-delivered')
  })

  it('that breaks in the middle is replaced at once, and makes good when it is resumed', async () => {
    main.will('publish', 'channel-broken')
    const { title, id } = await announce('mainz')
    await until(id, 'haupt', ['held'])
    await until(id, 'ersatz', ['delivered'])
    assert.equal(said(spare.pages, title).length, 1)
    assert.deepEqual(said(main.pages, title), [])
    await resume('mainz', 'haupt')
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    assert.equal(said(main.pages, title).length, 1)
    assert.equal(said(spare.pages, title).length, 1)
  })

  it('on which the earlier wording stands is corrected when it is resumed, though its fallback has told the correction already', async () => {
    const { title, id } = await announce('mainz')
    await rundruf.settled(id)
    await suspend('mainz', 'haupt')
    await amend(id, 'Zweite Fassung.')
    await until(id, 'haupt', ['delivered', 'held'])
    await until(id, 'ersatz', ['delivered'])
    assert.match(said(spare.pages, title)[0] ?? '', /Zweite Fassung/)
    assert.match(said(main.pages, title)[0] ?? '', /Erste Fassung/)
    await resume('mainz', 'haupt')
    await rundruf.settled(id)
    assert.match(said(main.pages, title)[0] ?? '', /Zweite Fassung/)
  })

  it('that took over is corrected and cleared with the others', async () => {
    main.will('publish', 'rejects')
    const { title, id } = await announce('mainz')
    await until(id, 'ersatz', ['delivered'])
    await amend(id, 'Zweite Fassung.')
    await rundruf.settled(id)
    assert.match(said(spare.pages, title)[0] ?? '', /Zweite Fassung/)
    assert.match(said(main.pages, title)[0] ?? '', /Zweite Fassung/)
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    assert.equal((await rundruf.settled(id)).state, 'retracted')
    assert.ok([...main.pages, ...spare.pages].filter(({ wordings }) => wordings[0]?.includes(title)).every(({ deleted }) => deleted))
  })

  it('that is suspended before its hour comes is replaced at that hour, and not before', async () => {
    const publishAt = new Date(Date.now() + 3_600_000).toISOString()
    const { title, id } = await announce('mainz', { publishAt })
    await until(id, 'haupt', ['queued'])
    await suspend('mainz', 'haupt')
    const [spareOne] = await until(id, 'ersatz', ['queued'])
    assert.equal(spareOne?.dueAt, publishAt)
    assert.deepEqual(said(spare.pages, title), [])
    await resume('mainz', 'haupt')
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
  })

  it('that breaks over a warning that has been ended meanwhile is not replaced, and sends nothing when it is resumed', async () => {
    const gate = Promise.withResolvers<void>()
    main.will('publish', { gate: gate.promise, afterwards: 'channel-broken' })
    const { title, id } = await announce('mainz', { kind: 'warning', severity: 'Severe' })
    await until(id, 'haupt', ['sending'])
    const ended = await rundruf.announce({ city: 'mainz', kind: 'all-clear', references: id, title: `Ende ${title}`, text: 'Vorbei.' })
    gate.resolve()
    await until(id, 'haupt', ['held'])
    await resume('mainz', 'haupt')
    await until(id, 'haupt', ['superseded'])
    await rundruf.settled(ended)
    const warnings = [...said(main.pages, title), ...said(spare.pages, title)].filter((text) => text.includes('Erste Fassung'))
    assert.deepEqual(warnings, [])
    assert.deepEqual(on(await rundruf.show(id), 'ersatz'), [])
  })

  it('that breaks over what was taken back meanwhile sends nothing when it is resumed', async () => {
    const gate = Promise.withResolvers<void>()
    main.will('publish', { gate: gate.promise, afterwards: 'channel-broken' })
    const { title, id } = await announce('marburg')
    await until(id, 'haupt', ['sending'])
    await rundruf.api('POST', `/announcements/${id}/retract`, {})
    gate.resolve()
    await poll('the channel to be suspended', async () => (await channelOf('marburg', 'haupt')).suspended !== null)
    await resume('marburg', 'haupt')
    await rundruf.settled(id)
    assert.deepEqual(said(main.pages, title), [])
    assert.ok(on(await rundruf.show(id), 'haupt').every(({ state }) => state === 'superseded'))
  })

  it('whose day has few actions loses none of them to an outage', async () => {
    main.will('publish', 'unreachable', 'unreachable', { retryAfterMs: 100 })
    const { title, id } = await announce('worms')
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    assert.equal(said(main.pages, title).length, 1)
    assert.equal(on(await rundruf.show(id), 'haupt')[0]?.attempts, 3)
    await rundruf.settled((await announce('worms')).id)
    const third = await announce('worms')
    const [waiting] = await until(third.id, 'haupt', ['waiting'])
    assert.match(waiting?.reason ?? '', /in etwa 2[34] Stunden an der Reihe/)
  })
})
