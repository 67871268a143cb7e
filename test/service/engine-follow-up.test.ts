// Corrections, retractions and all-clears on the lab's Mastodon, the lab's Bluesky and the newsroom, in whatever moment they come.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AnnouncementDetail, DeliveryView } from '../../src/commands/view.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { hurried } from '../support/hurried.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type LedgerPost, type TestRundruf } from '../support/rundruf.ts'
import { threeChannels } from '../support/three-channels.ts'

/** Quiet from an hour ago until two hours from now, in German time. */
const quietNow = () => {
  const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: 'Europe/Berlin' }).format())
  const clock = (shift: number) => `${String((hour + shift + 24) % 24).padStart(2, '0')}:00`
  return { from: clock(-1), to: clock(3) }
}

const cities = aCityFolder({
  bonn: {
    channels: threeChannels('bonn'),
    topics: { culture: 'Kultur' },
    'quiet-hours': quietNow(),
    rules: [
      { name: 'Nachts leise', when: { topic: 'culture' }, channels: 'all', hold: 'quiet-hours' },
      { name: 'Alles', channels: 'all' },
    ],
  },
})

describe('what follows an announcement', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let number = 0

  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: hurried }, cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const announce = async (more: Record<string, unknown> = {}) => {
    const title = `Nachricht ${++number}a`
    return { title, id: await rundruf.announce({ title, text: 'Die Brücke ist gesperrt.', ...more }) }
  }
  const posts = async (platform: string, title: string): Promise<readonly LedgerPost[]> =>
    (await rundruf.ledger(platform)).filter(({ text }) => text.includes(title))
  const items = async (title: string) => {
    const rows = await rundruf.store.db.selectFrom('newsroom').select(['post', 'updatedAt', 'retractedAt']).execute()
    return rows.filter(({ post }) => post.title.includes(title))
  }
  const verb = async (id: string, name: 'amend' | 'retract', body: object = {}) => {
    const { status, body: answer } = await rundruf.api('POST', `/announcements/${id}/${name}`, body)
    return { status, code: (answer as { code?: string }).code }
  }
  const amended = async (id: string, changes: object): Promise<AnnouncementDetail> => {
    assert.equal((await verb(id, 'amend', changes)).status, 200)
    return rundruf.settled(id)
  }
  const retracted = async (id: string): Promise<AnnouncementDetail> => {
    assert.equal((await verb(id, 'retract')).status, 200)
    return rundruf.settled(id)
  }
  const on = ({ deliveries }: AnnouncementDetail, channel: string): readonly DeliveryView[] =>
    deliveries.filter((delivery) => delivery.channel === channel)
  const states = (view: AnnouncementDetail, channel: string) => on(view, channel).map(({ action, state }) => `${action} ${state}`)
  const nothingStands = async (title: string) => {
    const left = [...(await posts('mastodon', title)), ...(await posts('bluesky', title))].filter(({ deletedAt }) => deletedAt === null)
    assert.deepEqual(left, [])
    for (const item of await items(title)) assert.ok(item.retractedAt)
  }
  const isSending = (id: string, channel: string) =>
    poll(`${channel} to be sending`, async () => on(await rundruf.show(id), channel).some(({ state }) => state === 'sending'))

  it('a correction is an edit on Mastodon, an answer on Bluesky, and a new wording in the newsroom; a second one too', async () => {
    const { title, id } = await announce()
    await rundruf.settled(id)
    for (const [round, text] of ['Die Brücke ist halb gesperrt.', 'Die Brücke ist wieder frei.'].entries()) {
      const view = await amended(id, { text })
      assert.equal(view.state, 'delivered')
      assert.equal(view.revision, round + 2)
      const [status, ...others] = await posts('mastodon', title)
      assert.equal(others.length, 0)
      assert.equal(status?.revisions.length, round + 2)
      assert.ok(status?.text.includes(text))
      const [first, ...answers] = await posts('bluesky', title)
      assert.equal(answers.length, round + 1)
      assert.ok(first?.text.includes('Die Brücke ist gesperrt.'))
      assert.match(answers.at(-1)?.text ?? '', /^Korrektur: /)
      assert.ok(answers.at(-1)?.text.includes(text))
      assert.ok(answers.every(({ replyTo }) => replyTo === first?.id))
      const [item, ...more] = await items(title)
      assert.equal(more.length, 0)
      assert.ok(item?.post.text.includes(text))
      assert.ok(item?.updatedAt)
    }
    assert.deepEqual(await verb(id, 'amend', { text: 'Die Brücke ist wieder frei.' }), { status: 409, code: 'unchanged' })
    const view = await retracted(id)
    assert.equal(view.state, 'retracted')
    assert.equal(on(view, 'bluesky').filter(({ action }) => action === 'retract').length, 3)
    await nothingStands(title)
    assert.equal((await items(title)).length, 1, 'the newsroom shows that it was retracted')
    assert.deepEqual(await verb(id, 'retract'), { status: 409, code: 'already-retracted' })
    assert.deepEqual(await verb(id, 'amend', { text: 'Noch einmal.' }), { status: 409, code: 'already-retracted' })
  })

  for (const [why, more] of [
    ['is scheduled', { publishAt: new Date(Date.now() + 3_600_000).toISOString() }],
    ['waits for the end of the quiet hours', { topic: 'culture' }],
  ] as const)
    it(`a retraction overtakes what ${why}: it never leaves`, async () => {
      const { title, id } = await announce(more)
      const before = await rundruf.show(id)
      assert.ok(before.deliveries.every(({ dueAt }) => Date.parse(dueAt) > Date.now()))
      const view = await retracted(id)
      assert.equal(view.state, 'retracted')
      for (const channel of ['newsroom', 'mastodon', 'bluesky']) assert.deepEqual(states(view, channel), ['publish superseded'])
      assert.deepEqual([...(await posts('mastodon', title)), ...(await posts('bluesky', title)), ...(await items(title))], [])
    })

  it('a correction of what is scheduled replaces it, and keeps the time', async () => {
    const publishAt = new Date(Date.now() + 3_600_000).toISOString()
    const { id } = await announce({ publishAt })
    assert.equal((await verb(id, 'amend', { text: 'Die Brücke wird gesperrt.' })).status, 200)
    const view = await rundruf.show(id)
    for (const channel of ['newsroom', 'mastodon', 'bluesky']) {
      assert.deepEqual(states(view, channel), ['publish superseded', 'publish queued'])
      assert.equal(on(view, channel)[1]?.dueAt, publishAt)
    }
    await retracted(id)
  })

  it('a retraction in the middle of a slow publish waits for it, and then takes it down', async () => {
    for (const platform of ['mastodon', 'bluesky']) await rundruf.fault(platform, { fault: 'slow', afterMs: 1200 })
    const { title, id } = await announce()
    await isSending(id, 'mastodon')
    await isSending(id, 'bluesky')
    const view = await retracted(id)
    for (const channel of ['mastodon', 'bluesky']) assert.deepEqual(states(view, channel), ['publish delivered', 'retract delivered'])
    assert.equal((await posts('mastodon', title)).length, 1)
    assert.equal((await posts('bluesky', title)).length, 1)
    await nothingStands(title)
  })

  it('a retraction of what may have arrived looks first, and takes down what it finds', async () => {
    await rundruf.fault('mastodon', { fault: 'post-then-reset' })
    await rundruf.fault('bluesky', { fault: 'post-late', afterMs: 400 })
    const { title, id } = await announce()
    for (const channel of ['mastodon', 'bluesky'])
      await poll(`${channel} to be unclear`, async () => on(await rundruf.show(id), channel).some(({ state }) => state === 'looking'))
    const view = await retracted(id)
    for (const channel of ['mastodon', 'bluesky']) assert.deepEqual(states(view, channel), ['publish delivered', 'retract delivered'])
    await nothingStands(title)
  })

  it('a retraction of what surely did not arrive sends nothing more', async () => {
    await rundruf.fault('mastodon', { fault: 'throttle', retryAfter: 30 })
    await rundruf.fault('bluesky', { fault: 'reset' })
    const { title, id } = await announce()
    const open = { mastodon: 'waiting', bluesky: 'looking' }
    for (const [channel, wanted] of Object.entries(open))
      await poll(`${channel} to be ${wanted}`, async () => on(await rundruf.show(id), channel).some(({ state }) => state === wanted))
    const view = await retracted(id)
    assert.deepEqual(states(view, 'mastodon'), ['publish superseded'])
    assert.deepEqual(states(view, 'bluesky'), ['publish superseded', 'retract superseded'])
    assert.deepEqual([...(await posts('mastodon', title)), ...(await posts('bluesky', title))], [])
  })

  it('corrections and retraction of one announcement keep their order on each channel, however fast they come', async () => {
    for (const platform of ['mastodon', 'bluesky']) await rundruf.fault(platform, { fault: 'slow', afterMs: 500 })
    const { title, id } = await announce()
    await isSending(id, 'mastodon')
    await isSending(id, 'bluesky')
    for (const text of ['Zweite Fassung.', 'Dritte Fassung.']) assert.equal((await verb(id, 'amend', { text })).status, 200)
    const view = await rundruf.settled(id)
    const [status] = await posts('mastodon', title)
    assert.ok(status?.text.includes('Dritte Fassung.'))
    assert.ok((await posts('bluesky', title)).at(-1)?.text.includes('Dritte Fassung.'))
    assert.ok(view.deliveries.every(({ state }) => state === 'delivered' || state === 'superseded'))
    await retracted(id)
    await nothingStands(title)
  })

  const warn = (more: object = {}) => announce({ kind: 'warning', severity: 'Severe', ...more })
  const allClear = (references: string) => announce({ kind: 'all-clear', references, text: 'Die Gefahr ist vorüber.' })

  it('an all-clear stands as an answer below its warning', async () => {
    const warning = await warn()
    await rundruf.settled(warning.id)
    const clear = await allClear(warning.id)
    assert.equal((await rundruf.settled(clear.id)).state, 'delivered')
    for (const platform of ['mastodon', 'bluesky']) {
      const [above] = await posts(platform, warning.title)
      const [below] = await posts(platform, clear.title)
      assert.equal(below?.replyTo, above?.id)
    }
  })

  it('an all-clear is never there before its warning, and answers it also when it was released while the warning was on its way', async () => {
    for (const platform of ['mastodon', 'bluesky']) await rundruf.fault(platform, { fault: 'slow', afterMs: 1000 })
    const warning = await warn()
    await isSending(warning.id, 'mastodon')
    await isSending(warning.id, 'bluesky')
    const clear = await allClear(warning.id)
    assert.equal((await rundruf.settled(clear.id)).state, 'delivered')
    for (const platform of ['mastodon', 'bluesky']) {
      const [above] = await posts(platform, warning.title)
      const [below] = await posts(platform, clear.title)
      assert.ok(above && below)
      assert.ok(Date.parse(below.createdAt) >= Date.parse(above.createdAt), `${platform}: the warning came first`)
      assert.equal(below.replyTo, above.id)
    }
  })

  it('an all-clear released on the heels of its warning is taken, whatever of the warning has just arrived', async () => {
    for (let round = 0; round < 5; round++) {
      const warning = await warn()
      const clear = await allClear(warning.id)
      const [view] = [await rundruf.settled(clear.id), await rundruf.settled(warning.id)]
      assert.equal(view.state, 'delivered')
    }
  })

  it('a warning that a look does not find is not sent after its all-clear', async () => {
    await rundruf.fault('mastodon', { fault: 'reset' })
    const warning = await warn()
    await poll('the warning to be unclear', async () =>
      on(await rundruf.show(warning.id), 'mastodon').some(({ state }) => state === 'looking'),
    )
    const clear = await allClear(warning.id)
    assert.equal((await rundruf.settled(clear.id)).state, 'delivered')
    assert.deepEqual(states(await rundruf.settled(warning.id), 'mastodon'), ['publish superseded'])
    assert.equal((await posts('mastodon', warning.title)).length, 0)
    assert.equal((await posts('mastodon', clear.title)).length, 1)
  })
})
