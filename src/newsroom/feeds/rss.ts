// RSS 2.0: https://www.rssboard.org/rss-specification
import { type Xml, xml } from '../../pages/html.ts'
import type { Entry, Feed } from './feed.ts'

export const rss = (feed: Feed): Xml => xml`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>${feed.title}</title>
<link>${feed.page}</link>
<description>${feed.description}</description>
<language>de</language>
<lastBuildDate>${rfc822(feed.updated)}</lastBuildDate>
<ttl>5</ttl>
<atom:link href="${feed.self}" rel="self" type="application/rss+xml"/>
${feed.entries.map(item)}</channel>
</rss>
`

const item = (entry: Entry): Xml => xml`<item>
<title>${entry.title}</title>
<link>${entry.url}</link>
<guid isPermaLink="false">${entry.id}</guid>
<pubDate>${rfc822(entry.published)}</pubDate>
<atom:updated>${entry.updated}</atom:updated>
<dc:language>${entry.language}</dc:language>
${entry.tags.map((tag) => xml`<category>${tag}</category>`)}
<description>${entry.html}</description>
${entry.files.slice(0, 1).map((file) => xml`<enclosure url="${file.url}" length="${file.size}" type="${file.type}"/>\n`)}</item>
`

/** `Fri, 14 Feb 2025 09:30:00 GMT` */
const rfc822 = (iso: string): string => new Date(iso).toUTCString()
