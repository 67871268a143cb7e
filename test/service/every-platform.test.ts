// The shipped cities on every platform that the lab plays: what is announced stands on their walls, and is taken back where that can be done.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import sharp from 'sharp'
import { connectors } from '../../connectors/index.ts'
import type { AnnouncementDetail } from '../../src/commands/view.ts'
import { poll } from '../support/poll.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type LedgerPost, type TestRundruf } from '../support/rundruf.ts'

/** They need a browser or people who have subscribed, and have tests of their own. */
const elsewhere = new Set(['whatsapp', 'email'])
const some = new Map([...connectors].filter(([platform]) => !elsewhere.has(platform)))

const link = 'https://www.kassel.de/bad'
const alt = 'Das Freibad von oben, die Becken sind voll'

interface Post extends LedgerPost {
  readonly images: readonly { readonly alt: string; readonly type: string }[]
  readonly link: string | null
}

describe('every platform of the cities', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  before(async () => {
    rundruf = await aRundruf({ exchange: { connectors: some } })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const picture = async (): Promise<string> => {
    const bytes = await sharp({ create: { width: 1200, height: 900, channels: 3, background: '#0a84c6' } })
      .png()
      .toBuffer()
    const answer = await fetch(`${rundruf.running.url}/api/v1/media`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rundruf.key}`, 'content-type': 'image/png' },
      body: new Uint8Array(bytes),
    })
    assert.equal(answer.status, 201, await answer.clone().text())
    return ((await answer.json()) as { id: string }).id
  }

  const posts = async (title: string): Promise<readonly Post[]> =>
    ((await rundruf.ledger()) as readonly Post[]).filter(({ text }) => text.includes(title))

  const announced = async (city: string, title: string, more: Record<string, unknown> = {}): Promise<AnnouncementDetail> =>
    rundruf.settled(await rundruf.announce({ city, title, text: 'Das Freibad öffnet am Samstag um 9 Uhr.', link, ...more }))

  const platformsOf = (all: readonly Post[]): readonly string[] => [...new Set(all.map(({ platform }) => platform))].sort()
  const states = ({ deliveries }: AnnouncementDetail) => Object.fromEntries(deliveries.map(({ platform, state }) => [platform, state]))

  it('Kassel, with a picture: Facebook, Instagram and X carry it with its alternative text and its link', async () => {
    const view = await announced('kassel', 'Bad in Kassel', { media: [{ id: await picture(), alt }] })
    assert.deepEqual(states(view), { newsroom: 'delivered', facebook: 'delivered', instagram: 'delivered', x: 'delivered' })
    const stand = await posts('Bad in Kassel')
    assert.deepEqual(platformsOf(stand), ['facebook', 'instagram', 'x'])
    for (const { platform, images, text } of stand) {
      assert.deepEqual(
        images.map((image) => image.alt),
        [alt],
        platform,
      )
      assert.ok(text.includes(link), `${platform}: ${text}`)
    }
    assert.equal(stand.find(({ platform }) => platform === 'instagram')?.images[0]?.type, 'image/jpeg')
  })

  it('Bonn, without a picture: Instagram gets a picture card with words for those who do not see it', async () => {
    const view = await announced('bonn', 'Ohne Bild')
    assert.deepEqual(new Set(Object.values(states(view))), new Set(['delivered']))
    const stand = await posts('Ohne Bild')
    assert.deepEqual(platformsOf(stand), ['bluesky', 'facebook', 'instagram', 'mastodon', 'threads'])
    const card = stand.find(({ platform }) => platform === 'instagram')?.images[0]
    assert.match(card?.alt ?? '', /Ohne Bild/)
    assert.deepEqual(
      stand.filter(({ platform, images }) => platform !== 'instagram' && images.length > 0),
      [],
      'a card is for those who need one',
    )
  })

  it('Bonn, a correction: it reaches Instagram as a comment, words alone', async () => {
    const view = await announced('bonn', 'Vor der Korrektur')
    await rundruf.api('POST', `/announcements/${view.id}/amend`, { text: 'Nach der Korrektur.' })
    const settled = await rundruf.settled(view.id)
    assert.equal(settled.state, 'delivered')
    const answer = (await posts('Vor der Korrektur')).find(
      ({ platform, text }) => platform === 'instagram' && text.startsWith('Korrektur: '),
    )
    assert.match(answer?.text ?? '', /Nach der Korrektur\./)
  })

  it('Bonn, a severe warning: X carries it, too; taken back it is gone where a program can delete', async () => {
    const view = await announced('bonn', 'Sturm', { kind: 'warning', severity: 'Severe', link: null })
    assert.equal(states(view).x, 'delivered')
    assert.deepEqual(platformsOf(await posts('Sturm')), ['bluesky', 'facebook', 'instagram', 'mastodon', 'threads', 'x'])
    await rundruf.api('POST', `/announcements/${view.id}/retract`, {})
    await poll('all to be deleted', async () => (await posts('Sturm')).every(({ deletedAt }) => deletedAt !== null))
    assert.equal((await rundruf.settled(view.id)).state, 'retracted')
  })

  it('Dresden goes to Threads; Ronnenberg’s TikTok takes photos for its topics, and says without one why not', async () => {
    await announced('dresden', 'In Dresden')
    assert.deepEqual(platformsOf(await posts('In Dresden')), ['threads'])
    await announced('ronnenberg', 'Ausbildung', { topic: 'jobs-and-training', media: [{ id: await picture(), alt }] })
    assert.deepEqual(platformsOf(await posts('Ausbildung')), ['tiktok'])
    const { body } = await rundruf.api('POST', '/plan', {
      city: 'ronnenberg',
      kind: 'notice',
      topic: 'city-life',
      title: 'T',
      text: 'Ein Satz.',
    })
    const tiktok = (body as AnnouncementDetail).decisions.find(({ platform }) => platform === 'tiktok')
    assert.equal(tiktok?.because, 'needs-media')
  })
})
