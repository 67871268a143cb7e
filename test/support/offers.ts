// Platforms for tests of the pure core: what they can do and take, and nobody behind them.
import type { AnyConnector } from '../../src/connector/connector.ts'
import type { Limits } from '../../src/connector/limits.ts'
import { graphemes } from '../../src/connector/measure.ts'
import type { Offers } from '../../src/planning/plan.ts'
import { platforms } from '../../src/policy/platforms.ts'

const never = (): never => {
  throw new Error('a plan never acts')
}

/** What a platform can do beside publishing. */
export type Ability = 'update' | 'retract' | 'reply'

export const aConnector = (platform: string, abilities: readonly Ability[] = [], limits: Partial<Limits> = {}): AnyConnector => ({
  platform,
  title: platforms.get(platform)?.title ?? platform,
  settings: undefined as unknown as AnyConnector['settings'],
  limits: {
    text: { max: 300 },
    images: { max: 4, maxBytes: 1_000_000, types: ['image/png'], altMax: 1_500 },
    needsMedia: false,
    pace: { actions: 1, perSeconds: 1 },
    ...limits,
  },
  repeat: 'nothing',
  settleSeconds: 1,
  budgetSeconds: 1,
  measure: graphemes,
  connect: never,
  check: never,
  publish: never,
  ...Object.fromEntries(abilities.map((ability) => [ability, never])),
})

/** The newsroom and Mastodon can change posts, Bluesky can only answer, X can only delete, Telegram nothing at all. */
export const someConnectors: readonly AnyConnector[] = [
  aConnector('newsroom', ['update', 'retract'], { text: { max: 50_000 } }),
  aConnector('mastodon', ['update', 'retract', 'reply'], { text: { max: 500 } }),
  aConnector('bluesky', ['retract', 'reply']),
  aConnector('x', ['retract'], { text: { max: 280 } }),
  aConnector('telegram'),
]

export const offersOf = (connectors: readonly AnyConnector[] = someConnectors): Offers => ({
  connectors: new Map(connectors.map((connector) => [connector.platform, connector])),
  learned: new Map(),
})
