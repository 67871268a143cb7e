// What the door for programs is built from; main.ts hands it in.
import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import type { FastifyPluginAsync } from 'fastify'
import type { AskChannel } from '../commands/check-channel.ts'
import type { Desk } from '../commands/desk.ts'
import type { Checking } from '../commands/findings.ts'
import type { Linking } from '../commands/link-channel.ts'
import type { Events } from '../observing/events.ts'
import type { Logger } from '../observing/log.ts'
import type { Metrics, Standing } from '../observing/metrics.ts'

interface Pulse {
  ready(): Promise<{ readonly database: boolean; readonly queue: boolean }>
  /** How the deliveries stand, for the gauges; read at each scrape. */
  standing?(): Promise<readonly Standing[]>
}

export interface Parts {
  readonly desk: Desk
  readonly log: Logger
  readonly events: Events
  readonly metrics: Metrics
  readonly pulse: Pulse
  /** Asks a channel's platform who we are there. */
  readonly askChannel: AskChannel
  /** The links of accounts that this process has under way. */
  readonly linking: Linking
  /** Looks beyond the store, for `verify`. */
  readonly checking: Checking
  /** The queues as bull-board sees them; absent where this process has none. */
  readonly operations?: { queues(): readonly BaseAdapter[] }
  /** Further doors: the newsroom, the pages. */
  readonly plugins?: readonly FastifyPluginAsync[]
  /** Milliseconds in which a body must have arrived from somebody without a key; 10,000 unless said. */
  readonly bodyPatienceMs?: number
  /** Addresses of the proxies whose `X-Forwarded-*` headers are believed; none unless said. */
  readonly trustProxy: readonly string[]
  /** Where people reach this service: `https://rundruf.example`. With https, cookies are `Secure` and HSTS is sent. */
  readonly publicUrl: string
}
