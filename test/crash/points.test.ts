// A worker killed at any step of a delivery leaves exactly one post, in order, or one question: on every kind of platform, at every point.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { pointsOf } from '../support/crash-points.ts'
import { type DyingWish, startDying } from '../support/dying.ts'
import { connectorsWithFar, farChannels } from '../support/far-connector.ts'
import { startFarPlatform } from '../support/far-platform.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type LedgerPost, type TestRundruf } from '../support/rundruf.ts'
import { tellRedis } from '../support/three-channels.ts'

const far = await startFarPlatform()
after(() => far.close())
const cities = aCityFolder({
  bonn: {
    channels: [
      ...farChannels(far.door),
      { name: 'newsroom', platform: 'newsroom' },
      { name: 'mastodon', platform: 'mastodon', settings: { base: 'https://social.example', token: 'env:TOKEN' } },
      { name: 'bluesky', platform: 'bluesky', settings: { handle: 'bonn.example', appPassword: 'env:PASSWORD' } },
    ],
  },
})
const connectors = connectorsWithFar()
const platforms = ['by-key', 'by-id', 'by-find', 'by-nothing', 'bluesky', 'mastodon', 'newsroom'] as const
type Platform = (typeof platforms)[number]
/** Those that can look. */
const lookers = platforms.filter((name) => connectors.get(name)?.find)

/** What the platforms here need to post late is far below a second. The newsroom writes at once, the others while the bytes travel. */
const times = { budgetSeconds: 15, settleSeconds: 1 }
const slowMs = 600

const points = pointsOf('deliver', 'look')

/** What became of the announcement whose worker died at a point. */
interface Round {
  readonly title: string
  readonly id: string
  /** The signal that ended the worker there. */
  died: string
  detail: AnnouncementDetail
}

describe('a worker that dies', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  let ledger: readonly LedgerPost[]
  let newsroom: readonly { readonly title: string; readonly text: string }[]
  const rounds = new Map<string, Round>()

  const warning = { kind: 'warning', severity: 'Severe' }
  const announce = async (kind: object = warning): Promise<Round> => {
    const title = `Probe ${randomUUID()}`
    const id = await rundruf.announce({ title, text: 'Die erste Fassung.', ...kind })
    return { title, id, died: '', detail: await rundruf.show(id) }
  }
  const dieAt = async (point: string, { detail }: Round, wish: DyingWish = {}): Promise<string> => {
    const of = detail.deliveries.map(({ id }) => id)
    // what those who died before had taken, or refused to do, would come back only after a while
    await forget()
    const { ended } = startDying(rundruf.environment(), { ...wish, point, of, alone: true, times })
    return String(await ended)
  }
  /** On every platform at the same step: the first ones wait there for the last. */
  const allDieAt = (point: string, round: Round) => dieAt(`${point}:${platforms.length}`, round)

  before(
    async () => {
      rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors, lab: { bluesky: { rateLimits: false } } } })
      far.slowMs = slowMs
      for (const platform of ['mastodon', 'bluesky'])
        await rundruf.fault(platform, { fault: 'slow', afterMs: slowMs, times: 'always', operation: 'publish' })
      await die()
      for (const { id } of rounds.values()) await rundruf.api('POST', `/announcements/${id}/amend`, { text: 'Die zweite Fassung.' })
      await recover()
      ledger = await rundruf.ledger()
      newsroom = (await rundruf.store.db.selectFrom('newsroom').select('post').execute()).map(({ post }) => post)
    },
    { timeout: 600_000 },
  )
  after(() => rundruf?.[Symbol.asyncDispose]())

  const die = async (): Promise<void> => {
    // those that shall die while they look must have died before; in the meantime their leases run out
    for (const { name } of pointsOf('look')) {
      const round = await announce()
      assert.equal(await allDieAt('deliver:after-claim', round), 'SIGKILL')
      rounds.set(name, round)
    }
    for (const { name } of pointsOf('deliver')) {
      // a warning waits for no pace: there it is an everyday post that dies
      const round = await announce(name === 'deliver:after-pace' ? { kind: 'notice' } : warning)
      round.died = await allDieAt(name, round)
      rounds.set(name, round)
    }
    for (const { name } of pointsOf('look')) {
      const round = rounds.get(name) as Round
      round.died = await dieAt(`${name}:${lookers.length}`, round)
    }
  }

  const forget = () => tellRedis(rundruf.redis.path, (redis) => redis.flushall())

  /** One worker lives. */
  const recover = async (): Promise<void> => {
    await forget()
    far.slowMs = 0
    const survivor = startDying(rundruf.environment(), { times })
    for (const round of rounds.values())
      round.detail = await poll(
        `all of ${round.title} to be settled or held`,
        async () => {
          const detail = await rundruf.show(round.id)
          const open = detail.deliveries.filter(({ state }) => ['queued', 'sending', 'waiting', 'looking'].includes(state))
          return open.length === 0 ? detail : undefined
        },
        60_000,
      )
    await survivor.kill()
  }

  /** The wordings that stand there, oldest first; a correction below a post counts as its wording. */
  const standing = (platform: Platform, title: string): { readonly posts: number; readonly wordings: readonly string[] } => {
    if (platform === 'newsroom') {
      const items = newsroom.filter((post) => post.title.includes(title))
      return { posts: items.length, wordings: items.map(({ text }) => text) }
    }
    if (platform === 'mastodon' || platform === 'bluesky') {
      const posts = ledger.filter((post) => post.platform === platform && post.text.includes(title) && post.deletedAt === null)
      return { posts: posts.filter(({ replyTo }) => !replyTo).length, wordings: posts.map(({ text }) => text) }
    }
    const acts = far.acts.filter((one) => `by-${one.repeat}` === platform && one.text.includes(title))
    return { posts: acts.filter(({ act }) => act === 'publish').length, wordings: acts.map(({ text }) => text) }
  }

  const isOnce = (platform: Platform, { title, detail }: Round): void => {
    const { posts, wordings } = standing(platform, title)
    assert.equal(posts, 1, `exactly one post: ${JSON.stringify(wordings)}`)
    assert.match(wordings.at(-1) ?? '', /zweite/, 'the newest wording is the last')
    assert.ok(
      wordings.slice(0, -1).every((text) => text.includes('erste')),
      'and came after the older one',
    )
    const mine = detail.deliveries.filter((one) => one.platform === platform)
    assert.deepEqual(
      [...new Set(mine.map(({ state }) => state))].filter((state) => state !== 'superseded'),
      ['delivered'],
    )
    assert.ok(
      mine.some(({ receipt }) => receipt?.id),
      'the store names it',
    )
  }

  const isAsked = ({ title, detail }: Round): void => {
    const mine = detail.deliveries.filter((one) => one.platform === 'by-nothing')
    const held = mine.filter(({ state }) => state === 'held')
    assert.equal(held.length, 1, 'exactly one question')
    assert.match(held[0]?.question ?? '', /Steht der Beitrag dort/)
    assert.ok(far.asked('nothing', title) <= 1, 'and nothing was sent a second time')
  }

  for (const { name, part, left, faults } of points)
    for (const platform of part === 'look' ? lookers : platforms) {
      const asks = platform === 'by-nothing' && left === 'unclear'
      it(`${faults}, ${asks ? 'P3' : 'P2, P14'}: at ${name} on ${platform} leaves ${asks ? 'one question' : 'one post'}`, () => {
        const round = rounds.get(name) as Round
        assert.equal(round.died, 'SIGKILL', 'the worker died there')
        if (asks) isAsked(round)
        else isOnce(platform, round)
      })
    }
})
