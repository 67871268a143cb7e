// The newsroom channel: the contract, with a desk in memory; the real desk has its own tests.
import { newsroom } from '../../connectors/newsroom.ts'
import type { Newsroom, Post } from '../../src/connector/connector.ts'
import { connectorContract } from '../contract/connector-contract.ts'

interface Item {
  readonly post: Post
  readonly at: string
  readonly retracted: boolean
}

const items = new Map<string, Item>()

const receiptOf = (key: string, { at }: Item) => ({ id: key, url: `https://rundruf.example/bonn/${key}`, at })

const desk: Newsroom = {
  put: async (_city, key, post, at) => {
    const item = { post, at, retracted: false }
    items.set(key, item)
    return receiptOf(key, item)
  },
  retract: async (_city, key) => {
    const item = items.get(key.split('/').at(-1) ?? key)
    if (item) items.set(key.split('/').at(-1) ?? key, { ...item, retracted: true })
  },
  find: async (_city, key) => {
    const item = items.get(key)
    return item && receiptOf(key, item)
  },
}

connectorContract({
  name: 'The newsroom on a desk in memory',
  connector: newsroom,
  newsroom: desk,
  faults: new Set(),
  enforcesLimits: false,
  hasInsights: false,
  open: async () => ({
    settings: {},
    secrets: [],
    set: async () => {},
    struck: async () => true,
    posts: async () =>
      [...items].flatMap(([id, { post, retracted }]) =>
        retracted
          ? []
          : [{ id, text: post.text, language: post.language, replyTo: null, images: post.images.map(({ alt, size }) => ({ alt, size })) }],
      ),
    close: async () => items.clear(),
  }),
})
