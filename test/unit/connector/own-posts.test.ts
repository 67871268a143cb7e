// The one look through an account's own posts: its window in the platform's time, its pages, and when it leaves the answer to a person.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { UnclearError } from '../../../src/connector/errors.ts'
import type { Likeness } from '../../../src/connector/likeness.ts'
import { earliestOf, firstOwnPost, type OwnPosts, ownPosts, postAmong } from '../../../src/connector/own-posts.ts'

interface Stands {
  readonly id: number
  /** By the platform's clock, milliseconds since 1970; NaN: unknown. */
  readonly at: number
  readonly likeness?: Likeness
}

const minute = 60_000
/** What a perfect clock says when somebody looks. */
const now = Date.parse('2026-11-30T12:00:00Z')

interface Situation {
  readonly posts: readonly Stands[]
  /** How far the platform's and the store's clocks are ahead of a perfect one. */
  readonly platform?: number
  readonly store?: number
  /** How long ago the first attempt began. */
  readonly age?: number
  readonly pageSize?: number
  readonly date?: string | null
  readonly mixed?: boolean
}

const look = ({ posts, platform = 0, store = 0, age = minute, pageSize = 3, ...more }: Situation) => {
  const date = more.date === undefined ? new Date(now + platform).toUTCString() : more.date
  const list: OwnPosts<Stands> = {
    title: 'Probe',
    mostPages: 3,
    ...(more.mixed && { mixed: true }),
    bornAt: ({ at }) => at,
    likeness: ({ likeness = 'exact' }) => likeness,
    page: async (after = '0') => {
      const from = Number(after)
      const end = from + pageSize
      return { posts: posts.slice(from, end), next: end < posts.length ? String(end) : undefined, date }
    },
  }
  const attempt = { firstAt: new Date(now + store - age).toISOString(), age: () => age }
  return { list, attempt, ids: async () => (await Array.fromAsync(ownPosts(list, attempt))).map(({ id }) => id) }
}

const unclear = (words: RegExp) => (error: unknown) => error instanceof UnclearError && !error.findable && words.test(error.message)

test('F26: whatever both clocks say within five minutes, the post of the attempt is found and an old one is not', async () => {
  const off = fc.integer({ min: -150, max: 150 }).map((seconds) => seconds * 1000)
  await fc.assert(
    fc.asyncProperty(off, off, fc.integer({ min: 1, max: 1000 }), async (platform, store, minutes) => {
      const age = minutes * minute
      const posts = [
        { id: 1, at: now - age + 2000 + platform },
        { id: 2, at: now - age - 72 * minute + platform },
      ]
      assert.deepEqual(await look({ posts, platform, store, age }).ids(), [1])
      assert.deepEqual(await look({ posts: posts.slice(1), platform, store, age }).ids(), [])
    }),
    { seed: 26 },
  )
})

test('F26: a clock that was put right between the attempt and the look hides nothing', async () => {
  for (const off of [-300_000, 300_000])
    assert.deepEqual(await look({ posts: [{ id: 1, at: now - minute + off }] }).ids(), [1], String(off))
})

test('F26: a clock that was far behind at the attempt and right at the look makes no second post: a person is asked', async () => {
  for (const behind of [6, 20, 60])
    for (const likeness of ['exact', 'same', 'near'] as const)
      for (const mixed of [false, true])
        await assert.rejects(
          look({ posts: [{ id: 1, at: now - (1 + behind) * minute, likeness }], mixed }).ids(),
          unclear(/älter/),
          `${behind}`,
        )
})

test('F26: last week’s notice with the same words, and other words just before, are no reason to ask', async () => {
  const posts: Stands[] = [
    { id: 1, at: now - 20 * minute, likeness: 'other' },
    { id: 2, at: now - 72 * minute },
    { id: 3, at: now - 7 * 24 * 60 * minute },
  ]
  assert.deepEqual(await look({ posts }).ids(), [])
})

test('F26: where a receipt names the post, the look for a second one takes an older one for it', async () => {
  const { list, attempt } = look({ posts: [{ id: 1, at: now - 20 * minute }] })
  assert.deepEqual(await Array.fromAsync(ownPosts(list, { ...attempt, hasReceipt: true })), [])
})

test('F26: what is found in its time counts, whatever stood there before', async () => {
  const before: Stands = { id: 2, at: now - 20 * minute }
  assert.deepEqual(await look({ posts: [{ id: 1, at: now }, before] }).ids(), [1])
  assert.deepEqual(await look({ posts: [{ id: 1, at: now, likeness: 'same' }, before] }).ids(), [1])
})

test('F26: where the clocks differ by more than five minutes a person is asked, unless the post is found', async () => {
  for (const platform of [-400_000, 400_000]) {
    await assert.rejects(look({ posts: [], platform }).ids(), unclear(/7 Minuten/))
    assert.deepEqual(await look({ posts: [{ id: 1, at: now - minute + platform }], platform }).ids(), [1])
  }
  await assert.rejects(look({ posts: [], store: 400_000 }).ids(), unclear(/7 Minuten/))
})

test('F26: where the platform does not say its time a person is asked, unless the post is found', async () => {
  for (const date of [null, 'soon']) {
    await assert.rejects(look({ posts: [], date }).ids(), unclear(/Uhrzeit/))
    assert.deepEqual(await look({ posts: [{ id: 1, at: now - 5 * minute }], date }).ids(), [1])
  }
})

test('F26: where the store’s clock was put back behind the first attempt a person is asked', async () => {
  await assert.rejects(look({ posts: [], age: -minute }).ids(), unclear(/zurückgestellt/))
})

test('F26: where posts are dated by another clock than answers a person is asked', async () => {
  await assert.rejects(look({ posts: [{ id: 1, at: now + 10 * minute, likeness: 'other' }] }).ids(), unclear(/anderen Uhr/))
})

test('F26: a post without a time may be new', async () => {
  assert.deepEqual(await look({ posts: [{ id: 1, at: Number.NaN }] }).ids(), [1])
})

test('F26: what a platform is asked for beforehand reaches as far back as any look', () => {
  assert.equal(earliestOf({ firstAt: new Date(now).toISOString() }), now - 620_000 - 60 * minute)
})

test('F27: what was rendered counts where nothing is exact', async () => {
  const [rendered, exact]: Stands[] = [
    { id: 1, at: now, likeness: 'same' },
    { id: 2, at: now, likeness: 'exact' },
  ]
  assert.deepEqual(await look({ posts: [rendered!] }).ids(), [1])
  assert.deepEqual(await look({ posts: [rendered!, exact!] }).ids(), [2])
})

test('F27: something that is nearly the same is never called absent', async () => {
  await assert.rejects(look({ posts: [{ id: 1, at: now, likeness: 'near' }] }).ids(), unclear(/ähnlich/))
  assert.deepEqual(await look({ posts: [{ id: 1, at: now - 72 * minute, likeness: 'near' }] }).ids(), [])
})

const others = (many: number): Stands[] => Array.from({ length: many }, (_, id) => ({ id: id + 10, at: now, likeness: 'other' }))

test('pages are turned until they are older than the attempt', async () => {
  const old = { id: 99, at: now - 120 * minute }
  assert.deepEqual(await look({ posts: [...others(7), { id: 1, at: now }] }).ids(), [1])
  assert.deepEqual(await look({ posts: [...others(4), old, ...others(50)] }).ids(), [])
})

test('where there is more than is looked through a person is asked, also when something was found', async () => {
  await assert.rejects(look({ posts: others(10) }).ids(), unclear(/durchgesehen/))
  await assert.rejects(look({ posts: [{ id: 1, at: now }, ...others(10)] }).ids(), unclear(/durchgesehen/))
  const { list, attempt } = look({ posts: [{ id: 1, at: now }, ...others(10)] })
  assert.equal((await firstOwnPost(list, attempt))?.id, 1)
})

test('F26: a page on which everything was filtered out is not the last where it names a next one', async () => {
  const pages = [[], [{ id: 1, at: now }]]
  const page = async (after = '0') => ({
    posts: pages[Number(after)] ?? [],
    next: after === '0' ? '1' : undefined,
    date: new Date(now).toUTCString(),
  })
  const { list, attempt } = look({ posts: [] })
  assert.equal((await firstOwnPost({ ...list, page }, attempt))?.id, 1)
  assert.equal((await postAmong({ page, mostPages: 3 }, ({ id }) => id === 1))?.id, 1)
})

test('where old and new stand mixed every page is read', async () => {
  const posts = [{ id: 9, at: 0 }, ...others(4), { id: 1, at: now }]
  assert.deepEqual(await look({ posts, mixed: true }).ids(), [1])
  assert.deepEqual(await look({ posts }).ids(), [])
})

test('a post is found by what it is, whenever it appeared', async () => {
  const { list } = look({ posts: [...others(4), { id: 1, at: 0 }] })
  assert.equal((await postAmong(list, ({ id }) => id === 1))?.id, 1)
  assert.equal(await postAmong(list, ({ id }) => id === 2), undefined)
})
