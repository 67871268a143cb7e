// One text, the same targets: wherever Rundruf makes links of a text itself, and where the platforms' own rules find them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import type { BlueskyClient } from '../../connectors/bluesky/client.ts'
import { facetsOf } from '../../connectors/bluesky/facets.ts'
import { copyFor } from '../../connectors/email/letter.ts'
import { linksIn as linksOnX } from '../../connectors/x/links.ts'
import { linksOf as mastodonsLinks } from '../../lab/mastodon/text.ts'
import { entitiesOf } from '../../lab/telegram/entities.ts'
import { linksOf as threadsLinks } from '../../lab/threads/text.ts'
import { linksOf as xLinks } from '../../lab/x/text.ts'
import { hostsOf, linksIn, setApart } from '../../src/connector/links.ts'
import { feedOf } from '../../src/newsroom/feeds/feed.ts'
import { paragraphs } from '../../src/newsroom/text.ts'
import { aCity, aPost, aSilentLog, someTools } from '../support/builders.ts'

const city = aCity({ website: 'https://www.bonn.de' })
const hosts = hostsOf(city.website)
const own = 'https://www.bonn.de/hochwasser'

type Finder = (text: string) => readonly string[] | Promise<readonly string[]>

/** The addresses of all links in HTML, as a browser reads them. */
const hrefs = (html: string): readonly string[] =>
  [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map((match) => match[1]!.replaceAll('&amp;', '&').replaceAll('&#39;', "'"))

const onBluesky: Finder = async (text) => {
  const client = {
    tools: someTools({ website: city.website }),
    read: () => Promise.reject(new Error('nobody is known')),
  } as unknown as BlueskyClient
  const facets = await facetsOf(client, { text, link: own }, { signal: AbortSignal.timeout(60_000), log: aSilentLog })
  return facets.flatMap(({ features }) => features.flatMap((feature) => ('uri' in feature ? [String(feature.uri)] : [])))
}

/** Without the announcement's own link below the text, and with something after it: a link at the very end moves there. */
const inFeed: Finder = (text) => {
  const post = aPost({ title: 'Titel', text: `${text} Ende`, link: own })
  const times = {
    publishedAt: '2026-11-30T09:00:00.000Z',
    updatedAt: null,
    retractedAt: null,
    expired: false,
    clearedBy: null,
    clears: null,
  }
  const items = [{ city: 'bonn', key: '01934c1e-7a37-7c8e-9d0b-3a4f6e2b9c71', post, ...times }]
  return hrefs(
    feedOf({ city, items, publicUrl: 'https://rundruf.example', file: 'feed.atom' })
      .entries[0]!.html.toString()
      .replace(/<p><a [^>]*>Mehr dazu.*/s, ''),
  )
}

const byMail: Finder = async (text) => {
  const issue = { post: aPost({ title: 'Titel', text, link: own }), plannedAt: '2026-11-30T09:00:00.000Z', listId: 'n.bonn.example', hosts }
  const to = { address: 'a@b.example', unsubscribe: 'https://rundruf.example/ab', messageId: '<1@b.example>', earlier: [] }
  const raw = await copyFor({ from: { name: 'Bonn', address: 'n@bonn.example' }, replyTo: undefined }, issue, to as never)
  const { html } = await simpleParser(raw, { skipTextToHtml: true })
  return hrefs(String(html)).filter((href) => href !== 'https://rundruf.example/ab')
}

/** Everywhere where Rundruf decides. */
const ours: Readonly<Record<string, Finder>> = {
  newsroom: (text) => hrefs(paragraphs(text, { own, hosts }).toString()),
  'its feeds': inFeed,
  'e-mail': byMail,
  Bluesky: onBluesky,
}

/** Where a platform decides: its stand-in finds them by the platform's rules, X's also by the grammar that we count with. */
const theirs: Readonly<Record<string, Finder>> = {
  'Mastodon, set apart': (text) => mastodonsLinks(setApart(text, { own, hosts })).map(({ href }) => href),
  X: (text) => xLinks(text).map(({ href }) => href),
  'X, as we count': (text) => linksOnX(text).map(({ start, end }) => text.slice(start, end)),
  Telegram: (text) => entitiesOf(text).marks.map(({ href }) => href),
  Threads: threadsLinks,
}

/** Each once: Threads' stand-in counts different links. */
const canonical = (addresses: readonly string[]): readonly string[] => [...new Set(addresses.map((address) => new URL(address).href))]

const words = [
  'Das',
  'Freibad',
  'öffnet',
  'Straße',
  'z. B.',
  '10.30 Uhr',
  'Bürger*innen',
  '🚒',
  'Tel. 0228 77-0',
  '–',
  'max.muster@bonn.de',
]
const addresses = [
  own,
  'https://de.wikipedia.org/wiki/Bonn_(Stadt)',
  'https://www.bonn.de/a?b=c&d=1',
  'http://www.dwd.de/warnungen',
  'https://www.koeln.de/leben/',
]
const around = ['()', '„“', '»«', '‚‘', '›‹', '“”', '""', ' .', ' ,', ' !', ' ?', ' ;', ' :', ' …', '  ', '[]', '  ', '– ', '\n\n']
const address = fc
  .tuple(fc.constantFrom(...addresses), fc.constantFrom(...around))
  .map(([url, [open = '', close = '']]) => `${open}${url}${close}`)
const text = fc
  .array(fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: address }), { minLength: 1, maxLength: 14 })
  .map((pieces) => pieces.join(' ').trim())

const everywhere = (finders: Readonly<Record<string, Finder>>, arbitrary: fc.Arbitrary<string>, numRuns: number) =>
  fc.assert(
    fc.asyncProperty(arbitrary, async (written) => {
      const expected = canonical(linksIn(written, { own, hosts }).map(({ url }) => url))
      for (const [where, find] of Object.entries(finders))
        assert.deepEqual(canonical(await find(written)), expected, `${where}: ${written}`)
    }),
    { numRuns, seed: 30_112_026 },
  )

test('one text has the same targets on every channel, in the newsroom, its feeds and e-mail', () =>
  everywhere({ ...ours, ...theirs }, text, 2_000))

const strange = fc.constantFrom(
  ...[
    'www.bonn.de',
    'bonn.de/a',
    'HTTPS://WWW.BONN.DE/A',
    'https://köln.de/ä',
    'https://www.bonn.de@evil.example/x',
    'bonn.de@evil.example',
  ],
  ...[
    'anna.berlin@www.bonn.de',
    'warnung.jetzt',
    'https://bonn.de/a\u00adb',
    'https://bonn.de/\u200b',
    'www.bonn.de@evil.example',
    'https://a.de,https://b.de',
  ],
)
const strangeText = fc
  .array(fc.oneof(strange, address, fc.constantFrom(...words)), { minLength: 1, maxLength: 8 })
  .map((all) => all.join(' '))

test('what people should not write has the same targets wherever Rundruf decides', () => everywhere(ours, strangeText, 2_000))

test('an address with a user’s name in it is linked nowhere where Rundruf decides, and not by the platforms’ rules either', async () => {
  const written = 'Mehr: https://www.bonn.de@evil.example/x und https://a:b@www.bonn.de/ hier'
  for (const [where, find] of Object.entries(ours)) assert.deepEqual(await find(written), [], where)
  assert.deepEqual(mastodonsLinks(written), [])
})
