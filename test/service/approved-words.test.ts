// What was approved is what is out, also after the release: who may approve whose words, what waits, and what is exempt.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import fc from 'fast-check'
import { Refusal } from '../../src/announcement/refusal.ts'
import { amend } from '../../src/commands/amend.ts'
import { announce } from '../../src/commands/announce.ts'
import { approve } from '../../src/commands/approve.ts'
import type { Actor } from '../../src/commands/desk.ts'
import { draft } from '../../src/commands/draft.ts'
import { dropAmendment } from '../../src/commands/drop-amendment.ts'
import { createKey } from '../../src/commands/keys.ts'
import { previewAmendment } from '../../src/commands/preview-amendment.ts'
import { release } from '../../src/commands/release.ts'
import { retract } from '../../src/commands/retract.ts'
import { show } from '../../src/commands/show.ts'
import { aChannel, aCity, aRule } from '../support/builders.ts'
import { codeOf } from '../support/code-of.ts'
import { aCommandDesk, anActor, anActorWithoutPerson, type CommandDesk } from '../support/command-desk.ts'
import { releaseAsRead } from '../support/release-as-read.ts'

const every = { kind: null, topic: null, district: null, severity: null, status: null, language: null, media: null }
const channels = ['newsroom', 'mastodon', 'bluesky'].map((name) => aChannel({ name, platform: name }))
/** Bonn has politics approved; what has no topic stays in the newsroom. */
const bonn = aCity({
  channels,
  rules: [
    aRule({ name: 'Politik', when: { ...every, kind: ['notice'], topic: ['politics'] }, hold: ['approval'] }),
    aRule({ name: 'Kultur', when: { ...every, kind: ['notice'], topic: ['culture'] } }),
    aRule({ name: 'Mitteilung', when: { ...every, kind: ['notice'] }, channels: ['newsroom'] }),
    aRule({ name: 'Warnung', when: { ...every, kind: ['warning', 'all-clear'] } }),
  ],
})
/** Mainz has everything approved, warnings too; Hanau what follows them as well. */
const mainz = aCity({ key: 'mainz', city: 'Mainz', channels, rules: [aRule({ hold: ['approval'] })] })
const hanau = aCity({ key: 'hanau', city: 'Hanau', channels, rules: [aRule({ hold: ['approval', 'approval-after-release'] })] })

/** Ulm and Trier have severe warnings approved; Ulm also what follows them. */
const severe = (hold: ('approval' | 'approval-after-release')[]) => [
  aRule({ when: { ...every, kind: ['warning'], severity: 'Severe' }, hold }),
]
const ulm = aCity({ key: 'ulm', city: 'Ulm', channels, rules: severe(['approval', 'approval-after-release']) })
const trier = aCity({ key: 'trier', city: 'Trier', channels, rules: severe(['approval']) })

const anna = anActor('anna-1', { role: 'approver', person: 'anna' })
const annasOther = anActor('anna-2', { role: 'admin', person: 'anna' })
const bert = anActor('bert-1', { role: 'approver', person: 'bert' })
const carla = anActor('carla-1', { role: 'admin', person: 'carla' })
const duty = anActor('duty-1', { role: 'duty-officer', person: 'dora' })
const shared = anActorWithoutPerson('shared')

const notice = (over: object = {}) => ({ city: 'bonn', kind: 'notice', title: 'Rat tagt', text: 'Der Rat tagt am Montag.', ...over })
const warning = (over: object = {}) => ({
  city: 'bonn',
  kind: 'warning',
  severity: 'Severe',
  title: 'Rauch',
  text: 'Fenster schließen.',
  ...over,
})

describe('what was approved is what is out', () => {
  let world: CommandDesk
  before(async () => {
    world = await aCommandDesk([bonn, mainz, hanau, ulm, trier])
  })
  beforeEach(() => world.empty())
  after(() => world?.[Symbol.asyncDispose]())

  const digestOf = async (id: string, changes: object | null = null) => (await previewAmendment(world.desk, carla, id, changes)).digest
  const drafted = async (actor: Actor, input: object) => (await draft(world.desk, actor, input)).id
  const approved = async (actor: Actor, id: string) => approve(world.desk, actor, id, await digestOf(id))
  /** Written by Anna, approved by Bert, out. */
  const out = async (input: object): Promise<string> => {
    const id = await drafted(anna, input)
    await approved(bert, id)
    await releaseAsRead(world.desk, bert, id)
    await world.deliver(['newsroom', 'mastodon', 'bluesky'])
    return id
  }
  const texts = async (id: string) => {
    const rows = await world.desk.db.selectFrom('delivery').select('post').where('announcementId', '=', id).execute()
    return new Set(rows.flatMap(({ post }) => post?.text ?? []))
  }
  const exemptions = async (id: string) => {
    const rows = await world.desk.db.selectFrom('audit').select(['action', 'facts']).where('subject', '=', id).orderBy('id').execute()
    return rows.flatMap(({ action, facts }) => ('exempt' in facts ? [`${action}: ${facts.exempt}`] : []))
  }

  it('P24 the approver alone cannot amend what needed an approval: it waits, and nothing new is out', async () => {
    const id = await out(notice({ topic: 'politics' }))
    const before = await texts(id)
    const view = await amend(world.desk, bert, id, { text: 'Der Rat tagt nicht.' })
    assert.equal(view.revision, 1)
    assert.equal(view.amendment?.announcement.text, 'Der Rat tagt nicht.')
    assert.deepEqual(await texts(id), before)
    assert.equal(await codeOf(() => approved(bert, id)), 'own-announcement')
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'needs-approval')
    await approved(carla, id)
    const released = await releaseAsRead(world.desk, bert, id)
    assert.deepEqual([released.revision, released.amendment], [2, null])
    assert.ok([...(await texts(id))].some((text) => text.includes('Der Rat tagt nicht.')))
  })

  it('P24 a notice without topic, amended into one that needs approval, waits for it', async () => {
    const { id } = await announce(world.desk, bert, { input: notice(), id: crypto.randomUUID() })
    await amend(world.desk, bert, id, { topic: 'politics', text: 'Der Rat ist aufgelöst.' })
    assert.equal((await texts(id)).size, 1)
    assert.equal(await codeOf(() => amend(world.desk, bert, id, { text: 'Der Rat ist weg.' }, 'now')), 'needs-approval')
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'needs-approval')
    assert.equal((await texts(id)).size, 1)
  })

  it('P24 a second topic is another topic too: it waits to be released', async () => {
    const id = await out(notice({ topics: ['culture'] }))
    assert.equal((await amend(world.desk, bert, id, { topics: ['culture', 'politics'] })).amendment?.revision, 2)
  })

  it('P24 another area, and the whole city instead of one, is a new audience and waits; fewer areas are a correction', async () => {
    const { id } = await announce(world.desk, bert, { input: warning({ districts: ['beuel'] }), id: crypto.randomUUID() })
    await world.deliver(['newsroom', 'mastodon', 'bluesky'])
    const waits = async (districts: readonly string[]) =>
      (await amend(world.desk, bert, id, { districts })).amendment?.announcement.districts
    assert.deepEqual(await waits(['beuel', 'bad-godesberg']), ['beuel', 'bad-godesberg'])
    assert.deepEqual(await waits([]), [])
    await releaseAsRead(world.desk, bert, id)
    await world.deliver(['newsroom', 'mastodon', 'bluesky'])
    assert.equal(await waits(['beuel']), undefined)
    assert.deepEqual((await show(world.desk, bert, id)).announcement.districts, ['beuel'])
  })

  it('P24 another topic is a new release: it waits to be released although nobody has to approve it', async () => {
    const { id } = await announce(world.desk, bert, { input: notice(), id: crypto.randomUUID() })
    assert.equal((await amend(world.desk, bert, id, { topic: 'culture' })).amendment?.revision, 2)
    assert.equal((await show(world.desk, bert, id)).deliveries.length, 1)
    await world.deliver(['newsroom'])
    await releaseAsRead(world.desk, bert, id)
    assert.equal((await show(world.desk, bert, id)).deliveries.length, 3)
  })

  it('P24 whoever has written one of the words since the last approval does not approve them, whoever wrote last', async () => {
    const id = await drafted(anna, notice({ topic: 'politics' }))
    await amend(world.desk, bert, id, { text: 'Worte von Bert.' })
    await amend(world.desk, anna, id, { text: 'Worte von Bert!' })
    for (const one of [bert, anna, annasOther]) assert.equal(await codeOf(() => approved(one, id)), 'own-announcement', one.id)
    assert.equal(await codeOf(() => approved(carla, id)), 'done')
    await amend(world.desk, anna, id, { text: 'Worte von Anna.' })
    assert.equal(await codeOf(() => approved(bert, id)), 'done', 'his words have been approved since')
  })

  it('P24 two keys of one person are one person, and a key without a person approves nothing', async () => {
    const id = await drafted(anna, notice({ topic: 'politics' }))
    assert.equal(await codeOf(() => approved(annasOther, id)), 'own-announcement')
    assert.equal(await codeOf(() => approved(shared, id)), 'person-missing')
  })

  it('P24 words of a key without a person are approved by nobody: their writer may be the approver', async () => {
    const id = await drafted(shared, notice({ topic: 'politics' }))
    assert.equal(await codeOf(() => approved(bert, id)), 'writer-unknown')
    await amend(world.desk, anna, id, { text: 'Worte von Anna.' })
    assert.equal(await codeOf(() => approved(bert, id)), 'writer-unknown', 'what Anna wrote on is still his, perhaps')
  })

  it('P24 the refusal names the key that names no person, and a program is a person of its own', async () => {
    const { id: key } = await createKey(world.desk, carla, { name: 'Leitstelle', role: 'author', cities: '*' })
    const id = await drafted({ ...anActorWithoutPerson(key), name: 'Leitstelle' }, notice({ topic: 'politics' }))
    await assert.rejects(
      approved(bert, id),
      (error) => error instanceof Refusal && /»Leitstelle«.*--person/.test(error.problems[0]?.de ?? ''),
    )
    const program = await drafted(anActor('api-1', { person: 'leitstelle-schnittstelle' }), notice({ topic: 'politics' }))
    assert.equal(await codeOf(() => approved(bert, program)), 'done')
  })

  it('P24 an amendment that was dropped leaves its writer free to approve the next one', async () => {
    const id = await out(notice({ topic: 'politics' }))
    await amend(world.desk, bert, id, { text: 'Worte von Bert.' })
    const dropped = await dropAmendment(world.desk, bert, id)
    assert.equal(dropped.amendment, null)
    assert.equal(await codeOf(() => dropAmendment(world.desk, bert, id)), 'nothing-waits')
    await amend(world.desk, anna, id, { text: 'Worte von Anna.' })
    assert.equal(await codeOf(() => approved(bert, id)), 'done')
  })

  it('P24 an approval ends with the amendment to which it was given: the same words written again need another', async () => {
    const id = await out(notice({ topic: 'politics' }))
    await amend(world.desk, anna, id, { text: 'Worte von Anna.' })
    await approved(bert, id)
    await dropAmendment(world.desk, carla, id)
    await amend(world.desk, bert, id, { text: 'Worte von Anna.' })
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'needs-approval')
    assert.equal(await codeOf(() => approved(bert, id)), 'own-announcement')
    assert.equal(await codeOf(() => approved(carla, id)), 'done')
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'done')
  })

  it('P24 an approval ends with the revision to which it was given, and its giver may give it again', async () => {
    const id = await drafted(anna, notice({ topic: 'politics' }))
    await approved(bert, id)
    await amend(world.desk, anna, id, { text: 'Andere Worte.' })
    await amend(world.desk, anna, id, { text: notice().text })
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'needs-approval')
    assert.equal(await codeOf(() => approved(bert, id)), 'done')
    assert.equal(await codeOf(() => approved(bert, id)), 'already-approved')
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'done')
  })

  it('P24 an approval of an amendment outlives a bad day: deliveries of what is out may come and go meanwhile', async () => {
    const id = await drafted(anna, notice({ topic: 'politics' }))
    await approved(bert, id)
    await releaseAsRead(world.desk, bert, id)
    await amend(world.desk, anna, id, { text: 'Der Rat tagt nicht.' })
    await approved(bert, id)
    const digest = await digestOf(id)
    await world.deliver(['newsroom'])
    await world.desk.db.updateTable('delivery').set({ state: 'given-up' }).where('channel', '=', 'mastodon').execute()
    assert.equal(await codeOf(() => release(world.desk, bert, id, { digest })), 'done')
  })

  it('P24 a release names the plan that was read: words swapped meanwhile stay in', async () => {
    const id = await drafted(anna, notice({ topic: 'culture' }))
    const digest = await digestOf(id)
    await amend(world.desk, carla, id, { text: 'Vertauscht.' })
    assert.equal(await codeOf(() => release(world.desk, bert, id, { digest })), 'digest-mismatch')
    assert.equal(await codeOf(() => release(world.desk, bert, id, { digest: undefined })), 'digest-missing')
  })

  it('P24 the one-shot release sends what its caller has just written, and not what another put in its place', async () => {
    const id = await drafted(bert, notice())
    await amend(world.desk, carla, id, { text: 'Vertauscht.' })
    const seen = async () => announce(world.desk, bert, { input: notice(), id })
    assert.equal(await codeOf(seen), 'digest-mismatch')
    assert.deepEqual(await texts(id), new Set())
  })

  it('a one-shot release that is refused leaves no draft behind', async () => {
    const drafts = async () => (await world.desk.db.selectFrom('announcement').select('id').execute()).length
    const nowhere = notice({ kind: 'event' })
    assert.equal(await codeOf(() => announce(world.desk, bert, { input: nowhere, id: crypto.randomUUID() })), 'nothing-to-send')
    assert.equal(await drafts(), 0)
  })

  it('two who amend at once: the second is told, and no words are lost', async () => {
    const { id } = await announce(world.desk, bert, { input: notice(), id: crypto.randomUUID() })
    const codes = await Promise.all(['Eins.', 'Zwei.', 'Drei.'].map((text) => codeOf(() => amend(world.desk, bert, id, { text }))))
    const { revision, announcement } = await show(world.desk, bert, id)
    assert.equal(codes.filter((code) => code === 'done').length, revision - 1, codes.join())
    assert.ok(codes.every((code) => code === 'done' || code === 'changed-meanwhile'))
    assert.notEqual(announcement.text, notice().text)
  })

  it('P24 a correction that is overtaken by a release does not put back what that release has corrected', async () => {
    const id = await out(warning({ text: 'Das Wasser ist sauber.' }))
    await amend(world.desk, anna, id, { text: 'Das Wasser ist NICHT sauber.' }, 'later')
    const digest = await digestOf(id)
    let isOvertaken = false
    const guard = async () => {
      if (isOvertaken) return
      isOvertaken = true
      await release(world.desk, bert, id, { digest })
    }
    assert.equal(await codeOf(() => amend({ ...world.desk, guard }, duty, id, { link: 'https://www.bonn.de/wasser' })), 'changed-meanwhile')
    assert.equal((await show(world.desk, bert, id)).announcement.text, 'Das Wasser ist NICHT sauber.')
  })

  it('a change to a draft with the wish that it goes out at once is refused: nobody shall believe that it is out', async () => {
    const id = await drafted(anna, warning())
    assert.equal(await codeOf(() => amend(world.desk, duty, id, { text: 'Ins Haus.' }, 'now')), 'still-a-draft')
    assert.equal((await show(world.desk, bert, id)).announcement.text, warning().text)
  })

  it('P24 words that only wait do not ride out with somebody else’s correction, and do not hold it up', async () => {
    const author = anActor('alma-1', { role: 'author', person: 'alma' })
    const id = await out(warning({ city: 'mainz' }))
    await amend(world.desk, author, id, { text: 'Alle zum Rathaus laufen.' }, 'later')
    const view = await amend(world.desk, duty, id, { link: 'https://www.mainz.de/rauch' })
    assert.deepEqual([view.revision, view.amendment], [3, null])
    assert.equal(view.announcement.text, warning().text)
    assert.ok([...(await texts(id))].every((text) => !text.includes('Rathaus')))
    await amend(world.desk, author, id, { severity: 'Extreme' }, 'later')
    assert.equal((await amend(world.desk, duty, id, { text: 'Fenster zu.' })).announcement.severity, 'Severe')
    await amend(world.desk, author, id, { severity: 'Extreme' }, 'later')
    assert.equal(await codeOf(() => amend(world.desk, duty, id, { severity: 'Extreme', text: 'Ins Haus.' })), 'amendment-waits')
  })

  it('P24 no change of topic leads past the approval that what is out has needed', async () => {
    const id = await out(notice({ topic: 'politics' }))
    const before = await texts(id)
    assert.equal(
      await codeOf(() => amend(world.desk, bert, id, { topic: 'culture', text: 'Der Rat ist aufgelöst.' }, 'now')),
      'needs-approval',
    )
    await amend(world.desk, bert, id, { topic: 'culture', text: 'Der Rat ist aufgelöst.' })
    assert.equal(await codeOf(() => releaseAsRead(world.desk, bert, id)), 'needs-approval')
    assert.deepEqual(await texts(id), before)
  })

  it('P24 a one-shot release of something released does not release the amendment that waits', async () => {
    const id = crypto.randomUUID()
    await announce(world.desk, bert, { input: notice(), id })
    await amend(world.desk, carla, id, { text: 'Worte von Carla.' }, 'later')
    assert.equal(await codeOf(() => announce(world.desk, bert, { input: notice(), id })), 'already-released')
    assert.equal((await texts(id)).size, 1)
  })

  it('an embargo is not broken by a correction: what was to be said later is released explicitly', async () => {
    const publishAt = new Date(Date.now() + 86_400_000).toISOString()
    const { id } = await announce(world.desk, bert, { input: notice({ publishAt }), id: crypto.randomUUID() })
    assert.equal((await amend(world.desk, bert, id, { publishAt: null, text: 'Jetzt!' })).amendment?.announcement.text, 'Jetzt!')
  })

  it('an embargo of something released is moved alone: later at once, earlier by an explicit release, and not once it is over', async () => {
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
    const [first, later, earlier] = [inDays(2), inDays(3), inDays(1)]
    const { id } = await announce(world.desk, bert, { input: notice({ publishAt: first }), id: crypto.randomUUID() })
    assert.equal((await amend(world.desk, bert, id, { publishAt: later })).announcement.publishAt, later)
    const rows = world.desk.db.selectFrom('delivery').select(['revision', 'state', 'notBefore']).where('announcementId', '=', id)
    const deliveries = await rows.orderBy('revision').execute()
    assert.deepEqual(
      deliveries.map(({ revision, state, notBefore }) => [revision, state, notBefore?.toISOString()]),
      [
        [1, 'superseded', first],
        [2, 'queued', later],
      ],
    )
    assert.equal(await codeOf(() => amend(world.desk, bert, id, { publishAt: later })), 'unchanged')
    assert.equal((await amend(world.desk, bert, id, { publishAt: earlier })).amendment?.announcement.publishAt, earlier)
    assert.equal((await releaseAsRead(world.desk, bert, id)).announcement.publishAt, earlier)
    const { id: said } = await announce(world.desk, bert, { input: notice(), id: crypto.randomUUID() })
    assert.equal(await codeOf(() => amend(world.desk, bert, said, { publishAt: later })), 'unchanged')
  })

  it('a released warning is not put off, and an all-clear holds at once', async () => {
    const publishAt = new Date(Date.now() + 86_400_000).toISOString()
    const { id } = await announce(world.desk, duty, { input: warning(), id: crypto.randomUUID() })
    assert.equal(await codeOf(() => amend(world.desk, duty, id, { text: 'Türen schließen.', publishAt })), 'warning-delayed')
    const allClear = { city: 'bonn', kind: 'all-clear', title: 'Rauch', text: 'Vorüber.', references: id, publishAt }
    assert.equal(await codeOf(() => announce(world.desk, duty, { input: allClear, id: crypto.randomUUID() })), 'all-clear-later')
  })

  it('what an all-clear has ended is corrected where it stands, and said nowhere for the first time', async () => {
    const { id } = await announce(world.desk, duty, { input: warning(), id: crypto.randomUUID() })
    await world.deliver(['newsroom'])
    const allClear = { city: 'bonn', kind: 'all-clear', title: 'Rauch', text: 'Vorüber.', references: id }
    await announce(world.desk, duty, { input: allClear, id: crypto.randomUUID() })
    const view = await amend(world.desk, duty, id, { text: 'Fenster und Türen schließen.' })
    const made = view.deliveries.filter(({ revision }) => revision === 2).map(({ channel, action }) => `${channel} ${action}`)
    assert.deepEqual(made, ['newsroom update'])
  })

  it('a channel that the city has given up since does not keep a warning from being corrected', async () => {
    const { id } = await announce(world.desk, duty, {
      input: warning({ channelTexts: { bluesky: 'Fenster zu!' } }),
      id: crypto.randomUUID(),
    })
    const smaller = aCity({ ...bonn, channels: channels.slice(0, 2) })
    const desk = { ...world.desk, cities: new Map([...world.desk.cities, ['bonn', smaller]]) }
    assert.equal((await amend(desk, duty, id, { text: 'Fenster und Türen schließen.' })).revision, 2)
  })

  describe('exempt from the second pair of eyes', () => {
    it('is a duty officer’s correction of a warning, and the audit says why', async () => {
      const id = await out(warning({ city: 'mainz' }))
      const view = await amend(world.desk, duty, id, { text: 'Fenster und Türen schließen.' })
      assert.deepEqual([view.revision, view.amendment], [2, null])
      assert.deepEqual(await exemptions(id), ['amend: correction-of-a-warning'])
    })

    it('is a duty officer’s all-clear of a warning, and the audit says why', async () => {
      const references = await out(warning({ city: 'mainz' }))
      const input = { city: 'mainz', kind: 'all-clear', title: 'Rauch', text: 'Die Gefahr ist vorüber.', references }
      const { id } = await announce(world.desk, duty, { input, id: crypto.randomUUID() })
      assert.deepEqual(await exemptions(id), ['release: all-clear'])
    })

    it('is no all-clear of a warning that was taken back, nor one that reaches others than were warned', async () => {
      const references = await out(warning({ city: 'mainz' }))
      await retract(world.desk, duty, references)
      const input = { city: 'mainz', kind: 'all-clear', title: 'Freibier', text: 'Beliebige Worte.', references }
      assert.equal(await codeOf(() => announce(world.desk, duty, { input, id: crypto.randomUUID() })), 'needs-approval')
    })

    it('is a lowered severity only as a correction: where the city wants every follow-up approved, it waits', async () => {
      const correction = { severity: 'Minor', text: 'Alle zum Rathaus laufen.' }
      const id = await out(warning({ city: 'ulm' }))
      assert.notEqual((await amend(world.desk, duty, id, correction)).amendment, null)
      const mild = await out(warning({ city: 'trier' }))
      assert.equal((await amend(world.desk, duty, mild, correction)).amendment, null)
      assert.deepEqual(await exemptions(mild), ['amend: correction-of-a-warning'])
    })

    it('is a retraction, and the audit says why', async () => {
      const id = await out(notice({ topic: 'politics' }))
      await retract(world.desk, duty, id)
      assert.deepEqual(await exemptions(id), ['retract: retraction'])
    })

    it('is not a raised severity: that is a new release, with the approval that a release asks', async () => {
      const id = await out(warning({ city: 'mainz' }))
      const view = await amend(world.desk, duty, id, { severity: 'Extreme' })
      assert.equal(view.amendment?.announcement.severity, 'Extreme')
      assert.equal(await codeOf(() => releaseAsRead(world.desk, duty, id)), 'needs-approval')
      await approved(bert, id)
      assert.equal((await releaseAsRead(world.desk, duty, id)).announcement.severity, 'Extreme')
    })

    it('is nothing where the city wants it so: correction and all-clear wait as the warning did', async () => {
      const id = await out(warning({ city: 'hanau' }))
      assert.notEqual((await amend(world.desk, duty, id, { text: 'Türen schließen.' })).amendment, null)
      const input = { city: 'hanau', kind: 'all-clear', title: 'Rauch', text: 'Die Gefahr ist vorüber.', references: id }
      assert.equal(await codeOf(() => announce(world.desk, duty, { input, id: crypto.randomUUID() })), 'needs-approval')
    })
  })

  it('a warning whose severity is raised where no approval is asked goes out by an explicit release, never by the way', async () => {
    const { id } = await announce(world.desk, duty, { input: warning({ severity: 'Minor' }), id: crypto.randomUUID() })
    assert.equal((await amend(world.desk, duty, id, { severity: 'Extreme' })).revision, 1)
    assert.equal((await amend(world.desk, duty, id, { text: 'Sofort ins Haus.' }, 'now')).announcement.severity, 'Extreme')
  })

  it('P24 whatever is written, amended and approved by whom: no post needs an approval that another person did not give to its very words', async () => {
    const people = [anna, annasOther, bert, carla, duty, shared]
    const act = fc.record({
      who: fc.constantFrom(...people),
      verb: fc.constantFrom('draft', 'amend', 'amend now', 'amend', 'approve', 'approve', 'release', 'drop', 'announce'),
      of: fc.nat({ max: 2 }),
      what: fc.record({ topic: fc.constantFrom(null, 'politics', 'culture'), text: fc.constantFrom('Eins.', 'Zwei.', 'Drei.', 'Vier.') }),
      kind: fc.constantFrom('notice', 'notice', 'warning', 'all-clear'),
      city: fc.constantFrom('bonn', 'bonn', 'mainz', 'hanau', 'ulm'),
      severity: fc.constantFrom('Minor', 'Severe', 'Extreme'),
    })
    const input = ({ kind, city, severity, what }: { kind: string; city: string; severity: string; what: object }, references: string) => ({
      ...{ ...notice(), ...what, kind, city },
      ...(kind === 'warning' && { severity }),
      ...(kind === 'all-clear' && { references }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 18 }), async (acts) => {
        await world.empty()
        const ids: string[] = []
        for (const { who, verb, of, what, ...rest } of acts) {
          const id = ids[of % Math.max(ids.length, 1)] ?? ''
          const wish = input({ ...rest, what }, id)
          const changes = { ...what, ...('severity' in wish && { severity: wish.severity }) }
          await codeOf(async () => {
            if (verb === 'draft') ids.push(await drafted(who, wish))
            else if (verb === 'announce') ids.push((await announce(world.desk, who, { input: wish, id: crypto.randomUUID() })).id)
            else if (verb === 'amend') await amend(world.desk, who, id, changes)
            else if (verb === 'amend now') await amend(world.desk, who, id, changes, 'now')
            else if (verb === 'approve') await approved(who, id)
            else if (verb === 'release') await releaseAsRead(world.desk, who, id)
            else await dropAmendment(world.desk, who, id)
          })
          await world.deliver(['newsroom', 'bluesky'])
        }
        await demandApprovedWords(world)
      }),
      { numRuns: 60, seed: 24 },
    )
  })
})

/** Every released plan that needs an approval has one for its digest, by a person who wrote none of the words that were new since the last. */
const demandApprovedWords = async ({ desk: { db } }: CommandDesk): Promise<void> => {
  const plans = await db.selectFrom('plan').selectAll().execute()
  const approvals = await db.selectFrom('approval').selectAll().orderBy('at').execute()
  const revisions = await db.selectFrom('revision').selectAll().execute()
  const released = await db.selectFrom('audit').select(['subject', 'facts']).execute()
  const exempt = new Set(released.flatMap(({ subject, facts }) => ('exempt' in facts ? [`${subject} ${facts.digest}`] : [])))
  for (const { announcementId, revision, digest, content } of plans) {
    if (!content.needsApproval) continue
    if (exempt.has(`${announcementId} ${digest}`)) {
      // a first warning is never exempt, and nothing is where the city says so
      assert.ok(content.announcement.kind === 'all-clear' || revision > 1)
      assert.ok(content.announcement.kind !== 'notice' && content.city !== 'hanau')
      continue
    }
    const given = approvals.find((one) => one.announcementId === announcementId && one.revision === revision && one.digest === digest)
    assert.ok(given?.person, `revision ${revision} is out without an approval`)
    const own = revisions.filter((one) => one.announcementId === announcementId)
    const approvedBefore = new Set(
      approvals.filter((one) => one.announcementId === announcementId && one !== given).map((one) => one.revision),
    )
    // back from the words that were approved to those that had been approved before
    for (let at: number | null = given.revision; at !== null && at > 0; ) {
      const words = own.find(({ number }) => number === at)
      assert.ok(words)
      assert.ok(words.person, `words of revision ${at}, whose writer nobody knows, were approved`)
      assert.notEqual(words.person, given.person, `${given.person} has approved words of their own`)
      const base: number = words.base ?? words.number - 1
      at = approvedBefore.has(base) ? null : base
    }
  }
}
