// What is marked in a Bluesky text: links, hashtags and mentions, as byte ranges. https://docs.bsky.app/docs/advanced-guides/post-richtext
import { AppBskyRichtextFacet, RichText } from '@atproto/api'
import type { Log, Post } from '../../src/connector/connector.ts'
import { hostsOf, type Known, linksIn } from '../../src/connector/links.ts'
import { utf8Bytes } from '../../src/connector/measure.ts'
import type { BlueskyClient } from './client.ts'

type Facet = AppBskyRichtextFacet.Main

/** A mention of somebody who cannot be found stays plain text. */
export const facetsOf = async (
  client: BlueskyClient,
  { text, link }: Pick<Post, 'text' | 'link'>,
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<Facet[]> => {
  const rich = new RichText({ text })
  rich.detectFacetsWithoutResolution()
  const links = linksOf(text, { own: link, hosts: hostsOf(client.tools.website) })
  const detected = (rich.facets ?? []).filter(
    (facet) => !facet.features.some(AppBskyRichtextFacet.isLink) && !links.some((one) => overlap(one, facet)),
  )
  const resolved = await Promise.all(detected.map((facet) => withMention(client, facet, { signal, log })))
  return [...resolved.filter((facet) => facet !== undefined), ...links].sort((a, b) => a.index.byteStart - b.index.byteStart)
}

const overlap = ({ index: one }: Facet, { index: other }: Facet): boolean => one.byteStart < other.byteEnd && other.byteStart < one.byteEnd

/** Found as everywhere in Rundruf: the library takes closing quotation marks for part of a link, and half of a mail address for one. */
const linksOf = (text: string, known: Known): Facet[] =>
  linksIn(text, known).map(({ start, end, url }) => ({
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
