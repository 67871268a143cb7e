// Recognising an own post in what Mastodon makes of its text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { comparable, textOf } from '../../connectors/mastodon/find.ts'
import { contentOf } from '../../lab/mastodon/text.ts'

const same = (sent: string, content: string) => assert.equal(comparable(textOf(content)), comparable(sent))

test('paragraphs, breaks, shortened links, hashtags and entities are seen through', () => {
  same(
    'Straßen „gesperrt“ & umgeleitet <heute>\nMehr:\n\nhttps://www.bonn.de/sehr/langer/weg/der/abgekuerzt/wird?a=1&b=2 #Bonn',
    '<p>Straßen „gesperrt“ &amp; umgeleitet &lt;heute&gt;<br />Mehr:</p><p><a href="https://www.bonn.de/sehr/langer/weg/der/abgekuerzt/wird?a=1&amp;b=2" target="_blank" rel="nofollow noopener" translate="no"><span class="invisible">https://www.</span><span class="ellipsis">bonn.de/sehr/langer/weg/der/ab</span><span class="invisible">gekuerzt/wird?a=1&amp;b=2</span></a> <a href="https://x.de/tags/Bonn" class="mention hashtag" rel="tag">#<span>Bonn</span></a></p>',
  )
})

test('a remote mention loses its host, on both sides alike', () => {
  same(
    'Danke, @feuerwehr@koeln.social!',
    '<p>Danke, <span class="h-card" translate="no"><a href="https://koeln.social/@feuerwehr" class="u-url mention">@<span>feuerwehr</span></a></span>!</p>',
  )
})

test('numeric entities are decoded, unknown ones stay', () => {
  assert.equal(textOf('&#39;&#x1F692;&quot;&bonn;'), '\'🚒"&bonn;')
})

test('other texts stay other texts', () => {
  assert.notEqual(comparable('Sperrung aufgehoben.'), comparable('Sperrung aufgehoben'))
})

test('any text is recognised in the HTML that the lab makes of it', () => {
  const word = fc.constantFrom(
    'Rhein',
    'Straße',
    '„zu“',
    '<b>',
    '&amp;',
    '#Hochwasser',
    'https://bonn.de/a?b=1&c=2.',
    '\n',
    '\n\n',
    '🚒',
    "d'Elz",
    '1 < 2',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => same(words.join(' '), contentOf(words.join(' ').trim(), 'https://x.de'))),
  )
})
