// What a look makes of other clocks and other words: on every platform that can be looked through, a post of ours is recognised, or a person is asked.
import assert from 'node:assert/strict'
import { after, afterEach, before, suite, test } from 'node:test'
import type { Post, Receipt } from '../../src/connector/connector.ts'
import { failureOf } from '../../src/connector/errors.ts'
import { type ContractOptions, type Delivery, World } from './world.ts'

/** How far the platform's and the store's clocks are ahead, in seconds. Ever later: a platform whose ids are times never goes back. */
const clocks: readonly (readonly [platform: number, store: number])[] = [
  [-300, 0],
  [-120, 0],
  [-120, 120],
  [0, 90],
  [0, -300],
  [120, -120],
  [300, 0],
]

/** Signs that platforms clean away, and that servers which read Markdown take for formatting. */
const signs = 'Liebe Bürger*innen und Besucher*innen: „Hitze“ – ≥ 30 °C 🚒 …\n- Türen zu\n- Fenster zu\n\n3. Oktober: *Entwarnung*'

/** Registers the tests where the connector can look and the peer has moods. */
export const looks = (options: ContractOptions): void => {
  const { connector, moods = [] } = options
  if (!connector.find || moods.length === 0) return
  // each with a platform of its own: a clock that was ahead once has left posts of tomorrow
  const inWorld = (name: string, tests: (world: World) => void): void =>
    void suite(name, () => {
      const world = new World(options)
      before(() => world.open())
      afterEach(() => world.peer.mood?.(null))
      after(() => world.close())
      tests(world)
    })

  inWorld('its look by other clocks', (world) => {
    for (const [platform, store] of clocks)
      test(`F26: finds its post and nothing else, the platform’s clock ${platform} s ahead, the store’s ${store} s`, async () => {
        await world.peer.mood?.({ clockMs: platform * 1000 })
        await recognises(world, { store: store * 1000 })
        assert.equal(await found(world, world.post(), world.delivery(store * 1000)), 'absent')
      })

    test('F26: where the clocks are a quarter of an hour apart its post is found, or a person is asked', async () => {
      await world.peer.mood?.({ clockMs: 900_000 })
      await recognises(world, {}, 'person')
    })
  })

  inWorld('its look at other words', (world) => {
    for (const text of moods)
      test(`F27: knows its post again on a platform whose text is “${text}”`, async () => {
        await world.peer.mood?.({ text })
        await recognises(world, { signs })
        assert.equal(await found(world, world.post(), world.delivery()), 'absent')
      })
  })
}

interface Situation {
  readonly store?: number
  readonly signs?: string
}

/** A post, and an answer below it where there are answers: each is found for its delivery, by its own receipt. */
const recognises = async (world: World, { store = 0, signs: more = '' }: Situation, ...also: readonly string[]): Promise<void> => {
  const { connector, client } = world
  const worded = (): Post => {
    const { text, ...post } = world.post()
    return { ...post, text: `${text}\n${more}`.trim() }
  }
  const is = async (post: Post, delivery: Delivery, { id }: Receipt) => {
    const said = await found(world, post, delivery)
    assert.ok(said === id || also.includes(said), `the look says ${said}, not ${id}`)
  }
  const [post, answer] = [worded(), worded()]
  const [first, second] = [world.delivery(store), world.delivery(store)]
  const receipt = await world.publish(post, first)
  await is(post, first, receipt)
  if (!connector.reply) return
  const reply = await connector.reply(client, receipt, answer, second.attempt())
  await is(answer, second, reply)
}

/** What a look says: an id, `absent`, or `person`. */
const found = async ({ connector, client }: World, post: Post, delivery: Delivery): Promise<string> => {
  try {
    return (await connector.find?.(client, post, delivery.attempt()))?.id ?? 'absent'
  } catch (error) {
    if (failureOf(error) !== 'unclear') throw error
    return 'person'
  }
}
