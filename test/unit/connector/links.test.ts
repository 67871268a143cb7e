// Where a link begins and ends, as people in offices write them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hasLink, hostsOf, type Known, linksIn } from '../../../src/connector/links.ts'

/** The links of a text as they are written in it. */
const found = (text: string, known: Known = {}): readonly string[] => linksIn(text, known).map(({ start, end }) => text.slice(start, end))
const targets = (text: string, known: Known = {}): readonly string[] => linksIn(text, known).map(({ url }) => url)

test('a link ends before the punctuation of its sentence', () => {
  assert.deepEqual(
    found('Mehr unter https://bonn.de/a?b=c#d. Auch http://bonn.de, https://bonn.de/x! https://bonn.de/y?! https://bonn.de/z…'),
    ['https://bonn.de/a?b=c#d', 'http://bonn.de', 'https://bonn.de/x', 'https://bonn.de/y', 'https://bonn.de/z'],
  )
  assert.deepEqual(found('https:// und ://x und bonn.de und www.'), [])
})

test('a link keeps the brackets that it opened, and no others', () => {
  const wikipedia = 'https://de.wikipedia.org/wiki/Bonn_(Stadt)'
  assert.deepEqual(found(`Mehr: ${wikipedia}, (siehe ${wikipedia}) (${wikipedia}).`), [wikipedia, wikipedia, wikipedia])
  assert.deepEqual(found('(https://bonn.de)(https://mainz.de/a) [https://aachen.de/b] https://bonn.de/c(d'), [
    'https://bonn.de',
    'https://mainz.de/a',
    'https://aachen.de/b',
    'https://bonn.de/c',
  ])
  assert.deepEqual(found('http://[::1]:8080/a?b=[1]'), ['http://[::1]:8080/a?b=[1]'])
})

test('every quotation mark ends a link', () => {
  for (const [open, close] of ['»«', '«»', '›‹', '„“', '‚‘', '“”', '‘’', '""', '「」'])
    assert.deepEqual(found(`Siehe ${open}https://bonn.de/a${close} und mehr`), ['https://bonn.de/a'], `${open}${close}`)
})

test('dashes, invisible characters and pictures end a link', () => {
  for (const sign of ['–', '—', '‑', '\u00ad', '\u200b', '\u2060', '\ufeff', '\u200d', '\u202f', '\u00a0', '🚒', '🇩🇪', '✓️'.slice(1)])
    assert.deepEqual(found(`https://bonn.de/a${sign}b https://mainz.de${sign}`), ['https://bonn.de/a', 'https://mainz.de'], escape(sign))
})

test('two addresses with a comma between them are two, and one within another is part of it', () => {
  assert.deepEqual(found('https://bonn.de,https://mainz.de/a,https://aachen.de'), [
    'https://bonn.de',
    'https://mainz.de/a',
    'https://aachen.de',
  ])
  const archived = 'https://web.archive.org/web/2026/https://www.bonn.de/a'
  assert.deepEqual(found(archived), [archived])
})

test('an address with a user’s name in it is no link, in whatever way the name is written', () => {
  for (const address of [
    'https://www.bonn.de@evil.example/x',
    'https://www.bonn.de:443@evil.example/x',
    'https://a:b@bonn.de',
    'HTTPS://www.bonn.de@evil.example',
    'https://www.bonn.de＠evil.example/x',
    'www.bonn.de@evil.example/x',
    'bonn.de@evil.example/x',
  ])
    assert.deepEqual(found(`Mehr: ${address} hier`, { hosts: ['bonn.de'] }), [], address)
  assert.deepEqual(targets('https://bonn.de\\@evil.example/'), ['https://bonn.de'])
  assert.deepEqual(targets('https://medium.com/@stadt https://bonn.de/#a@b'), ['https://medium.com/@stadt', 'https://bonn.de/#a@b'])
})

test('without a scheme only what begins with www. or is a host of the city is a link, and a mail address never', () => {
  const hosts = hostsOf('https://www.bonn.de/start')
  assert.deepEqual(targets('www.dwd.de/warnungen, bonn.de/a. Bonn.de! dwd.de z.B. 10.30 warnung.jetzt', { hosts }), [
    'https://www.dwd.de/warnungen',
    'https://bonn.de/a',
    'https://Bonn.de',
  ])
  assert.deepEqual(targets('max.muster@bonn.de anna.berlin@www.bonn.de rathaus@bonn.de', { hosts }), [])
  assert.deepEqual(targets('bonn.de.evil.example neubonn.de amt.bonn.de bonn.de-x x/bonn.de', { hosts }), [])
})

test('a host in letters of its own language leads to its Punycode, with and without a scheme', () => {
  assert.deepEqual(targets('HTTPS://Köln.de/ä und köln.de, www.köln.de', { hosts: hostsOf('https://xn--kln-sna.de') }), [
    'https://xn--kln-sna.de/%C3%A4',
    'https://xn--kln-sna.de/',
    'https://www.xn--kln-sna.de/',
  ])
})

test('the announcement’s own link is known and never guessed', () => {
  for (const own of ['https://bonn.de/a_(b', 'https://bonn.de/wo?', 'https://bonn.de/„x“', 'https://bonn.de/a–b', 'https://bonn.de/a!']) {
    assert.deepEqual(found(`Siehe ${own} oder ${own}.\n\n${own}`, { own }), [own, own, own])
    assert.deepEqual(found(`Siehe (${own}).`, { own }), [own])
  }
  const own = 'https://bonn.de/a'
  assert.deepEqual(found('https://bonn.de/a/b https://bonn.de/a?b=c https://bonn.de/a-b https://bonn.de/a.', { own }), [
    'https://bonn.de/a/b',
    'https://bonn.de/a?b=c',
    'https://bonn.de/a-b',
    'https://bonn.de/a',
  ])
})

test('a text has a link only where it is written as a whole', () => {
  const link = 'https://bonn.de/a'
  for (const text of [link, `(${link})`, `„${link}“, ja`, `‚${link}‘`, `›${link}‹`, `»${link}«`, `${link}–ja`, `siehe ${link}…`])
    assert.ok(hasLink(text, link), text)
  for (const text of [`${link}/b`, `${link}b`, `${link}?c`, `x${link}y`, 'bonn.de/a', '']) assert.ok(!hasLink(text, link), text)
})

test('links are in order, apart from one another, can be opened, and are found again in what they are written as', () => {
  const piece = fc.constantFrom(
    ...[
      'https://bonn.de/a',
      'www.dwd.de',
      'bonn.de',
      '(',
      ')',
      '[',
      ']',
      '„',
      '“',
      '.',
      ',',
      '/',
      '@',
      '–',
      ' ',
      '\n',
      '\u00ad',
      '🚒',
      'x',
      'ä',
      '?',
      '#',
    ],
  )
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, (words) => {
      const known = { own: 'https://bonn.de/a', hosts: ['bonn.de'] }
      let at = 0
      for (const { start, end, url } of linksIn(words, known)) {
        assert.ok(start >= at && end > start && URL.canParse(url), words)
        assert.equal(new URL(url).username, '')
        assert.deepEqual(targets(words.slice(start, end), known), [url])
        at = end
      }
    }),
    { numRuns: 10_000, seed: 9_001 },
  )
})

test('no text takes long', () => {
  for (const unit of ['https://', 'https://a.de/(', 'www.', '@', 'a.', '(', 'https://bonn.de,', '\u00ad'])
    linksIn(unit.repeat(20_000 / unit.length), { own: 'https://bonn.de/', hosts: ['bonn.de'] })
})
