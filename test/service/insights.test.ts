// How the public takes it: followers and reactions, asked of the platforms; what does not count or does not answer is told in words.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { aCityFolder } from '../support/city-folder.ts'
import { redisMissing } from '../support/redis.ts'
import { aRundruf, type TestRundruf } from '../support/rundruf.ts'
import { threeChannels } from '../support/three-channels.ts'
import { call } from './cli-calling.ts'

const cities = aCityFolder({ bonn: { channels: threeChannels('bonn') } })

interface Told {
  readonly channel: string
  readonly problem: string | null
}

describe('insights', { skip: redisMissing() }, () => {
  let rundruf: TestRundruf
  before(async () => {
    rundruf = await aRundruf({ cities })
  })
  after(() => rundruf?.[Symbol.asyncDispose]())

  const get = async <T>(path: string): Promise<T> => (await rundruf.api('GET', path)).body as T
  const told = (...args: string[]) => call(args, { house: { url: rundruf.running.url, key: rundruf.key } })

  it('reactions are told for every post that stands, and why there are none', async () => {
    const id = await rundruf.announce({ title: 'Freibad', text: 'Es öffnet.' })
    await rundruf.settled(id)
    const rows = await get<(Told & { reactions: object | null })[]>(`/announcements/${id}/reactions`)
    assert.deepEqual(rows.map(({ channel, reactions }) => [channel, reactions !== null]).sort(), [
      ['bluesky', true],
      ['mastodon', true],
      ['newsroom', false],
    ])
    assert.match(rows.find(({ channel }) => channel === 'newsroom')?.problem ?? '', /keine Zahlen/)
    const { code, out } = await told('insights', id)
    assert.equal(code, 0)
    assert.ok(out.includes('Gefällt mir: 0') && out.includes('keine Zahlen'))
  })

  it('followers are told for a channel; a platform that is away is told, too', async () => {
    const { insights } = await get<Told & { insights: { followers: number } | null }>('/channels/bonn/mastodon/insights')
    assert.ok(Number.isInteger(insights?.followers))
    // what Mastodon said is remembered for a minute
    await rundruf.fault('bluesky', { fault: 'unavailable', operation: 'read', times: 1 })
    const away = await get<Told & { insights: object | null }>('/channels/bonn/bluesky/insights')
    assert.equal(away.insights, null)
    assert.match(away.problem ?? '', /Bluesky/)
    const { code, out } = await told('insights', '--city', 'bonn')
    assert.equal(code, 0)
    assert.match(out, /mastodon.*\d/)
  })

  it('an unknown channel and an unknown announcement are refused; a verb without either is explained', async () => {
    assert.equal((await rundruf.api('GET', '/channels/bonn/nirgends/insights')).status, 404)
    assert.equal((await rundruf.api('GET', '/announcements/0198f000-0000-7000-8000-000000000000/reactions')).status, 404)
    assert.equal((await told('insights')).code, 2)
  })
})
