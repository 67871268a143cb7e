// Every platform that this installation can reach, one line each.
import type { AnyConnector, Connectors } from '../src/connector/connector.ts'
import { bluesky } from './bluesky/index.ts'
import { mastodon } from './mastodon/index.ts'
import { newsroom } from './newsroom.ts'

const all: readonly AnyConnector[] = [
  bluesky, //
  mastodon,
  newsroom,
]

export const connectors: Connectors = new Map(all.map((connector) => [connector.platform, connector]))
