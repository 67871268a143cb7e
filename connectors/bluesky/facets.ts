// What is marked in a Bluesky text: links, hashtags and mentions, as byte ranges. https://docs.bsky.app/docs/advanced-guides/post-richtext
import { AppBskyRichtextFacet, RichText } from '@atproto/api'
import type { Log } from '../../src/connector/connector.ts'
import { linksIn, utf8Bytes } from '../../src/connector/measure.ts'
import type { BlueskyClient } from './client.ts'

type Facet = AppBskyRichtextFacet.Main

/** A mention of somebody who cannot be found stays plain text. */
export const facetsOf = async (
  client: BlueskyClient,
  text: string,
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<Facet[]> => {
  const rich = new RichText({ text })
  rich.detectFacetsWithoutResolution()
  const detected = (rich.facets ?? []).filter(({ index }) => !/^https?:/i.test(rich.unicodeText.slice(index.byteStart, index.byteEnd)))
  const resolved = await Promise.all(detected.map((facet) => withMention(client, facet, { signal, log })))
  return [...resolved.filter((facet) => facet !== undefined), ...writtenLinks(text)].sort((a, b) => a.index.byteStart - b.index.byteStart)
}

/** Links that are written out, found as everywhere in this house: the library takes closing quotation marks for part of them. */
const writtenLinks = (text: string): Facet[] =>
  linksIn(text).map(({ start, end, url }) => ({
    $type: 'app.bsky.richtext.facet',
    index: { byteStart: utf8Bytes(text.slice(0, start)), byteEnd: utf8Bytes(text.slice(0, end)) },
    features: [{ $type: 'app.bsky.richtext.facet#link', uri: url }],
  }))

const withMention = async (
  client: BlueskyClient,
  facet: Facet,
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<Facet | undefined> => {
  const handle = facet.features.find(AppBskyRichtextFacet.isMention)?.did
  if (handle === undefined) return facet
  try {
    const { data } = await client.read((agent) => agent.com.atproto.identity.resolveHandle({ handle }, { signal }))
    return { ...facet, features: [{ $type: 'app.bsky.richtext.facet#mention', did: data.did }] }
  } catch (error) {
    log.info({ handle, error: String(error) }, 'a mention could not be resolved and stays plain text')
    return undefined
  }
}
