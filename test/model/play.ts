// Plays a list of commands on the house and on the model at once, and says where they part.
import assert from 'node:assert/strict'
import { mock } from 'node:test'
import { amend } from '../../src/commands/amend.ts'
import { approve } from '../../src/commands/approve.ts'
import { draft } from '../../src/commands/draft.ts'
import { planFor } from '../../src/commands/plan-for.ts'
import { resolveDelivery } from '../../src/commands/resolve-delivery.ts'
import { retract } from '../../src/commands/retract.ts'
import { findAnnouncement } from '../../src/store/announcements.ts'
import { codeOf } from '../support/code-of.ts'
import type { Mood, Pager } from '../support/pager.ts'
import { releaseAsRead } from '../support/release-as-read.ts'
import { approver, author, type ModelHouse } from './house.ts'
import { after, drafted, type Expected, standingWording } from './model.ts'
import type { Death, Meanwhile } from './mortal.ts'

export type Operation = 'publish' | 'find' | 'update' | 'retract' | 'reply'

export type Command =
  | { readonly do: 'nothing' | 'flush' | 'answer' }
  | { readonly do: 'draft'; readonly needsApproval: boolean; readonly lastsSeconds: number | null }
  | { readonly do: 'approve' | 'release' | 'amend' | 'retract' | 'all-clear' | 'expire'; readonly story: number }
  | { readonly do: 'kill'; readonly death: Death }
  /** The verb comes while a worker is at that step. */
  | { readonly do: 'meanwhile'; readonly at: Death; readonly verb: 'amend' | 'retract' | 'all-clear'; readonly story: number }
  | { readonly do: 'mood'; readonly platform: number; readonly operation: Operation; readonly mood: Mood }
  | { readonly do: 'clock'; readonly hours: number }
  | { readonly do: 'tick'; readonly seconds: number }

interface Story extends Expected {
  readonly id: string
  readonly number: number
}

interface Play {
  readonly house: ModelHouse
  readonly pagers: readonly Pager[]
  readonly stories: Story[]
  death: Death | null
  meanwhile: Meanwhile | null
}

let told = 0

/** Throws where house and model part: at a verb, at something that must never be seen, or in the end. */
export const play = async (house: ModelHouse, pagers: readonly Pager[], commands: readonly Command[]): Promise<void> => {
  const one: Play = { house, pagers, stories: [], death: null, meanwhile: null }
  const tooLateBefore = house.tooLate.length
  mock.timers.enable({ apis: ['Date'], now: Date.now() })
  try {
    for (const command of commands) await obey(one, command)
    await heal(one)
  } finally {
    mock.timers.reset()
  }
  assert.deepEqual(house.tooLate.slice(tooLateBefore), [], 'nothing is sent after it has run out')
  assert.deepEqual(house.witness.breaches(), [], 'what surely did not leave, and is overtaken, never leaves')
  for (const story of one.stories) for (const pager of pagers) check(pager, story)
}

const obey = async (one: Play, command: Command): Promise<void> => {
  const { house, pagers, stories } = one
  switch (command.do) {
    case 'nothing':
      return
    case 'flush':
      return house.flush()
    case 'answer':
      return answer(one)
    case 'draft':
      return void stories.push(await tell(house, command))
    case 'kill':
      one.death = command.death
      return
    case 'mood':
      return pagers[command.platform % pagers.length]?.will(command.operation, command.mood)
    case 'clock':
      return mock.timers.setTime(Date.now() + command.hours * 3_600_000)
    case 'tick':
      await house.pass(command.seconds * 1000)
      return tick(one)
    case 'meanwhile': {
      const { at, verb: name, story } = command
      one.meanwhile = { ...at, deed: () => (name === 'all-clear' ? allClear(one, story) : verb(one, name, story)) }
      return
    }
    case 'expire': {
      const { expires } = pick(stories, command.story) ?? { expires: null }
      return expires === null ? undefined : house.pass(Math.max(expires - house.now() + 1000, 0))
    }
    case 'all-clear':
      return allClear(one, command.story)
    case 'approve':
    case 'release':
    case 'amend':
    case 'retract':
      return verb(one, command.do, command.story)
  }
}

/** What parts from the model in the middle of the work is told after it: the worker would take it for its platform's. A death ends no verb. */
const tick = async (one: Play): Promise<void> => {
  const { death, meanwhile } = one
  Object.assign(one, { death: null, meanwhile: null })
  let done: Promise<void> | undefined
  const deed = (): Promise<void> => {
    done = meanwhile?.deed()
    return done?.catch(() => {}) ?? Promise.resolve()
  }
  await one.house.work(death, meanwhile && { ...meanwhile, deed })
  await done
}

const pick = (stories: readonly Story[], at: number): Story | undefined => stories[at % Math.max(stories.length, 1)]
const wording = (number: number, part: string): string => `Zeichen s${number}${part}.`
const base = { kind: 'warning', severity: 'Severe', title: 'Eine Warnung' }

const tell = async (house: ModelHouse, { needsApproval, lastsSeconds }: Extract<Command, { do: 'draft' }>): Promise<Story> => {
  const number = ++told
  const expires = lastsSeconds === null ? null : Math.floor(house.now() / 1000 + lastsSeconds) * 1000
  const input = {
    ...base,
    city: needsApproval ? 'mainz' : 'bonn',
    text: wording(number, 'f1'),
    ...(expires !== null && { expires: new Date(expires).toISOString() }),
  }
  const { id } = await draft(house.desk, author, input)
  return { id, number, ...drafted(needsApproval, expires) }
}

/** What has run out, or has been cleared, is not written on: that is the policy's business and has tests of its own. */
const isOver = ({ expires, cleared }: Story, now: number): boolean => cleared || (expires !== null && expires < now + 2000)

const verb = async ({ house, stories }: Play, name: 'approve' | 'release' | 'amend' | 'retract', at: number): Promise<void> => {
  const story = pick(stories, at)
  if (!story || (name !== 'retract' && isOver(story, house.now()))) return
  const [expected, next] = after(story, name)
  const { desk } = house
  const done = await codeOf(async () => {
    if (name === 'release') return releaseAsRead(desk, approver, story.id)
    if (name === 'retract') return retract(desk, approver, story.id)
    if (name === 'amend') return amend(desk, author, story.id, { text: wording(story.number, `f${story.wordings + 1}`) })
    return approve(desk, approver, story.id, await digestOf(house, story.id))
  })
  assert.equal(done, expected, `${name} of ${JSON.stringify(story)}`)
  stories[stories.indexOf(story)] = { ...story, ...next }
  if (done === 'done') await overtake(house, story.id)
}

const digestOf = async ({ desk }: ModelHouse, id: string): Promise<string> => {
  const stored = await findAnnouncement(desk.db, id)
  assert.ok(stored)
  return (await planFor(desk, desk.db, stored.content)).plan.digest
}

const allClear = async ({ house, stories }: Play, at: number): Promise<void> => {
  const story = pick(stories, at)
  if (!story?.released || story.retracted || isOver(story, house.now()) || story.needsApproval) return
  const input = {
    ...base,
    kind: 'all-clear',
    severity: null,
    title: 'Entwarnung',
    city: 'bonn',
    text: wording(story.number, 'e1'),
    references: story.id,
  }
  const { id } = await draft(house.desk, author, input)
  await releaseAsRead(house.desk, approver, id)
  stories[stories.indexOf(story)] = { ...story, cleared: true }
  await overtake(house, story.id)
}

/** Tells the witness what the verb has made pointless: everything once it is taken back, else what has something newer behind it. */
const overtake = async ({ desk, witness }: ModelHouse, id: string): Promise<void> => {
  const { retractedAt } = await desk.db.selectFrom('announcement').select('retractedAt').where('id', '=', id).executeTakeFirstOrThrow()
  const open = await desk.db
    .selectFrom('delivery')
    .select(['id', 'channel', 'sequence', 'announcementId', 'action'])
    .where((row) => row.or([row('announcementId', '=', id), row('follows', '=', id)]))
    .where('settledAt', 'is', null)
    .execute()
  const own = open.filter(({ announcementId, action }) => announcementId === id && action !== 'retract')
  const newer = (one: (typeof own)[number]) =>
    open.some(({ channel, sequence, announcementId }) => channel === one.channel && (announcementId !== id || sequence > one.sequence))
  witness.overtaken(own.filter((one) => retractedAt !== null || newer(one)).map((one) => one.id))
}

/** A person looks and says what is true. */
const answer = async ({ house, pagers }: Play): Promise<void> => {
  const held = await house.desk.db
    .selectFrom('delivery')
    .leftJoin('receipt', 'receipt.deliveryId', 'delivery.target')
    .select(['delivery.id', 'delivery.platform', 'action', 'post', 'receipt.id as target'])
    .where('state', '=', 'held')
    .execute()
  for (const { id, platform, action, post, target } of held) {
    const pages = pagers.find(({ connector }) => connector.platform === platform)?.pages ?? []
    const page =
      action === 'retract'
        ? pages.find((one) => one.id === target && one.deleted)
        : pages.find(({ key, wordings }) => (action === 'update' ? wordings.includes(post?.text ?? '') : key === id))
    const url = page ? `https://pager.example/${page.id}` : null
    if (!page) house.witness.notThere(id)
    await resolveDelivery(house.desk, approver, id, page ? { answer: 'there', url } : { answer: 'not-there' })
  }
}

/** Everything is well again, and time passes until nothing is open any more. */
const heal = async (one: Play): Promise<void> => {
  for (const pager of one.pagers) pager.heal()
  for (let round = 0; round < 40; round++) {
    await answer(one)
    await one.house.pass(60_000)
    await one.house.work(null)
    if ((await one.house.open()).length === 0) return
  }
  assert.fail(`never settled: ${JSON.stringify(await one.house.open())}`)
}

/** What readers of one platform may never have seen, and what they must see now. */
const check = (pager: Pager, story: Story): void => {
  const { platform, update, reply, retract: takeBack } = pager.connector
  const of = (part: 'f' | 'e') => pager.pages.filter(({ wordings }) => wordings[0]?.includes(` s${story.number}${part}`))
  // a change that is repeated is the same change
  const numbers = of('f').flatMap(({ wordings }) => wordings.map(numberIn).filter((number, at, all) => number !== all[at - 1]))
  const what = `${platform}: ${JSON.stringify({ story, pages: [...of('f'), ...of('e')] })}`
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].toSorted((a, b) => a - b),
    `once and in order on ${what}`,
  )
  assert.ok(!update || of('f').length <= 1, `one post on ${what}`)
  const clears = of('e')
  assert.equal(clears.length, story.cleared ? 1 : 0, `one all-clear on ${what}`)
  if (clears[0])
    for (const page of of('f')) assert.ok(pager.pages.indexOf(page) < pager.pages.indexOf(clears[0]), `in this order on ${what}`)
  const standing = of('f').filter(({ deleted }) => !deleted)
  const wanted = standingWording(story, { change: Boolean(update ?? reply), retract: Boolean(takeBack) })
  const newest = standing.flatMap(({ wordings }) => wordings.slice(-1).map(numberIn))
  if (wanted === 'none') assert.deepEqual(newest, [], `nothing stands on ${what}`)
  if (typeof wanted === 'number') assert.equal(newest.at(-1), wanted, `the last wording stands on ${what}`)
  if (wanted === 'any' && !story.retracted && story.expires === null && !story.cleared)
    assert.equal(newest.length, 1, `it stands on ${what}`)
}

const numberIn = (text: string): number => Number(/f(\d+)\./.exec(text)?.[1])
