// A worker killed while it renews a token or brings pictures and films: one post in the end, one question, or a channel that a person links anew.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { insertMedium } from '../../src/store/media.ts'
import { giveMedia } from '../../src/store/media-use.ts'
import { aCityFolder } from '../support/city-folder.ts'
import { type CrashPoint, pointsOf } from '../support/crash-points.ts'
import { type DyingWish, startDying } from '../support/dying.ts'
import { connectorsWithFar } from '../support/far-connector.ts'
import { aVideo } from '../support/mp4.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'

/** `number`: of the town, since a page belongs to one. */
const settingsIn = (number: number) => ({
  bluesky: { handle: 'bonn.example', appPassword: 'env:PASSWORD' },
  facebook: { page: `10006450000010${number}`, token: 'env:TOKEN' },
  instagram: { account: `1784140000000010${number}`, token: 'env:TOKEN' },
  mastodon: { base: 'https://social.example', token: 'env:TOKEN' },
  telegram: { channel: '@bonn', token: 'env:TOKEN' },
  threads: { token: 'env:TOKEN' },
  tiktok: { clientKey: 'key', clientSecret: 'env:SECRET', refreshToken: 'env:REFRESH' },
  x: { token: 'env:TOKEN' },
  youtube: { clientId: 'id', clientSecret: 'env:SECRET', refreshToken: 'env:REFRESH' },
})
type Platform = keyof ReturnType<typeof settingsIn>

/** Who takes a picture, and who takes a film: a city for each, so that every step comes once for every channel. */
const towns = {
  bonn: ['bluesky', 'facebook', 'instagram', 'mastodon', 'telegram', 'threads', 'tiktok', 'x'],
  kassel: ['facebook', 'instagram', 'threads', 'tiktok', 'x', 'youtube'],
} as const satisfies Record<string, readonly Platform[]>
type Town = keyof typeof towns
/** Fourteen rounds in a minute are more than any press office has. */
const pace = { actions: 1000, 'per-seconds': 1 }
/** An access token of TikTok is renewed at every delivery: it counts as run out a minute before its end. */
const lab = { tiktok: { rateLimits: false, accessSeconds: 61 } }
const cities = aCityFolder(
  Object.fromEntries(
    Object.entries({ ...towns, mainz: ['tiktok'] as const }).map(([city, platforms], number) => [
      city,
      { channels: platforms.map((platform) => ({ name: platform, platform, pace, settings: settingsIn(number)[platform] })) },
    ]),
  ),
)

/** Who comes to such a step: some fetch the bytes themselves, some have nothing to remember, and only some tokens run out. */
const comeTo: Record<'refresh' | 'read' | 'remember', Record<Town, readonly Platform[]>> = {
  refresh: { bonn: ['tiktok'], kassel: ['tiktok', 'youtube'] },
  read: { bonn: ['bluesky', 'facebook', 'mastodon', 'telegram', 'x'], kassel: ['facebook', 'tiktok', 'x', 'youtube'] },
  remember: {
    bonn: ['facebook', 'instagram', 'mastodon', 'threads', 'tiktok', 'x'],
    kassel: ['facebook', 'instagram', 'threads', 'tiktok', 'x', 'youtube'],
  },
}
const stepOf = (point: CrashPoint): keyof typeof comeTo =>
  point.startsWith('refresh') ? 'refresh' : point.endsWith('read') ? 'read' : 'remember'

/** Telegram shows nobody what stands there, and TikTok tells nobody what became of photos that it was told to fetch. */
const cannotTell = (point: CrashPoint, town: Town, platform: Platform): boolean =>
  town === 'bonn' && ((platform === 'telegram' && stepOf(point) === 'read') || (platform === 'tiktok' && point === 'media:after-remember'))

const warning = { kind: 'warning', severity: 'Severe', text: 'Ein Satz.' }
const times = { budgetSeconds: 20, settleSeconds: 1 }

interface Round {
  readonly title: string
  readonly died: string
  detail: AnnouncementDetail
}

describe('a worker that dies over a token, a picture or a film', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  const media: Record<Town, string> = { bonn: '', kassel: '' }
  const rounds = new Map<string, Round>()
  const keyOf = (point: string, town: Town): string => `${point} ${town}`

  before(
    async () => {
      rundruf = await aRundruf({ roles: 'serve', cities, exchange: { connectors: connectorsWithFar(), lab } })
      await keepMedia()
      for (const town of Object.keys(towns) as Town[])
        for (const { name } of pointsOf('refresh', 'media')) rounds.set(keyOf(name, town), await dieAt(name, town))
      await recover()
    },
    { timeout: 300_000 },
  )
  after(() => rundruf?.[Symbol.asyncDispose]())

  const keepMedia = async (): Promise<void> => {
    const picture = await sharp({ create: { width: 800, height: 800, channels: 3, background: '#0a84c6' } })
      .jpeg()
      .toBuffer()
    const film = aVideo('Ein Sprung', { seconds: 6, width: 1080, height: 1920 })
    media.bonn = createHash('sha256').update(picture).digest('hex')
    media.kassel = film.video.id
    const { seconds, width, height, type, size } = film.video
    await rundruf.store.db.transaction().execute(async (trx) => {
      await insertMedium(trx, { id: media.bonn, type: 'image/jpeg', size: picture.length, width: 800, height: 800 }, picture, 'test')
      await insertMedium(
        trx,
        { id: media.kassel, type, size, width, height, seconds, codec: 'h264', audioCodec: 'aac' },
        film.bytes,
        'test',
      )
      await giveMedia(trx, [media.bonn, media.kassel], ['*'])
    })
  }

  const dieAt = async (point: CrashPoint, city: Town): Promise<Round> => {
    const title = `Probe ${randomUUID()}`
    const fields = { ...warning, city, title, media: [{ id: media[city], alt: 'Ein Sprung' }] }
    const detail = await rundruf.show(await rundruf.announce(fields))
    const coming: readonly string[] = comeTo[stepOf(point)][city]
    const of = detail.deliveries.filter(({ platform }) => coming.includes(platform)).map(({ id }) => id)
    // a token that was renewed for the round before is good for a while
    await rundruf.store.db.deleteFrom('safe').execute()
    const wish: DyingWish = { point: `${point}:${of.length}`, of, alone: true, times }
    return { title, detail, died: String(await startDying(rundruf.environment(), wish).ended) }
  }

  const recover = async (): Promise<void> => {
    const survivor = startDying(rundruf.environment(), { times })
    for (const round of rounds.values())
      round.detail = await poll(
        `all of ${round.title} to be settled or held`,
        async () => {
          const detail = await rundruf.show(round.detail.id)
          const open = detail.deliveries.filter(({ state }) => !['delivered', 'held'].includes(state))
          if (open.length > 0) throw new Error(JSON.stringify(open.map(({ platform, state, reason }) => ({ platform, state, reason }))))
          return detail
        },
        90_000,
      )
    await survivor.kill()
  }

  for (const town of Object.keys(towns) as Town[])
    for (const { name, faults } of pointsOf('refresh', 'media'))
      it(`${faults}, P2: at ${name} with ${town === 'bonn' ? 'a picture' : 'a film'} leaves one post on each, or one question`, async () => {
        const { title, died, detail } = rounds.get(keyOf(name, town)) as Round
        assert.equal(died, 'SIGKILL', 'the worker died there')
        const posts = (await rundruf.ledger()).filter(({ text }) => text.includes(title))
        for (const platform of towns[town]) {
          const [delivery, ...more] = detail.deliveries.filter((one) => one.platform === platform)
          assert.equal(more.length, 0)
          const asked = cannotTell(name, town, platform)
          assert.equal(delivery?.state, asked ? 'held' : 'delivered', platform)
          if (asked) assert.match(delivery?.question ?? '', /Steht der Beitrag dort/)
          assert.equal(posts.filter((post) => post.platform === platform).length, asked ? 0 : 1, platform)
        }
      })

  it('F2, P3: at refresh:after-renew, where a refresh token is good once, leaves nothing sent and a channel that a person links anew', {
    timeout: 60_000,
  }, async () => {
    const announced = () => rundruf.announce({ ...warning, city: 'mainz', title: 'Probe', media: [{ id: media.bonn, alt: 'Ein Sprung' }] })
    const ended = (id: string) =>
      poll('the delivery to be settled or held', async () => {
        const [delivery] = (await rundruf.show(id)).deliveries
        return delivery && ['delivered', 'held'].includes(delivery.state) ? delivery : undefined
      })
    const survivor = () => startDying(rundruf.environment(), { times, only: ['tiktok'] })
    const first = survivor()
    assert.equal((await ended(await announced())).state, 'delivered', 'the token of the settings is exchanged')
    await first.kill()
    const id = await announced()
    // nobody but TikTok knows the token that it has given for the one before
    assert.equal(await startDying(rundruf.environment(), { times, only: ['tiktok'], point: 'refresh:after-renew:1' }).ended, 'SIGKILL')
    const second = survivor()
    const delivery = await ended(id)
    await second.kill()
    assert.equal(delivery.state, 'held')
    assert.match(delivery.reason ?? '', /gesperrt/)
    assert.match(delivery.reason ?? '', /neu verbinden|neu verbunden|anmelden/)
    const { body } = await rundruf.api('GET', '/channels?city=mainz')
    assert.match(JSON.stringify(body), /suspended/)
    assert.equal((await rundruf.ledger('tiktok')).filter(({ account }) => account.startsWith('mainz')).length, 1)
  })
})
