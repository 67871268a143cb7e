// Recognising an own post in what Mastodon makes of its text.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shortMentions, textOf } from '../../connectors/mastodon/find.ts'
import { markdownOf } from '../../lab/mastodon/markdown.ts'
import { contentOf } from '../../lab/mastodon/text.ts'
import { likenessOf } from '../../src/connector/likeness.ts'

const seen = (sent: string, content: string) => likenessOf(shortMentions(sent), shortMentions(textOf(content)))
const same = (sent: string, content: string) => assert.equal(seen(sent, content), 'exact', content)

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

/** What cities write, and a server that reads Markdown takes for formatting. */
const formatted = [
  'Liebe Bürger*innen und Besucher*innen, das Freibad öffnet.',
  'Bitte mitbringen:\n- Ausweis\n- Badekappe\n- Zeit',
  'Fest am\n3. Oktober: Umzug\n4. Oktober: Markt',
  '# Warnung\n\n**Türen schließen**, ~~nicht~~ lüften',
  '> Zitat der Stadt\n\n`Code` und "Worte" ... am Ende',
  'Mehr: https://www.bonn.de/a_b_c/d?x=*1* -- jetzt',
]

for (const sent of formatted)
  test(`F27: what a server makes of “${sent.slice(0, 20).replaceAll('\n', ' ')}…” as Markdown has the same letters and digits`, () => {
    assert.ok(['exact', 'same'].includes(seen(sent, markdownOf(sent, 'https://x.de'))), markdownOf(sent, 'https://x.de'))
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
