// The one door into the house: what comes in is clean, and what is refused is refused with every fault named.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Announcement } from '../../src/announcement/announcement.ts'
import { parseAnnouncement } from '../../src/announcement/parse.ts'
import { type Problem, Refusal } from '../../src/announcement/refusal.ts'

const context = {
  cities: new Set(['bonn', 'kassel']),
  now: '2026-03-01T12:00:00.000Z',
  channels: (city: string) => (city === 'bonn' ? ['newsroom', 'x-bonn'] : undefined),
}
const least = { city: 'bonn', kind: 'notice', title: 'Freibad öffnet', text: 'Am Samstag um 9 Uhr.' }
const image = { id: 'a'.repeat(64), type: 'image/png', size: 1000, width: 640, height: 480, alt: 'Das Freibad von oben' }

const parse = (over: object = {}): Announcement => parseAnnouncement({ ...least, ...over }, context)
const problemsOf = (input: unknown): readonly Problem[] => {
  try {
    parseAnnouncement(input, context)
  } catch (error) {
    assert.ok(error instanceof Refusal, `not a refusal: ${error}`)
    return error.problems
  }
  assert.fail('it was taken')
}
const found = (over: object): readonly string[] => problemsOf({ ...least, ...over }).map(({ code, place }) => `${code} ${place}`)

describe('an announcement that is taken', () => {
  it('has every field, with the usual values where none were given', () => {
    assert.deepEqual(parse(), {
      ...least,
      link: null,
      topics: [],
      topic: null,
      districts: [],
      severity: null,
      urgency: null,
      certainty: null,
      status: 'Actual',
      language: 'de',
      variants: {},
      channelTexts: {},
      media: [],
      expires: null,
      publishAt: null,
      references: null,
    })
  })

  it('may have several topics, or one by the short way of saying it', () => {
    const topicsOf = (over: object) => [parse(over).topics, parse(over).topic]
    assert.deepEqual(topicsOf({ topic: 'culture' }), [['culture'], 'culture'])
    assert.deepEqual(topicsOf({ topics: ['culture', 'sport', 'culture'] }), [['culture', 'sport'], 'culture'])
    assert.deepEqual(topicsOf({ topics: ['culture', 'sport'], topic: 'culture' }), [['culture', 'sport'], 'culture'])
    assert.deepEqual(topicsOf({ topics: ['culture'], topic: 'sport' }), [['culture', 'sport'], 'culture'])
    assert.deepEqual(topicsOf({ topics: [], topic: null }), [[], null])
  })

  it('may be for some areas of the city, or for all of it', () => {
    assert.deepEqual(parse({ districts: ['beuel', 'bad-godesberg', 'beuel'] }).districts, ['beuel', 'bad-godesberg'])
    assert.deepEqual(parse({ districts: null }).districts, [])
  })

  it('is in normal form: NFC, line feeds, no space around, times as UTC, tags in their usual spelling', () => {
    const taken = parse({
      title: ' Fu\u0308r alle ',
      text: 'Erste\r\nZweite\u2028Dritte\tEnde\n',
      expires: '2026-03-14T18:00',
      publishAt: '2026-03-14T10:00+01:00',
      language: 'DE-de',
      variants: { 'EN-gb': { title: ' Pool ', text: 'Opens.' } },
      references: '0190C2F4-0000-7000-8000-00000000000A',
    })
    assert.equal(taken.title, 'Für alle')
    assert.equal(taken.text, 'Erste\nZweite\nDritte\tEnde')
    assert.equal(taken.expires, '2026-03-14T17:00:00.000Z')
    assert.equal(taken.publishAt, '2026-03-14T09:00:00.000Z')
    assert.equal(taken.language, 'de-DE')
    assert.deepEqual(taken.variants, { 'en-GB': { title: 'Pool', text: 'Opens.' } })
    assert.equal(taken.references, '0190c2f4-0000-7000-8000-00000000000a')
  })

  it('has what word processors leave behind mended, and what cannot be seen taken out', () => {
    const mended: readonly [raw: string, taken: string][] = [
      ['\uf0b7 Erste\u000b\uf0b7 Zweite\f\uf0a7\tDritte', '• Erste\n• Zweite\n•\tDritte'],
      ['Bonn \uf0e0 Köln', 'Bonn → Köln'],
      ['a\rb\r\nc\u0085d\u2028e\u2029f', 'a\nb\nc\nd\ne\nf'],
      ['https://www.bonn.de/hoch\u00adwasser', 'https://www.bonn.de/hochwasser'],
      ['\ufeffHoch\u00adwasser\u200b am\u2060 Rhein', 'Hochwasser am Rhein'],
      ['a\u3164\u115f\u1160\uffa0b', 'ab'],
      ['a\u{e0068}\u{e0061}b', 'ab'],
      ['Auf\u200clage\u200d 2\u200d und 👩‍🚒\u200d', 'Auflage 2 und 👩‍🚒'],
      ['u\u034f\u0308', 'ü'],
      ['❤\ufe0f\ufe0f\ufe0f', '❤\ufe0f'],
    ]
    for (const [raw, taken] of mended) assert.equal(parse({ text: raw }).text, taken)
    assert.equal(parse({ title: 'Hochwasser\u000bam Rhein' }).title, 'Hochwasser am Rhein')
    assert.equal(parse({ link: 'https://www.bonn.de/hoch\u00adwasser' }).link, 'https://www.bonn.de/hochwasser')
  })

  it('keeps what belongs to a script or an emoji', () => {
    const flags = ['\u{e0065}\u{e006e}\u{e0067}', '\u{e0073}\u{e0063}\u{e0074}', '\u{e0077}\u{e006c}\u{e0073}']
    const kept = [
      ...flags.map((region) => `\u{1f3f4}\u{e0067}\u{e0062}${region}\u{e007f}`),
      '👨‍👩‍👧‍👦 👩🏽‍🚒 ❤\ufe0f 1\ufe0f\u20e3',
      'می\u200cخواهم',
      'שָׁלוֹם',
      'ไม่มีน้ำประปาที่นี่',
      'Đường phố bị ngập nước',
      'काठमाण्डौ',
      '10\u00a0% bei\u202f25\u00a0°C – Bürger*innen',
    ]
    for (const text of kept) assert.equal(parse({ text }).text, text.normalize('NFC'))
    assert.equal(parse({ text: 'a \u{1f3f4}\u{e0061}\u{e007f}' }).text, 'a \u{1f3f4}')
  })

  it('means now and seen when a warning does not say how urgent and how certain it is', () => {
    const { urgency, certainty } = parse({ kind: 'warning', severity: 'Severe' })
    assert.deepEqual([urgency, certainty], ['Immediate', 'Observed'])
    assert.equal(parse({ kind: 'warning', severity: 'Severe', urgency: 'Future' }).urgency, 'Future')
    assert.equal(parse({ kind: 'all-clear' }).urgency, null)
  })

  it('keeps what looks unusual and is harmless', () => {
    const title = 'Öffnungszeiten 👨‍👩‍👧‍👦 – „Bürgerbüro“ & <Rathaus> 水'
    assert.equal(parse({ title }).title, title)
    assert.equal(parse({ link: 'https://köln.example/straße?a=b&c=(d)#e' }).link, 'https://köln.example/straße?a=b&c=(d)#e')
    assert.equal(parse({ title: 'a'.repeat(300), text: '👍'.repeat(20_000) }).title.length, 300)
  })

  it('says of an image that it is decorative only where it is: all others are stored as ever', () => {
    const { alt: _, ...plain } = image
    for (const alt of [undefined, null, '', ' '])
      assert.deepEqual(parse({ media: [{ ...plain, alt, decorative: true }] }).media, [{ ...plain, alt: '', decorative: true }])
    for (const decorative of [undefined, null, false]) assert.deepEqual(parse({ media: [{ ...image, decorative }] }).media, [image])
    const { media } = parse({ media: [{ ...plain, decorative: true }, image] })
    assert.deepEqual(parse({ media }).media, media)
  })

  it('is taken again as it is', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `Wort ${text}`)
    fc.assert(
      fc.property(
        words,
        words,
        fc.constantFrom('warning', 'notice'),
        fc.option(fc.constantFrom('2026-10-25T03:30', '2027-01-01T00:00Z')),
        (title, text, kind, expires) => {
          let taken: Announcement
          try {
            taken = parse({
              title,
              text,
              kind,
              expires,
              severity: 'Minor',
              media: [image],
              variants: { en: { title, text } },
              channelTexts: { newsroom: text },
            })
          } catch (error) {
            assert.ok(error instanceof Refusal)
            return
          }
          assert.deepEqual(parseAnnouncement(taken, context), taken)
          assert.deepEqual(parseAnnouncement(JSON.parse(JSON.stringify(taken)), context), taken)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('an announcement that is refused', () => {
  const million = 'a'.repeat(1_000_000)
  const rows: readonly [what: string, over: object, ...problems: string[]][] = [
    ['an empty title', { title: '' }, 'empty title'],
    ['a title of spaces', { title: ' \u00a0\u3000 ' }, 'empty title'],
    ['a title that cannot be seen', { title: '\u200b\u2060\ufeff' }, 'empty title'],
    ['an empty text', { text: '\n\n' }, 'empty text'],
    ['a title that is missing', { title: undefined }, 'missing-field title'],
    ['a title that is null', { title: null }, 'missing-field title'],
    ['a title that is a number', { title: 5 }, 'wrong-type title'],
    ['a title of 301 characters', { title: 'ä'.repeat(301) }, 'too-long title'],
    ['a text of 1 MB', { text: million }, 'too-long text'],
    ['a title of 1 MB', { title: million }, 'too-long title'],
    ['a text of 20,001 characters', { text: '👍'.repeat(20_001) }, 'too-long text'],
    ['a NUL', { text: 'a\u0000b' }, 'control-characters text'],
    ['an escape sequence', { text: 'a\u001b[31mb' }, 'control-characters text'],
    ['a C1 control', { text: 'a\u0084b' }, 'control-characters text'],
    ['an interlinear annotation', { text: 'a\ufff9b\ufffac\ufffb' }, 'control-characters text'],
    ['a line break in a title', { title: 'a\nb' }, 'control-characters title'],
    ['a tab in a title', { title: 'a\tb' }, 'control-characters title'],
    ['a line separator in a title', { title: 'a\u2028b' }, 'control-characters title'],
    ['a lone high surrogate', { text: 'a\ud800b' }, 'broken-characters text'],
    ['a lone low surrogate', { title: 'a\udc00' }, 'broken-characters title'],
    ['what another encoding could not read', { text: 'Stra\ufffde gesperrt' }, 'broken-characters text'],
    ['a sign that only one font has', { title: 'a\ue000' }, 'broken-characters title'],
    ['a picture that was lost', { text: 'Plan: \ufffc' }, 'broken-characters text'],
    ['a pile of accents', { title: `Z${'\u0301\u0316\u0334\u0338\u0353'.repeat(3)}algo` }, 'stacked-marks title'],
    ['a title of blanks that count as signs', { title: '\u2800\u2800' }, 'empty title'],
    ['a title of fillers', { title: '\u3164\u115f\uffa0' }, 'empty title'],
    ['a title of tags', { title: '\u{e0041}\u{e0042}' }, 'empty title'],
    ['a noncharacter', { text: 'a\ufffeb' }, 'broken-characters text'],
    ['a noncharacter beyond the BMP', { text: 'a\u{1ffff}b' }, 'broken-characters text'],
    ['a right-to-left override', { title: 'Gefahr\u202e!' }, 'direction-characters title'],
    ['a right-to-left isolate', { text: 'a\u2067b' }, 'direction-characters text'],
    ['a javascript: link', { link: 'javascript:alert(1)' }, 'link-scheme link'],
    ['a javascript: link in disguise', { link: 'JaVaScRiPt:alert(1)' }, 'link-scheme link'],
    ['a javascript: link with a tab', { link: 'java\tscript:alert(1)' }, 'control-characters link'],
    ['a data: link', { link: 'data:text/html,<script>' }, 'link-scheme link'],
    ['an ftp: link', { link: 'ftp://bonn.de/' }, 'link-scheme link'],
    ['a link without a scheme', { link: 'www.bonn.de' }, 'link-malformed link'],
    ['a link without a host', { link: 'https:///freibad' }, 'link-malformed link'],
    ['a link with one slash', { link: 'https:/bonn.de' }, 'link-malformed link'],
    ['a link with backslashes', { link: 'https:\\\\bonn.de' }, 'link-malformed link'],
    ['a link with a space', { link: 'https://bonn.de/frei bad' }, 'link-malformed link'],
    ['a link with an impossible port', { link: 'https://bonn.de:99999/' }, 'link-malformed link'],
    ['a link with credentials', { link: 'https://user:secret@bonn.de/' }, 'link-credentials link'],
    ['a link with an empty user', { link: 'https://@bonn.de/' }, 'link-credentials link'],
    ['a link with a user’s name that looks like a host', { link: 'https://www.bonn.de@evil.example/x' }, 'link-credentials link'],
    ['a link with an override in it', { link: 'https://bonn.de/\u202e' }, 'direction-characters link'],
    ['a link of 2,001 characters', { link: `https://bonn.de/${'a'.repeat(1985)}` }, 'too-long link'],
    ['an empty link', { link: '' }, 'empty link'],
    ['a city that is not set up', { city: 'köln' }, 'unknown-city city'],
    ['a city that is missing', { city: undefined }, 'missing-field city'],
    ['a kind that does not exist', { kind: 'rumour' }, 'unknown-kind kind'],
    ['a kind that is a list', { kind: ['notice'] }, 'unknown-kind kind'],
    ['a severity in words', { severity: 'schwer' }, 'unknown-severity severity'],
    ['an unknown urgency', { urgency: 'Unknown' }, 'unknown-urgency urgency'],
    ['an unknown certainty', { certainty: 'Unknown' }, 'unknown-certainty certainty'],
    ['an unknown status', { status: 'Draft' }, 'unknown-status status'],
    ['a warning without severity', { kind: 'warning' }, 'severity-missing severity'],
    ['an expiry in the past', { expires: '2026-03-01T12:00Z' }, 'expires-past expires'],
    ['an expiry before it is published', { publishAt: '2026-03-10T12:00', expires: '2026-03-10T12:00' }, 'expires-before-publish expires'],
    ['a time that is none', { expires: 'morgen' }, 'time-malformed expires'],
    ['a publish time in the hour that is skipped', { publishAt: '2026-03-29T02:30' }, 'time-skipped publishAt'],
    ['a publish time in the hour that comes twice', { publishAt: '2026-10-25T02:30' }, 'time-ambiguous publishAt'],
    ['a publish time in the wrong decade', { publishAt: '2036-03-29T12:00' }, 'publish-too-far publishAt'],
    ['more topics than anybody reads', { topics: Array.from({ length: 11 }, (_, at) => `topic-${at}`) }, 'too-many topics'],
    ['more areas than anybody reads', { districts: Array.from({ length: 31 }, (_, at) => `area-${at}`) }, 'too-many districts'],
    ['an area with capitals', { districts: ['beuel', 'Godesberg'] }, 'district-malformed districts.1'],
    ['a topic of several with capitals', { topics: ['culture', 'Sport'] }, 'topic-malformed topics.1'],
    ['a topic with capitals', { topic: 'Kultur' }, 'topic-malformed topic'],
    ['an empty topic', { topic: '' }, 'topic-malformed topic'],
    ['a language that is none', { language: 'Deutsch!' }, 'language-malformed language'],
    ['a variant in a language that is none', { variants: { 'not a tag': { title: 'a', text: 'b' } } }, 'language-malformed variants'],
    ['a variant in its own language', { variants: { DE: { title: 'a', text: 'b' } } }, 'language-twice variants.DE'],
    [
      'two variants in one language',
      { variants: { en: { title: 'a', text: 'b' }, EN: { title: 'a', text: 'b' } } },
      'language-twice variants.EN',
    ],
    ['a variant without text', { variants: { en: { title: 'a' } } }, 'missing-field variants.en.text'],
    ['a text for a channel that does not exist', { channelTexts: { 'x-boon': 'a' } }, 'unknown-channel channelTexts.x-boon'],
    ['an empty channel text', { channelTexts: { newsroom: ' ' } }, 'empty channelTexts.newsroom'],
    ['a prototype as a channel', { channelTexts: JSON.parse('{"__proto__":"a"}') }, 'channel-malformed channelTexts'],
    ['an image without alternative text', { media: [{ ...image, alt: undefined }] }, 'alt-missing media.0.alt'],
    ['an image whose alternative text is null', { media: [{ ...image, alt: null }] }, 'alt-missing media.0.alt'],
    ['an image whose alternative text is blank', { media: [image, { ...image, alt: ' \n' }] }, 'alt-missing media.1.alt'],
    ['an image with an empty alternative text that nobody meant', { media: [{ ...image, alt: '' }] }, 'alt-missing media.0.alt'],
    ['an alternative text of nothing that can be read', { media: [{ ...image, alt: '\u2800' }] }, 'alt-missing media.0.alt'],
    ['a decorative image that is described', { media: [{ ...image, decorative: true }] }, 'decorative-with-alt media.0.alt'],
    [
      'a decorative video',
      { media: [{ ...image, type: 'video/mp4', seconds: 3, codec: 'h264', alt: '', decorative: true }] },
      'decorative-video media.0.decorative',
    ],
    ['an image that is decorative in words', { media: [{ ...image, decorative: 'ja' }] }, 'wrong-type media.0.decorative'],
    ['an image that nobody uploaded', { media: [{ ...image, id: '../../etc/passwd' }] }, 'media-id-malformed media.0.id'],
    ['a video as an image', { media: [{ ...image, type: 'video/mp4' }] }, 'media-type-malformed media.0.type'],
    ['an image without bytes', { media: [{ ...image, size: 0 }] }, 'wrong-type media.0.size'],
    ['an image of half a pixel', { media: [{ ...image, width: 0.5 }] }, 'wrong-type media.0.width'],
    ['21 images', { media: Array(21).fill(image) }, 'too-many media'],
    ['images that are no list', { media: image }, 'wrong-type media'],
    ['a reference that is none', { references: 'the other one' }, 'references-malformed references'],
    ['a field that does not exist', { titel: 'a' }, 'unknown-field titel'],
    ['a field that does not exist, in an image', { media: [{ ...image, caption: 'a' }] }, 'unknown-field media.0.caption'],
    ['a prototype as a field', JSON.parse('{"__proto__":{"admin":true}}'), 'unknown-field __proto__'],
  ]
  for (const [what, over, ...problems] of rows) {
    // `{ ...least, ...over }` would lose a field called __proto__.
    it(`for ${what}`, () => {
      const input = Object.defineProperties({ ...least }, Object.getOwnPropertyDescriptors(over))
      assert.deepEqual(
        problemsOf(input).map(({ code, place }) => `${code} ${place}`),
        problems,
      )
    })
  }

  it('for being no object at all', () => {
    for (const input of [undefined, null, '', 'text', 5, true, [], [least]])
      assert.deepEqual(
        problemsOf(input).map(({ code }) => code),
        ['not-an-object'],
      )
    assert.deepEqual(
      problemsOf({}).map(({ place }) => place),
      ['city', 'kind', 'title', 'text'],
    )
  })

  it('names every fault at once, each with a place and a sentence in both languages', () => {
    const input = { ...least, city: 'nirgends', title: '', link: 'data:x', kind: 'warning', publishAt: '2026-03-29T02:30', foo: 1, bar: 2 }
    const problems = problemsOf(input)
    assert.deepEqual(problems.map(({ code }) => code).sort(), [
      'empty',
      'link-scheme',
      'severity-missing',
      'time-skipped',
      'unknown-city',
      'unknown-field',
      'unknown-field',
    ])
    for (const { de, en, place } of problems) {
      assert.ok(place)
      for (const sentence of [de, en]) assert.match(sentence, /^["»\p{Lu}][^{}]{20,}[.)]$/u)
    }
  })

  it('repeats no more of a stranger’s bytes than a person can read', () => {
    const hostile = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`\u202e\u0000${index}${'x'.repeat(500)}`, 1]))
    const problems = problemsOf({ ...least, ...hostile, city: million })
    assert.ok(problems.length <= 50)
    assert.ok(JSON.stringify(problems).length < 50_000)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none comes back is the point
    assert.doesNotMatch(problems.map(({ de, en, place }) => de + en + place).join(''), /[\0-\x1f\u202a-\u202e]/)
  })

  it('and nothing else is ever thrown', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.record({
        city: fc.constant('bonn'),
        kind: fc.constantFrom('notice', 'warning'),
        title: fc.anything(),
        text: fc.anything(),
        media: fc.anything(),
        variants: fc.anything(),
        expires: fc.anything(),
        link: fc.anything(),
      }),
    )
    fc.assert(
      fc.property(anything, (input) => {
        try {
          parseAnnouncement(input, context)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          assert.ok(error.problems.length > 0)
        }
      }),
      { numRuns: 5_000 },
    )
  })

  it('is judged alike when only the channels of the city are not known', () => {
    assert.equal(parse({ city: 'kassel', channelTexts: { 'x-kassel': 'a' } }).channelTexts['x-kassel'], 'a')
    assert.deepEqual(found({ city: 'kassel', channelTexts: { 'x kassel': 'a' } }), ['channel-malformed channelTexts'])
  })
})
