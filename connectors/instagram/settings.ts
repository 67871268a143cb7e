// What the city file says of an Instagram account, and the account as the connector works with it.
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { type Graph, type GraphSettings, graphFields, graphId, openGraph } from '../facebook/graph.ts'

export interface InstagramSettings extends GraphSettings {
  /** The id of the professional account (IG user), not its name. */
  readonly account: string
}

export const instagramSettings: z.ZodType<InstagramSettings> = z.strictObject({ account: graphId('account'), ...graphFields })

export interface InstagramClient {
  readonly account: string
  readonly graph: Graph
  readonly tools: Tools
  /** Posts can be deleted by the login with Facebook alone: https://developers.facebook.com/docs/instagram-platform/changelog (2025-12-03). */
  readonly mayDelete: boolean
  /** Below it the accounts have their pages; null where the API is another than Meta's own. */
  readonly home: string | null
}

export const openAccount = (settings: InstagramSettings, tools: Tools): InstagramClient => ({
  account: settings.account,
  graph: openGraph(settings, 'Instagram'),
  tools,
  mayDelete: new URL(settings.base).hostname !== 'graph.instagram.com',
  home: /\.(?:facebook|instagram)\.com$/.test(new URL(settings.base).hostname) ? 'https://www.instagram.com' : null,
})
