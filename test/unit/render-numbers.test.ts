// What a platform limits in number and in bytes is said in the plan, not by the platform after the release.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instagram } from '../../connectors/instagram/index.ts'
import { mastodon } from '../../connectors/mastodon/index.ts'
import { threads } from '../../connectors/threads/index.ts'
import type { Announcement } from '../../src/announcement/announcement.ts'
import type { AnyConnector } from '../../src/connector/connector.ts'
import { numbersIn } from '../../src/connector/numbers.ts'
import { render } from '../../src/rendering/render.ts'
import { aChannel, anAnnouncement } from '../support/builders.ts'

const rendered = (connector: AnyConnector, announcement: Partial<Announcement>) => {
  const limits = { ...connector.limits, needsMedia: false }
  return render(anAnnouncement(announcement), aChannel({ name: connector.platform }), { connector, limits, cityName: 'Bonn' })
}
const posted = (connector: AnyConnector, announcement: Partial<Announcement>) => {
  const made = rendered(connector, announcement)
  assert.ok(made.fits, made.fits ? '' : made.reason)
  return made
}
const title = 'Freibad öffnet'
const link = 'https://www.bonn.de/freibad'
const links = (count: number): string => Array.from({ length: count }, (_, n) => `Teil ${n}: https://www.bonn.de/${n} hier.`).join(' ')

test('Threads: a text with umlauts is cut at 500 bytes, where 500 characters would be refused', () => {
  const text = 'Bürgerbüro und Führerscheinstelle schließen früher. '.repeat(20)
  const { post } = posted(threads, { title, text, link })
  assert.ok(Buffer.byteLength(post.text) <= 500 && post.length === Buffer.byteLength(post.text))
  const made = rendered(threads, { title, text, link: null, channelTexts: { threads: `${'a'.repeat(492)}${'ü'.repeat(6)}` } })
  assert.deepEqual(made, {
    fits: false,
    because: 'does-not-fit',
    reason: 'Der eigene Text dieses Kanals ist für Threads zu lang: 504 Byte, höchstens 500 sind möglich. Kürzen Sie um 4 Byte.',
  })
})

test('Threads: the sixth different link is cut off, and the plan says why; a channel’s own text with six is refused', () => {
  assert.deepEqual(posted(threads, { title, text: links(4), link }).notes, [])
  const { post, notes } = posted(threads, { title, text: links(5), link })
  assert.equal(numbersIn(post.text, link).links, 5)
  assert.deepEqual(notes, ['Der Text ist für Threads gekürzt: Er hat 6 verschiedene Links, höchstens 5 sind möglich.'])
  const made = rendered(threads, { title, text: 'kurz', link: null, channelTexts: { threads: `${links(5)} www.bonn.de/6` } })
  assert.equal(!made.fits && made.reason, 'Der Beitrag hat für Threads 6 verschiedene Links, höchstens 5 sind möglich.')
})

test('Instagram: more hashtags or mentions than it takes are refused in the plan', () => {
  const own = (text: string) => rendered(instagram, { title, text: 'kurz', channelTexts: { instagram: text } })
  assert.ok(own('#Bonn '.repeat(30)).fits)
  const hashtags = own('#Bonn '.repeat(31))
  assert.equal(!hashtags.fits && hashtags.reason, 'Der Beitrag hat für Instagram 31 Hashtags, höchstens 30 sind möglich.')
  const mentions = own('@bonn '.repeat(21))
  assert.equal(!mentions.fits && mentions.reason, 'Der Beitrag hat für Instagram 21 Erwähnungen mit @, höchstens 20 sind möglich.')
})

test('Mastodon: a link is set apart from the closing quotation mark that it would swallow, and that counts', () => {
  const { post } = posted(mastodon, { title, text: 'Siehe „https://bonn.de/a“ und »https://bonn.de/b«.', link: null })
  assert.equal(post.text, `${title}\n\nSiehe „https://bonn.de/a\u202f“ und »https://bonn.de/b\u202f«.`)
  assert.equal(post.length, mastodon.measure(post.text, mastodon.limits.text))
})

test('whatever office text there is, what is planned for Threads has at most 500 bytes and five links', () => {
  const word = fc.constantFrom(
    'Bürgerbüro',
    'schließt',
    'früher',
    '„Straße“',
    'und',
    '🚒',
    ...Array.from({ length: 8 }, (_, n) => `www.bonn.de/${n}`),
  )
  const text = fc.array(word, { minLength: 1, maxLength: 120 }).map((words) => words.join(' '))
  fc.assert(
    fc.property(text, (words) => {
      const { post } = posted(threads, { title, text: words, link })
      assert.ok(Buffer.byteLength(post.text) <= 500 && numbersIn(post.text, link).links <= 5, post.text)
    }),
    { numRuns: 2_000, seed: 500 },
  )
})
