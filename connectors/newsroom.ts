// The city's own page as a channel: no network, no limits worth the name, and each item exactly once by its key.
import { z } from 'zod'
import type { Connector, Tools } from '../src/connector/connector.ts'
import { graphemes } from '../src/connector/measure.ts'

export const newsroom: Connector<object, Tools> = {
  platform: 'newsroom',
  title: 'Newsroom',
  settings: z.strictObject({}),
  // Our own page: a whole press release fits, and nobody has to wait. Sizes and types are what the media store keeps.
  limits: {
    text: { max: 50_000 },
    images: { max: 20, maxBytes: 16_777_216, types: ['image/png', 'image/jpeg', 'image/gif', 'image/webp'], altMax: 5_000 },
    video: {
      maxBytes: 200_000_000,
      types: ['video/mp4', 'video/quicktime'],
      minSeconds: 0,
      maxSeconds: 86_400,
      altMax: 5_000,
      captions: 20,
    },
    needsMedia: false,
    pace: { actions: 1_000, perSeconds: 1 },
  },
  repeat: 'id',
  // One transaction of our own store: it is there, or it never will be.
  settleSeconds: 0,
  // A store that does not answer in this time is away.
  budgetSeconds: 10,
  measure: (text) => graphemes(text),
  connect: (_settings, tools) => tools,
  check: async ({ city }) => ({ account: city, url: null, until: null }),
  publish: ({ newsroom: desk, city }, post, attempt) => desk.put(city, attempt.key, post, attempt.plannedAt),
  update: ({ newsroom: desk, city }, receipt, post, attempt) => desk.put(city, receipt.id, post, attempt.plannedAt),
  retract: ({ newsroom: desk, city }, receipt, attempt) => desk.retract(city, receipt.id, attempt.plannedAt),
  find: ({ newsroom: desk, city }, _post, attempt) => desk.find(city, attempt.key),
  stands: async ({ newsroom: desk, city }, receipt) => (await desk.find(city, receipt.id)) !== undefined,
}
