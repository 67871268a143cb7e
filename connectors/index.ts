// Every platform that this installation can reach, one line each.
import type { AnyConnector, Connectors } from '../src/connector/connector.ts'
import { guarded } from '../src/connector/guarded.ts'
import { bluesky } from './bluesky/index.ts'
import { email } from './email/index.ts'
import { facebook } from './facebook/index.ts'
import { instagram } from './instagram/index.ts'
import { mastodon } from './mastodon/index.ts'
import { newsroom } from './newsroom.ts'
import { telegram } from './telegram/index.ts'
import { threads } from './threads/index.ts'
import { tiktok } from './tiktok/index.ts'
import { whatsapp } from './whatsapp/index.ts'
import { x } from './x/index.ts'
import { youtube } from './youtube/index.ts'

const all: readonly AnyConnector[] = [
  bluesky, //
  email,
  facebook,
  instagram,
  mastodon,
  newsroom,
  telegram,
  threads,
  tiktok,
  whatsapp,
  x,
  youtube,
]

export const connectors: Connectors = new Map(all.map((connector) => [connector.platform, guarded(connector)]))
