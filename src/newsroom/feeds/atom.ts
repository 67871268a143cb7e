// Atom: RFC 4287.
import { type Xml, xml } from '../../pages/html.ts'
import type { Entry, Feed } from './feed.ts'

export const atom = (feed: Feed): Xml => xml`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<id>${feed.id}</id>
<title>${feed.title}</title>
<subtitle>${feed.description}</subtitle>
<updated>${feed.updated}</updated>
<author><name>${feed.city}</name></author>
<link rel="alternate" type="text/html" href="${feed.page}"/>
<link rel="self" type="application/atom+xml" href="${feed.self}"/>
${feed.entries.map(entry)}</feed>
`

const entry = (one: Entry): Xml => xml`<entry xml:lang="${one.language}">
<id>${one.id}</id>
<title>${one.title}</title>
<link rel="alternate" type="text/html" href="${one.url}"/>
<published>${one.published}</published>
<updated>${one.updated}</updated>
${one.tags.map((tag) => xml`<category term="${tag}"/>`)}
<content type="html">${one.html}</content>
${one.files.map((file) => xml`<link rel="enclosure" href="${file.url}" length="${file.size}" type="${file.type}"${file.alt !== '' && xml` title="${file.alt}"`}/>\n`)}</entry>
`
