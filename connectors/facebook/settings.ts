// What the city file says of a Facebook page, and the page as the connector works with it.
import { z } from 'zod'
import type { Tools } from '../../src/connector/connector.ts'
import { type Graph, type GraphSettings, graphFields, graphId, openGraph } from './graph.ts'

export interface FacebookSettings extends GraphSettings {
  /** The page's id. */
  readonly page: string
}

export const facebookSettings: z.ZodType<FacebookSettings> = z.strictObject({ page: graphId('page'), ...graphFields })

export interface FacebookClient {
  readonly page: string
  readonly graph: Graph
  /** Videos are sent to a host of their own: https://developers.facebook.com/docs/video-api/guides/publishing */
  readonly videos: Graph
  readonly tools: Tools
}

export const openPage = (settings: FacebookSettings, tools: Tools): FacebookClient => ({
  page: settings.page,
  graph: openGraph(settings, 'Facebook'),
  videos: openGraph({ ...settings, base: settings.base.replace('//graph.facebook.com', '//graph-video.facebook.com') }, 'Facebook'),
  tools,
})
