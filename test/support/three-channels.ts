// A city on three platforms, and what stands there of one announcement.
import { Redis } from 'ioredis'
import type { TestRundruf } from './rundruf.ts'

export const threeChannels = (city: string) => [
  { name: 'newsroom', platform: 'newsroom' },
  { name: 'mastodon', platform: 'mastodon', settings: { base: 'https://social.example', token: 'env:TOKEN' } },
  { name: 'bluesky', platform: 'bluesky', settings: { handle: `${city}.example`, appPassword: 'env:PASSWORD' } },
]

/** How many posts with this title stand on each of the three. */
export const standing = async (rundruf: TestRundruf, title: string): Promise<Record<string, number>> => {
  const posts = (await rundruf.ledger()).filter(({ text, deletedAt }) => text.includes(title) && deletedAt === null)
  const items = await rundruf.store.db.selectFrom('newsroom').select('post').execute()
  return {
    mastodon: posts.filter(({ platform }) => platform === 'mastodon').length,
    bluesky: posts.filter(({ platform }) => platform === 'bluesky').length,
    newsroom: items.filter(({ post }) => post.title.includes(title)).length,
  }
}

export const once = { mastodon: 1, bluesky: 1, newsroom: 1 }

/** Says one thing to Redis on a connection of its own. */
export const tellRedis = async <T>(path: string, say: (redis: Redis) => Promise<T>): Promise<T> => {
  const redis = new Redis(path)
  try {
    return await say(redis)
  } finally {
    redis.disconnect()
  }
}
