// The store is not trusted blindly: words, approvals and releases that somebody changed in PostgreSQL publish nothing, and verify tells.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { sql } from 'kysely'
import { amend } from '../../src/commands/amend.ts'
import { announce } from '../../src/commands/announce.ts'
import { approve } from '../../src/commands/approve.ts'
import type { Actor } from '../../src/commands/desk.ts'
import { draft } from '../../src/commands/draft.ts'
import { previewAmendment } from '../../src/commands/preview-amendment.ts'
import { release } from '../../src/commands/release.ts'
import { retract } from '../../src/commands/retract.ts'
import { show } from '../../src/commands/show.ts'
import { guardEarlierWords } from '../../src/store/guard-words.ts'
import { changedAnnouncements } from '../../src/store/verifying-words.ts'
import { aChannel, aCity, aRule } from '../support/builders.ts'
import { codeOf } from '../support/code-of.ts'
import { aCommandDesk, anActor, type CommandDesk } from '../support/command-desk.ts'
import { testProof } from '../support/proof.ts'
import { releaseAsRead } from '../support/release-as-read.ts'

const channels = ['newsroom', 'mastodon'].map((name) => aChannel({ name, platform: name }))
const when = { kind: null, topic: null, severity: null, status: null, language: null, media: null }
const rules = [aRule({ name: 'Warnung', when: { ...when, district: null, kind: ['warning', 'all-clear'] } }), aRule({ hold: ['approval'] })]
/** Everything but warnings is approved. */
const bonn = aCity({ channels, rules })
const mainz = aCity({ key: 'mainz', city: 'Mainz', channels, rules })

const anna = anActor('anna-1', { role: 'approver', person: 'anna' })
const bert = anActor('bert-1', { role: 'approver', person: 'bert' })
const duty = anActor('duty-1', { role: 'duty-officer', person: 'dora' })

const notice = (over: object = {}) => ({ city: 'bonn', kind: 'notice', title: 'Rat tagt', text: 'Der Rat tagt am Montag.', ...over })
const warning = (over: object = {}) => ({ ...notice(), kind: 'warning', severity: 'Severe', title: 'Rauch', ...over })

describe('words that are changed in PostgreSQL', { concurrency: 1 }, () => {
  let world: CommandDesk
  before(async () => {
    world = await aCommandDesk([bonn, mainz])
  })
  beforeEach(() => world.empty())
  after(() => world?.[Symbol.asyncDispose]())

  const run = (statement: string) => sql.raw(statement).execute(world.desk.db)
  const drafted = async (actor: Actor = anna, input: object = notice()) => (await draft(world.desk, actor, input)).id
  const digestOf = async (id: string) => (await previewAmendment(world.desk, bert, id, null)).digest
  const approved = async (id: string, actor = bert) => approve(world.desk, actor, id, await digestOf(id))
  const out = async (): Promise<string> => {
    const id = await drafted()
    await approved(id)
    await releaseAsRead(world.desk, bert, id)
    await world.deliver(['newsroom', 'mastodon'])
    return id
  }
  const found = async () => (await changedAnnouncements(world.desk.db, testProof)).map(({ what, revision }) => `${what} ${revision}`)
  const deliveries = async (id: string) => (await show(world.desk, bert, id)).deliveries.length

  const rewritings: readonly (readonly [what: string, statement: string])[] = [
    ['another text', `update revision set content = jsonb_set(content, '{text}', '"Die Stadt zahlt jedem 1000 Euro."')`],
    ['another writer', `update revision set created_by = 'bert-1', person = 'bert'`],
    ['no person', `update revision set person = null`],
    ['the proof of no revision', `update revision set mac = 'x'`],
    ['no proof', `update revision set mac = null`],
    ['another city', `update announcement set city = 'mainz'`],
  ]
  for (const [what, statement] of rewritings)
    it(`a draft with ${what} is neither approved, released, planned nor written on, and verify tells`, async () => {
      const id = await drafted()
      const digest = await digestOf(id)
      await run(statement)
      assert.equal(await codeOf(() => approve(world.desk, bert, id, digest)), 'changed-in-store')
      assert.equal(await codeOf(() => release(world.desk, bert, id, { digest })), 'changed-in-store')
      assert.equal(await codeOf(() => previewAmendment(world.desk, bert, id, null)), 'changed-in-store')
      assert.equal(await codeOf(() => amend(world.desk, anna, id, { title: 'Rat tagt nicht' })), 'changed-in-store')
      assert.deepEqual(await found(), ['revision 1'])
      assert.equal(await deliveries(id), 0)
    })

  it('an approval that somebody writes into the store counts for nothing, and does not keep the real one away', async () => {
    const id = await drafted()
    const digest = await digestOf(id)
    await run(`insert into approval (announcement_id, revision, digest, actor, person) values ('${id}', 1, '${digest}', 'bert-1', 'bert')`)
    assert.equal(await codeOf(() => release(world.desk, bert, id, { digest })), 'needs-approval')
    assert.deepEqual(await found(), ['approval 1'])
    await approve(world.desk, bert, id, digest)
    assert.deepEqual(await found(), [])
    await releaseAsRead(world.desk, bert, id)
    assert.equal(await deliveries(id), 2)
  })

  it('an approval of other words, moved to these, counts for nothing', async () => {
    const other = await drafted()
    await approved(other)
    const id = await drafted(anna, notice({ text: 'Der Rat ist aufgelöst.' }))
    const digest = await digestOf(id)
    await run(`update approval set announcement_id = '${id}', digest = '${digest}'`)
    assert.equal(await codeOf(() => release(world.desk, bert, id, { digest })), 'needs-approval')
  })

  it('a forged approval in the middle does not hide who has written: own words stay own words', async () => {
    const id = await drafted(bert)
    await amend(world.desk, anna, id, { text: 'Der Rat tagt am Dienstag.' })
    await run(`insert into approval (announcement_id, revision, digest, actor) values ('${id}', 1, 'x', 'anna-1')`)
    assert.equal(await codeOf(() => approved(id)), 'own-announcement')
    await run(`delete from revision where number = 1`)
    assert.equal(await codeOf(() => approved(id)), 'changed-in-store')
  })

  it('P24 words that wait do not ride out because a pointer was turned to them', async () => {
    const id = await out()
    await amend(world.desk, anna, id, { text: 'Der Rat ist aufgelöst.' })
    await run(`update announcement set revision = 2, amendment = null where id = '${id}'`)
    const before = await deliveries(id)
    assert.equal(await codeOf(() => amend(world.desk, bert, id, { title: 'Der Rat' })), 'changed-in-store')
    assert.deepEqual(await found(), ['release 2'])
    assert.equal(await deliveries(id), before)
    assert.equal((await retract(world.desk, bert, id)).state, 'under-way', 'to take it back is right at any time')
  })

  it('P1 what was released and is made a draft again is not released twice', async () => {
    const id = await out()
    const before = await deliveries(id)
    await run(`update announcement set released_at = null where id = '${id}'`)
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'changed-in-store')
    await run(`delete from plan`)
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'changed-in-store')
    assert.deepEqual(await found(), ['release 1'])
    assert.equal(await deliveries(id), before)
  })

  it('what is made a draft again in the store can still be taken back', async () => {
    const id = await out()
    await run(`update announcement set released_at = null where id = '${id}'`)
    assert.equal((await retract(world.desk, bert, id)).state, 'under-way')
    await world.deliver(['newsroom', 'mastodon'])
    assert.equal((await show(world.desk, bert, id)).state, 'retracted')
  })

  it('what was taken back is not brought back by a correction after its mark was removed', async () => {
    const id = await out()
    await retract(world.desk, bert, id)
    const before = await deliveries(id)
    await run(`update announcement set retracted_at = null where id = '${id}'`)
    assert.equal(await codeOf(() => amend(world.desk, bert, id, { title: 'Der Rat' })), 'changed-in-store')
    assert.deepEqual(await found(), ['release 1'])
    assert.equal(await deliveries(id), before)
  })

  it('a draft that is called released in the store is not published by a correction of it', async () => {
    const id = await drafted()
    await run(`update announcement set released_at = now() where id = '${id}'`)
    assert.equal(await codeOf(() => amend(world.desk, bert, id, { title: 'Der Rat' })), 'changed-in-store')
    assert.deepEqual(await found(), ['release 1'])
    assert.equal(await deliveries(id), 0)
  })

  it('an exercise whose status is changed in the store ends nothing real: the all-clear is refused at its reference', async () => {
    const { id } = await announce(world.desk, duty, { input: warning({ status: 'Exercise' }), id: crypto.randomUUID() }).catch(
      async () => ({
        id: await drafted(duty, warning({ status: 'Exercise' })),
      }),
    )
    await run(`update revision set content = jsonb_set(content, '{status}', '"Actual"')`)
    await run(`update announcement set released_at = now()`)
    const allClear = { ...notice(), kind: 'all-clear', title: 'Rauch', references: id }
    assert.equal(await codeOf(() => draft(world.desk, duty, allClear)), 'changed-in-store')
  })

  it('what nobody has changed is approved, released, amended and followed, and verify has nothing to say', async () => {
    const id = await out()
    await amend(world.desk, anna, id, { text: 'Der Rat tagt am Dienstag, in Köln: 7,5 °C, 50.7374.' })
    await approved(id)
    await releaseAsRead(world.desk, bert, id)
    const { id: warned } = await announce(world.desk, duty, { input: warning(), id: crypto.randomUUID() })
    await world.deliver(['newsroom', 'mastodon'])
    await amend(world.desk, duty, warned, { text: 'Fenster und Türen schließen.' })
    await announce(world.desk, duty, {
      input: { ...notice(), kind: 'all-clear', title: 'Rauch', references: warned },
      id: crypto.randomUUID(),
    })
    await retract(world.desk, bert, id)
    assert.deepEqual(await found(), [])
  })

  it('what the version before wrote gets its proof at the upgrade; what comes without one during a rolling start is believed, later no more', async () => {
    const id = await drafted()
    await approved(id)
    const unproven = () => run(`update revision set mac = null; update approval set mac = null`)
    await unproven()
    await run(`insert into guard (id, earlier_until, mac) values (1, now(), '') on conflict do nothing`)
    const [guard] = (await sql<{ until: Date }>`select earlier_until as until from guard`.execute(world.desk.db)).rows
    const mac = testProof.of('guard', { earlierUntil: (guard as { until: Date }).until.toISOString() })
    await sql`update guard set earlier_until = date_trunc('milliseconds', earlier_until), mac = ${mac}`.execute(world.desk.db)
    await guardEarlierWords(world.desk.db, testProof, 60)
    assert.deepEqual(await found(), [])
    await unproven()
    assert.deepEqual(await found(), [], 'of the version before, which is still at work')
    await run(`update guard set words_until = words_until + interval '1 day'`)
    assert.deepEqual(await found(), ['revision 1', 'approval 1'], 'nobody else prolongs that')
    await run(`update guard set words_until = words_until - interval '1 day' - interval '2 hours'`)
    assert.deepEqual(await found(), ['revision 1', 'approval 1'])
  })
})
