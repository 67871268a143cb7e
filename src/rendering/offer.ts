// What a post is made for: a channel, and what its platform takes.
import type { Kind } from '../announcement/announcement.ts'
import type { AnyConnector } from '../connector/connector.ts'
import type { Limits } from '../connector/limits.ts'
import type { CardWish } from './card.ts'
import type { Derived } from './derive.ts'

/** What rendering wants to know of a channel. */
export interface Destination {
  readonly name: string
  /** Which language variant goes here; null: the announcement's own. */
  readonly language: string | null
  /** Wording template by kind (`*` for the rest); null: the usual one. */
  readonly template: Readonly<Partial<Record<Kind | '*', string>>> | null
}

/** What a platform offers a post. */
export interface Offer {
  readonly connector: Pick<AnyConnector, 'platform' | 'limits' | 'measure' | 'cost'> & { readonly title?: string }
  /** The connector's limits as this instance has them: `learned(connector.limits, …)`. */
  readonly limits: Limits
  readonly cityName: string
  /** True for the answer that corrects an earlier post: it begins with `Korrektur:`. */
  readonly correction?: boolean
  /** True where something stands there that is changed or answered: words are enough, also where no post is without a picture. */
  readonly follows?: boolean
  /** The city's, for picture cards. */
  readonly colours?: CardWish['colours']
  /** Images made to fit, and picture cards; absent: none. */
  readonly derived?: Derived
}
