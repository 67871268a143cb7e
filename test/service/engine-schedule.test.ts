// What comes before the sending: a time, an approval, and the chain of who did what.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { AnnouncementView } from '../../src/commands/view.ts'
import type { Plan } from '../../src/planning/plan.ts'
import { databaseNow } from '../../src/store/announcements.ts'
import { firstBrokenLink } from '../../src/store/audit-chain.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { aPager } from '../support/pager.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

const pager = aPager({ platform: 'haupt', repeat: 'key', can: ['update', 'retract'] })
const cities = aCityFolder({
  bonn: {
    topics: { politics: 'Stadtpolitik' },
    channels: [{ name: 'haupt', platform: 'haupt' }],
    rules: [
      { name: 'Politik', when: { topic: 'politics' }, channels: 'all', hold: 'approval' },
      { name: 'Sonst', channels: 'all' },
    ],
  },
})

describe('before anything is sent', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let author: string
  let approver: string

  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: new Map([['haupt', pager.connector]]) }, cities })
    author = await keyFor('author')
    approver = await keyFor('approver')
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const keyFor = async (role: string): Promise<string> => {
    const { status, body } = await rundruf.api('POST', '/keys', { name: role, role, cities: ['bonn'], person: role })
    assert.equal(status, 201)
    return (body as { key: string }).key
  }
  const as = (key: string) => ({ authorization: `Bearer ${key}` })
  const posted = (title: string) => pager.pages.filter(({ wordings }) => wordings[0]?.includes(title))

  it('an announcement with a time is sent at that time by the database’s clock, and not before', async () => {
    const title = 'Zur rechten Zeit'
    const publishAt = new Date(Date.parse(await databaseNow(rundruf.store.db)) + 2000).toISOString()
    const id = await rundruf.announce({ title, text: 'Ein Satz.', publishAt })
    const waiting = await rundruf.show(id)
    assert.equal(waiting.decisions[0]?.because, 'scheduled')
    assert.equal(waiting.deliveries[0]?.dueAt, publishAt)
    const { deliveries } = await rundruf.settled(id)
    const [first] = deliveries[0]?.history ?? []
    assert.equal(first?.event, 'began')
    assert.ok(Date.parse(first?.at ?? '') >= Date.parse(publishAt), `${first?.at} is not before ${publishAt}`)
    assert.equal(posted(title).length, 1)
  })

  const politics = { city: 'bonn', kind: 'notice', topic: 'politics', text: 'Der Rat hat beschlossen.' }
  const draft = async (title: string, key = author): Promise<AnnouncementView> => {
    const { status, body } = await rundruf.api('POST', '/announcements', { ...politics, title }, as(key))
    assert.equal(status, 201)
    return body as AnnouncementView
  }
  const digestOf = async (title: string, text = politics.text): Promise<string> => {
    const { body } = await rundruf.api('POST', '/plan', { ...politics, title, text })
    assert.equal((body as Plan).needsApproval, true)
    return (body as Plan).digest
  }
  const ask = async (key: string, id: string, verb: 'approve' | 'release' | 'amend', body: object = {}) => {
    const { status, body: answer } = await rundruf.api('POST', `/announcements/${id}/${verb}`, body, as(key))
    return status === 200 ? 'done' : (answer as { code: string }).code
  }

  it('what needs an approval is not released without one, nor drafted and released in one', async () => {
    const { id } = await draft('Ohne Freigabe')
    assert.equal(await ask(approver, id, 'release', { digest: await digestOf('Ohne Freigabe') }), 'needs-approval')
    const { status, body } = await rundruf.api('POST', '/announcements', { ...politics, title: 'In einem', release: true }, as(approver))
    assert.deepEqual([status, (body as { code: string }).code], [409, 'needs-approval'])
    assert.deepEqual(posted('Ohne Freigabe'), [])
  })

  it('nobody approves their own announcement, and an author approves none', async () => {
    const own = await draft('Eigene Meldung', approver)
    assert.equal(await ask(approver, own.id, 'approve', { digest: await digestOf('Eigene Meldung') }), 'own-announcement')
    assert.equal(await ask(author, own.id, 'approve', { digest: await digestOf('Eigene Meldung') }), 'not-allowed')
    assert.equal(await ask(approver, own.id, 'release', { digest: await digestOf('Eigene Meldung') }), 'needs-approval')
  })

  it('an approval is given to what was read: a changed draft needs a new one', async () => {
    const title = 'Geänderter Entwurf'
    const { id } = await draft(title)
    const read = await digestOf(title)
    assert.equal(await ask(approver, id, 'approve', { digest: read }), 'done')
    assert.equal(await ask(author, id, 'amend', { text: 'Der Rat hat vertagt.' }), 'done')
    const changed = await digestOf(title, 'Der Rat hat vertagt.')
    assert.equal(await ask(approver, id, 'release', { digest: changed }), 'needs-approval', 'the approval was for another text')
    assert.equal(await ask(approver, id, 'approve', { digest: read }), 'digest-mismatch')
    assert.equal(await ask(approver, id, 'release', { digest: read }), 'digest-mismatch')
    assert.equal(await ask(approver, id, 'approve', { digest: changed }), 'done')
    assert.equal(await ask(approver, id, 'release', { digest: changed }), 'done')
    assert.equal((await rundruf.settled(id)).state, 'delivered')
    assert.match(posted(title)[0]?.wordings[0] ?? '', /vertagt/)
    assert.equal(await ask(approver, id, 'release', { digest: changed }), 'already-released')
  })

  it('an approval and a release make one post, also when two people press at the same time', async () => {
    const title = 'Zweimal gedrückt'
    const { id } = await draft(title)
    const digest = await digestOf(title)
    assert.equal(await ask(approver, id, 'approve', { digest }), 'done')
    const answers = await Promise.all([1, 2, 3].map(() => ask(approver, id, 'release', { digest })))
    assert.deepEqual(answers.sort(), ['already-released', 'already-released', 'done'])
    await rundruf.settled(id)
    assert.equal(posted(title).length, 1)
  })

  it('the chain of who did what is whole after all this, names every verb, and shows where somebody touched it', async () => {
    const { db } = rundruf.store
    assert.equal(await firstBrokenLink(db), null)
    const rows = await db.selectFrom('audit').selectAll().orderBy('id').execute()
    const verbs = new Set(rows.map(({ action }) => action))
    for (const verb of ['create-key', 'draft', 'amend', 'approve', 'release']) assert.ok(verbs.has(verb), `${verb} is in the chain`)
    const touched = rows[Math.floor(rows.length / 2)] as (typeof rows)[number]
    const { actor, facts } = touched
    await db.updateTable('audit').set({ actor: 'jemand anders' }).where('id', '=', touched.id).execute()
    assert.equal(await firstBrokenLink(db), touched.id)
    await db
      .updateTable('audit')
      .set({ actor, facts: JSON.stringify({ ...facts, digest: 'anders' }) })
      .where('id', '=', touched.id)
      .execute()
    assert.equal(await firstBrokenLink(db), touched.id)
    await db
      .updateTable('audit')
      .set({ facts: JSON.stringify(facts) })
      .where('id', '=', touched.id)
      .execute()
    assert.equal(await firstBrokenLink(db), null)
    const [, second, third] = rows
    await db
      .deleteFrom('audit')
      .where('id', '=', second?.id ?? '')
      .execute()
    assert.equal(await firstBrokenLink(db), third?.id, 'a missing row is noticed at the next one')
  })
})
