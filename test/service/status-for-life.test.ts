// Drill and earnest never touch: status, kind and city belong to an announcement for life, and nothing of one status changes, ends or hides another's.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { sql } from 'kysely'
import { roles } from '../../src/access/actor.ts'
import { kinds, type Severity, type Status, severities, statuses } from '../../src/announcement/announcement.ts'
import { amend } from '../../src/commands/amend.ts'
import { approve } from '../../src/commands/approve.ts'
import type { Desk } from '../../src/commands/desk.ts'
import { draft } from '../../src/commands/draft.ts'
import { retract } from '../../src/commands/retract.ts'
import { guardEarlierWords } from '../../src/store/guard-words.ts'
import { currentWarnings } from '../../src/store/newsroom.ts'
import { takeOver } from '../../src/store/take-over.ts'
import { aChannel, aCity, aRule } from '../support/builders.ts'
import { codeOf } from '../support/code-of.ts'
import { aCommandDesk, anActor, type CommandDesk } from '../support/command-desk.ts'
import { testProof } from '../support/proof.ts'
import { releaseAsRead } from '../support/release-as-read.ts'

const every = { kind: null, topic: null, district: null, severity: null, language: null, media: null }
const channels = [
  aChannel(),
  aChannel({ name: 'mastodon', platform: 'mastodon', fallback: 'telegram' }),
  aChannel({ name: 'bluesky', platform: 'bluesky' }),
  aChannel({ name: 'x', platform: 'x', use: 'emergency-only' }),
  aChannel({ name: 'telegram', platform: 'telegram', use: 'standby' }),
]
const names = channels.map(({ name }) => name)
/** The city that is hardest to keep apart: its rules give every status to every channel. */
const bonn = aCity({ channels, rules: [aRule({ when: { ...every, status: [...statuses] } })] })

const wish = (over: object = {}) => ({
  city: 'bonn',
  kind: 'warning',
  severity: 'Extreme',
  title: 'Rauch',
  text: 'Fenster schließen.',
  ...over,
})
const duty = anActor('duty', { role: 'duty-officer' })

const statesOf = async ({ db }: Desk, id: string): Promise<string> => {
  const rows = await db.selectFrom('delivery').select(['channel', 'state']).where('announcementId', '=', id).orderBy('channel').execute()
  return rows.map(({ channel, state }) => `${channel} ${state}`).join(', ')
}

describe('drill and earnest', () => {
  let world: CommandDesk
  before(async () => {
    world = await aCommandDesk([bonn])
  })
  after(() => world?.[Symbol.asyncDispose]())

  const released = async (over: object = {}): Promise<string> => {
    const { id } = await draft(world.desk, duty, wish(over))
    await releaseAsRead(world.desk, duty, id)
    return id
  }

  for (const [status, other] of [
    ['Actual', 'Exercise'],
    ['Exercise', 'Actual'],
    ['Test', 'Actual'],
    ['Exercise', 'Test'],
  ] as const) {
    it(`P23 an all-clear (${other}) of a warning (${status}) is refused, and the warning still waits everywhere`, async () => {
      const id = await released({ status })
      const before = await statesOf(world.desk, id)
      const allClear = wish({ kind: 'all-clear', severity: null, status: other, references: id })
      assert.equal(await codeOf(() => draft(world.desk, duty, allClear)), 'status-mismatch')
      assert.equal(await statesOf(world.desk, id), before)
    })

    it(`P23 an amendment never turns ${status} into ${other}, neither of a draft nor after the release`, async () => {
      const id = await released({ status })
      assert.equal(await codeOf(() => amend(world.desk, duty, id, { status: other })), 'fixed-field')
      const { id: drafted } = await draft(world.desk, duty, wish({ status }))
      assert.equal(await codeOf(() => amend(world.desk, duty, drafted, { status: other })), 'fixed-field')
    })
  }

  it('P23 a missing status is no way round: null is another status than Exercise', async () => {
    const id = await released({ status: 'Exercise' })
    assert.equal(await codeOf(() => amend(world.desk, duty, id, { status: null })), 'fixed-field')
  })

  it('P23 a draft that an older version stored with a foreign reference is not released', async () => {
    const id = await released()
    const { id: drafted } = await draft(world.desk, duty, wish({ kind: 'all-clear', severity: null, status: 'Exercise' }))
    await sql`update revision set content = jsonb_set(content, '{references}', to_jsonb(${id}::text)) where announcement_id = ${drafted}`.execute(
      world.desk.db,
    )
    await sql`update revision set mac = null`.execute(world.desk.db)
    await guardEarlierWords(world.desk.db, testProof, 0)
    const before = await statesOf(world.desk, id)
    assert.equal(await codeOf(() => releaseAsRead(world.desk, duty, drafted)), 'status-mismatch')
    assert.equal(await statesOf(world.desk, id), before)
  })

  it('an all-clear ends warnings: it cannot reference a notice, and so does not stop one', async () => {
    const approver = anActor('approver', { role: 'approver' })
    const { id } = await draft(world.desk, approver, wish({ kind: 'notice', severity: null }))
    await releaseAsRead(world.desk, approver, id)
    const allClear = wish({ kind: 'all-clear', severity: null, references: id })
    assert.equal(await codeOf(() => draft(world.desk, duty, allClear)), 'reference-not-a-warning')
  })

  it('P23 no course of verbs, by whom it may be, leads from one status to another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aStep, { minLength: 3, maxLength: 14 }), async (steps) => {
        await world.empty()
        const ids: string[] = []
        for (const step of steps) await codeOf(() => take(world, ids, step))
        assert.deepEqual(await crossings(world.desk), [])
      }),
      { numRuns: 120, seed: 23 },
    )
  })
})

type Step =
  | { readonly do: 'draft' | 'announce'; readonly role: number; readonly wish: Wish; readonly references: number | null }
  | { readonly do: 'amend'; readonly role: number; readonly wish: Partial<Wish>; readonly of: number; readonly references: number | null }
  | { readonly do: 'release' | 'approve' | 'retract'; readonly role: number; readonly of: number }
  | { readonly do: 'deliver'; readonly channels: readonly string[] }
  | { readonly do: 'give-up'; readonly of: number; readonly channel: string }

interface Wish {
  readonly kind: string
  readonly status: Status | null
  readonly severity: Severity
  readonly text: string
}

const which = fc.nat({ max: 5 })
const role = fc.nat({ max: roles.length - 1 })
const reference = fc.option(which, { nil: null, freq: 2 })
const aWish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom(...kinds),
  status: fc.constantFrom(...statuses, null),
  severity: fc.constantFrom(...severities),
  text: fc.constantFrom('Fenster schließen.', 'Türen schließen.', 'Das Haus verlassen.'),
})
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('draft' as const, 'announce' as const), role, wish: aWish, references: reference }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('amend' as const),
      role,
      wish: fc.record(
        {
          kind: aWish.map((one) => one.kind),
          status: aWish.map((one) => one.status),
          severity: aWish.map((one) => one.severity),
          text: aWish.map((one) => one.text),
        },
        { requiredKeys: [] },
      ),
      of: which,
      references: reference,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('release' as const, 'approve' as const, 'retract' as const), role, of: which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deliver' as const), channels: fc.subarray(names, { minLength: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('give-up' as const), of: which, channel: fc.constantFrom(...names) }) },
)

const take = async ({ desk, deliver }: CommandDesk, ids: string[], step: Step): Promise<unknown> => {
  if (step.do === 'deliver') return deliver(step.channels)
  const id = 'of' in step ? (ids[step.of % Math.max(ids.length, 1)] ?? '') : ''
  if (step.do === 'give-up') return giveUp(desk, id, step.channel)
  const actor = anActor(`person ${step.role}`, { role: roles[step.role] as (typeof roles)[number] })
  switch (step.do) {
    case 'draft':
    case 'announce': {
      const references = step.references === null ? {} : { references: ids[step.references % Math.max(ids.length, 1)] ?? null }
      const made = await draft(desk, actor, wish({ ...step.wish, ...references }))
      ids.push(made.id)
      return step.do === 'announce' ? releaseAsRead(desk, anActor('admin'), made.id) : undefined
    }
    case 'amend': {
      const references = step.references === null ? {} : { references: ids[step.references % Math.max(ids.length, 1)] ?? null }
      return amend(desk, actor, id, { ...step.wish, ...references })
    }
    case 'approve':
      return approve(desk, actor, id, '0'.repeat(64))
    case 'release':
      return releaseAsRead(desk, actor, id)
    case 'retract':
      return retract(desk, actor, id)
  }
}

const giveUp = async ({ db }: Desk, id: string, channel: string): Promise<void> => {
  if (id === '') return
  await db
    .updateTable('delivery')
    .set({ state: 'given-up', settledAt: sql`now()` })
    .where('announcementId', '=', id)
    .where('channel', '=', channel)
    .where('state', '=', 'queued')
    .execute()
  await db.transaction().execute((trx) => takeOver(trx, { announcementId: id, channel }, testProof))
}

/** Every trace of one status in another one's affairs, read from the store alone. */
const crossings = async ({ db }: Desk): Promise<readonly unknown[]> => {
  const born = sql`(select content->>'status' from revision r where r.announcement_id = d.announcement_id and r.number = 1)`
  const { rows: posts } = await sql`
    select 'post' as what, d.id from delivery d where d.post is not null and d.post->>'status' <> ${born}`.execute(db)
  const { rows: targets } = await sql`
    select 'target' as what, d.id from delivery d join delivery t on t.id = d.target
    where d.post is not null and t.post is not null and d.post->>'status' <> t.post->>'status'`.execute(db)
  const { rows: followed } = await sql`
    select 'follows' as what, d.id from delivery d join revision f on f.announcement_id = d.follows
    where f.content->>'status' <> ${born}`.execute(db)
  const { rows: revisions } = await sql`
    select 'revision' as what, r.announcement_id from revision r join revision f on f.announcement_id = r.announcement_id and f.number = 1
    where (r.content->>'status', r.content->>'kind', r.content->>'city') <> (f.content->>'status', f.content->>'kind', f.content->>'city')`.execute(
    db,
  )
  // what was superseded has something of its own status that explains it: a newer revision, a retraction, or an all-clear
  const { rows: superseded } = await sql`
    select 'superseded' as what, d.id from delivery d join announcement a on a.id = d.announcement_id
    where d.state = 'superseded' and a.retracted_at is null and d.revision = a.revision and not exists (
      select 1 from delivery n where n.follows = d.announcement_id and n.post->>'kind' = 'all-clear' and n.post->>'status' = ${born})`.execute(
    db,
  )
  const { rows: items } = await sql`
    select 'item' as what, n.key from newsroom n join delivery d on d.id = n.key where n.post->>'status' <> ${born}`.execute(db)
  const banner = (await currentWarnings(db, 'bonn', 50)).filter(({ post }) => post.status !== 'Actual')
  const { rows: hidden } = await sql`
    select 'hidden' as what, n.key from newsroom n join delivery d on d.id = n.key
    where n.post->>'kind' = 'warning' and n.post->>'status' = 'Actual' and n.retracted_at is null
      and n.key <> all (${(await currentWarnings(db, 'bonn', 50)).map(({ key }) => key)}::uuid[])
      and not exists (select 1 from newsroom c join delivery cd on cd.id = c.key
        where cd.follows = d.announcement_id and c.post->>'kind' = 'all-clear' and c.post->>'status' = 'Actual')`.execute(db)
  return [...posts, ...targets, ...followed, ...revisions, ...superseded, ...items, ...banner, ...hidden]
}
