// How an announcement reads on a channel: what is said, in which order, and that it always fits and never breaks.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { countOnMastodon } from '../../connectors/mastodon/count.ts'
import type { Announcement } from '../../src/announcement/announcement.ts'
import type { ImageLimits, TextLimits } from '../../src/connector/limits.ts'
import { graphemes } from '../../src/connector/measure.ts'
import type { Destination, Offer } from '../../src/rendering/offer.ts'
import { type PlannedPost, render } from '../../src/rendering/render.ts'
import { more, shorten } from '../../src/rendering/shorten.ts'
import { aChannel, anAnnouncement } from '../support/builders.ts'

type Measure = Offer['connector']['measure']

const usualImages: ImageLimits = { max: 4, maxBytes: 1_000_000, types: ['image/png', 'image/jpeg'], altMax: 1_500 }
const offer = (
  text: TextLimits,
  measure: Measure = (words) => words.length,
  over: { images?: ImageLimits; needsMedia?: boolean } = {},
): Offer => {
  const limits = { text, images: usualImages, needsMedia: false, pace: { actions: 1, perSeconds: 1 }, ...over }
  return { connector: { platform: 'bluesky', title: 'Bluesky', limits, measure }, limits, cityName: 'Bonn' }
}
const roomy = offer({ max: 5_000 })
const image = { id: 'a'.repeat(64), type: 'image/png', size: 1000, width: 640, height: 480, alt: 'Das Freibad von oben' }

const posted = (announcement: Partial<Announcement>, channel: Partial<Destination> = {}, to: Offer = roomy): PlannedPost => {
  const rendered = render(anAnnouncement(announcement), aChannel(channel), to)
  assert.ok(rendered.fits, rendered.fits ? '' : rendered.reason)
  return rendered.post
}
const refused = (announcement: Partial<Announcement>, to: Offer, channel: Partial<Destination> = {}): string => {
  const rendered = render(anAnnouncement(announcement), aChannel(channel), to)
  assert.ok(!rendered.fits)
  return `${rendered.because}: ${rendered.reason}`
}
const short = { title: 'Freibad öffnet', text: 'Am Samstag um 9 Uhr.', link: 'https://www.bonn.de/freibad' }

describe('a post', () => {
  it('of a notice is title, text and link', () => {
    assert.equal(posted(short).text, 'Freibad öffnet\n\nAm Samstag um 9 Uhr.\n\nhttps://www.bonn.de/freibad')
    assert.equal(posted({ ...short, link: null }).text, 'Freibad öffnet\n\nAm Samstag um 9 Uhr.')
  })

  it('of a warning says so first, and until when', () => {
    const { text, title } = posted({ ...short, kind: 'warning', expires: '2026-07-15T16:00:00.000Z' })
    assert.equal(
      text,
      'WARNUNG: Freibad öffnet\n\nAm Samstag um 9 Uhr.\n\nGültig bis 15. Juli 2026, 18:00 Uhr\nhttps://www.bonn.de/freibad',
    )
    assert.equal(title, 'WARNUNG: Freibad öffnet')
    assert.equal(posted({ ...short, kind: 'warning', link: null }).text, 'WARNUNG: Freibad öffnet\n\nAm Samstag um 9 Uhr.')
  })

  it('of an all-clear says so in words, but not twice', () => {
    assert.match(posted({ ...short, kind: 'all-clear' }).text, /^ENTWARNUNG: Freibad/)
    assert.match(posted({ ...short, kind: 'all-clear', title: 'Entwarnung für Beuel' }).text, /^Entwarnung für Beuel\n/)
  })

  it('of an exercise or a test begins with that, three times, whatever the wording', () => {
    const mark = 'ÜBUNG – ÜBUNG – ÜBUNG\n\n'
    assert.ok(posted({ ...short, status: 'Exercise', kind: 'warning' }).text.startsWith(`${mark}WARNUNG: `))
    assert.ok(posted({ ...short, status: 'Exercise' }, { template: { '*': '{title}' } }).text.startsWith(mark))
    assert.ok(posted({ ...short, status: 'Exercise', channelTexts: { newsroom: 'Eigener Text' } }).text.startsWith(mark))
    assert.ok(posted({ ...short, status: 'Test' }).text.startsWith('TEST – TEST – TEST\n\n'))
    assert.equal(posted({ ...short, status: 'Exercise', kind: 'warning' }).title, 'ÜBUNG: WARNUNG: Freibad öffnet')
    assert.doesNotMatch(posted(short).text, /ÜBUNG|TEST/)
  })

  it('is in the language of its channel where the announcement has it, with the house’s words in that language', () => {
    const variants = { 'en-GB': { title: 'Flood', text: 'Stay inside.' }, tr: { title: 'Sel', text: 'Evde kalın.' } }
    const english = posted({ ...short, kind: 'warning', variants, expires: '2026-07-15T16:00:00.000Z' }, { language: 'en' })
    assert.match(english.text, /^WARNING: Flood\n\nStay inside\.\n\nValid until 15 July 2026, 18:00\n/)
    assert.equal(english.language, 'en-GB')
    assert.match(posted({ ...short, kind: 'warning', variants }, { language: 'tr' }).text, /^WARNUNG: Sel\n\nEvde kalın\./)
    assert.equal(posted({ ...short, variants }, { language: 'uk' }).language, 'de')
    assert.equal(
      posted({ ...short, variants: { 'de-x-leicht': { title: 'Bad', text: 'Offen.' } } }, { language: 'de-x-leicht' }).title,
      'Bad',
    )
    assert.equal(posted({ ...short, variants: { 'de-x-leicht': { title: 'Bad', text: 'Offen.' } } }, { language: 'de' }).title, short.title)
  })

  it('carries the link once, even where the text says it', () => {
    const text = `Mehr unter ${short.link}.`
    assert.equal(posted({ ...short, text }).text, `Freibad öffnet\n\n${text}`)
    assert.equal(posted({ ...short, text: `Mehr unter ${short.link}/2026.` }).text.split('\n\n')[2], short.link)
  })
})

describe('a channel’s template', () => {
  const template = { warning: '⚠️ {kind} für {city}: {title}\n{text}\nBis: {expires}\nMehr: {link}', '*': '{title} – {text}' }

  it('is taken by kind, and lines with nothing in them fall away', () => {
    const warning = { ...short, kind: 'warning' } as const
    assert.equal(
      posted(warning, { template }).text,
      '⚠️ Warnung für Bonn: Freibad öffnet\nAm Samstag um 9 Uhr.\nMehr: https://www.bonn.de/freibad',
    )
    assert.equal(posted({ ...warning, link: null }, { template }).text, '⚠️ Warnung für Bonn: Freibad öffnet\nAm Samstag um 9 Uhr.')
  })

  it('can lose neither the link nor the word for a warning', () => {
    assert.equal(posted(short, { template }).text, 'Freibad öffnet – Am Samstag um 9 Uhr.\n\nhttps://www.bonn.de/freibad')
    assert.match(posted({ ...short, kind: 'all-clear' }, { template }).text, /^ENTWARNUNG: Freibad öffnet – /)
  })

  it('fills in what people wrote only once', () => {
    assert.match(
      posted({ ...short, title: 'Was {text} heißt', text: '{title} $& $1 {link}' }).text,
      /^Was \{text\} heißt\n\n\{title\} \$& \$1 \{link\}\n\n/,
    )
  })
})

describe('a channel’s own text', () => {
  const own = (text: string) => ({ ...short, channelTexts: { newsroom: text } })

  it('stands as it was written, with the link if it says none', () => {
    assert.equal(posted(own('Kurz & gut')).text, 'Kurz & gut\n\nhttps://www.bonn.de/freibad')
    assert.equal(posted(own(`Hier: ${short.link} !`)).text, `Hier: ${short.link} !`)
    assert.match(posted(own('Kurz & gut'), { name: 'other' }).text, /^Freibad/)
    assert.match(posted(own('Kurz & gut'), { name: 'constructor' }).text, /^Freibad/, 'a name that every object has')
  })

  it('is never shortened', () => {
    const reason = refused(own('Wort '.repeat(20).trim()), offer({ max: 60 }))
    assert.equal(
      reason,
      'does-not-fit: Der eigene Text dieses Kanals ist für Bluesky zu lang: 128 Zeichen, höchstens 60 sind möglich. Kürzen Sie um 68 Zeichen.',
    )
  })
})

describe('a correction', () => {
  it('begins with the word, behind the mark of an exercise', () => {
    const corrected = { ...roomy, correction: true }
    assert.match(posted({ ...short, kind: 'warning' }, {}, corrected).text, /^Korrektur: WARNUNG: Freibad/)
    assert.match(posted({ ...short, status: 'Exercise' }, {}, corrected).text, /^ÜBUNG – ÜBUNG – ÜBUNG\n\nKorrektur: Freibad/)
    assert.match(posted({ ...short, language: 'en' }, {}, corrected).text, /^Correction: /)
    assert.equal(posted(short, {}, corrected).title, 'Korrektur: Freibad öffnet')
  })
})

describe('images', () => {
  const media = [
    image,
    { ...image, alt: 'zwei' },
    { ...image, type: 'image/gif' },
    { ...image, size: 2_000_000 },
    { ...image, alt: 'fünf' },
  ]
  const notes = (to: Offer): readonly string[] => {
    const rendered = render(anAnnouncement({ ...short, media }), aChannel(), to)
    return rendered.fits ? rendered.notes : assert.fail(rendered.reason)
  }

  it('go along as far as the platform takes them, and the plan says which do not', () => {
    const two = offer({ max: 500 }, undefined, { images: { ...usualImages, max: 2 } })
    assert.deepEqual(
      posted({ ...short, media }, {}, two).images.map(({ alt }) => alt),
      [image.alt, 'zwei'],
    )
    assert.deepEqual(notes(two), ['Es gehen nur 2 von 5 Bildern mit, mehr nimmt Bluesky nicht.'])
    assert.deepEqual(notes(offer({ max: 500 }, undefined, { images: { ...usualImages, max: 3 } })), [
      'Ein Bild ist für Bluesky zu groß oder von falschem Typ.',
      'Es gehen nur 3 von 5 Bildern mit, mehr nimmt Bluesky nicht.',
    ])
    assert.deepEqual(notes(offer({ max: 500 }, undefined, { images: { ...usualImages, max: 0 } })), ['Bluesky nimmt keine Bilder.'])
  })

  it('are missed where a post without one does not exist', () => {
    const needy = offer({ max: 500 }, undefined, { needsMedia: true })
    assert.match(refused(short, needy), /^needs-media: Auf Bluesky gibt es Beiträge nur mit Bild/)
    assert.match(refused({ ...short, media: [{ ...image, type: 'image/gif' }] }, needy), /^needs-media: /)
    assert.equal(posted({ ...short, media: [image] }, {}, needy).images.length, 1)
  })

  it('whose alternative text is too long are for the author to mend', () => {
    const terse = offer({ max: 500 }, undefined, { images: { ...usualImages, altMax: 10 } })
    assert.equal(
      refused({ ...short, media: [image] }, terse),
      'does-not-fit: Ein Alternativtext ist für Bluesky zu lang: 20 Zeichen, höchstens 10 sind möglich. Kürzen Sie ihn um 10 Zeichen.',
    )
  })
})

describe('a text that is too long', () => {
  const title = 'Stadthaus öffnet'
  const text =
    'Das Stadthaus öffnet am 14. März wieder. Alle Ämter sind z. B. ab 8 Uhr da. Danke für Ihre Geduld! Mehr dazu auf der Seite der Stadt.'
  const bodies = (max: number): string =>
    posted({ title, text, link: null }, {}, offer({ max: title.length + 2 + max })).text.split('\n\n')[1]!

  it('ends after a sentence, if that keeps half of what fits', () => {
    assert.equal(bodies(text.length), text)
    assert.equal(
      bodies(text.length - 1),
      'Das Stadthaus öffnet am 14. März wieder. Alle Ämter sind z. B. ab 8 Uhr da. Danke für Ihre Geduld! …',
    )
    assert.equal(bodies(80), 'Das Stadthaus öffnet am 14. März wieder. Alle Ämter sind z. B. ab 8 Uhr da. …')
    assert.equal(bodies(70), 'Das Stadthaus öffnet am 14. März wieder. …')
  })

  it('ends after a word otherwise, without a comma before the dots', () => {
    assert.equal(bodies(35), 'Das Stadthaus öffnet am 14. März …')
    assert.equal(posted({ title: 'T', text: 'Erstens, zweitens und drittens', link: null }, {}, offer({ max: 14 })).text, 'T\n\nErstens …')
  })

  it('gives way to title and link, which stay whole', () => {
    const link = 'https://www.bonn.de/stadthaus'
    assert.equal(posted({ title, text, link }, {}, offer({ max: 50 })).text, `${title}\n\n${link}`)
    assert.equal(
      refused({ title, text, link }, offer({ max: 46 })),
      'does-not-fit: Schon Titel und Link sind für Bluesky zu lang: 47 Zeichen, höchstens 46 sind möglich. Kürzen Sie um 1 Zeichen, oder schreiben Sie einen eigenen Text für diesen Kanal: channelTexts: { "newsroom": "…" }.',
    )
    assert.match(
      refused({ title, text, link: null }, offer({ max: 17 })),
      /^does-not-fit: Der Text lässt sich nicht so kürzen, dass er noch dasselbe sagt; /,
    )
    assert.match(refused({ title, text, link: null }, offer({ max: 15 })), /^does-not-fit: Schon der Titel ist/)
  })

  it('loses the words of a link only together with them: the announcement’s own link is put at the end', () => {
    const link = 'https://www.bonn.de/stadthaus'
    const shortened = posted({ title, text: `${text} Hier: ${link}`, link }, {}, offer({ max: 120 })).text
    assert.ok(shortened.endsWith(`\n\n${link}`))
    assert.equal(shortened.split(link).length, 2)
  })

  it('says in the plan that it was shortened', () => {
    const rendered = render(anAnnouncement({ title, text, link: null }), aChannel(), offer({ max: 100 }))
    assert.deepEqual(rendered.fits && rendered.notes, ['Der Text ist für Bluesky gekürzt.'])
  })

  it('is measured in bytes where the platform counts those too', () => {
    const post = posted({ title: 'Ü', text: 'ü '.repeat(50).trim(), link: null }, {}, offer({ max: 300, maxBytes: 60 }))
    assert.ok(Buffer.byteLength(post.text) <= 60 && Buffer.byteLength(post.text) > 50)
    assert.match(refused({ title: 'Ü'.repeat(40), text: 'a', link: null }, offer({ max: 300, maxBytes: 60 })), /80 Byte, höchstens 60/)
  })

  it('never ends between a sign and the space that belongs to it', () => {
    const text = `Jahr \u0600 ${'Wort '.repeat(20)}`
    assert.equal(
      shorten(text, (shortened) => shortened.length <= 9),
      'Jahr …',
    )
  })

  it('in a script without spaces ends between two characters', () => {
    const post = posted({ title: '水', text: '請關閉門窗'.repeat(30), link: null }, {}, offer({ max: 50 }, graphemes))
    assert.equal(graphemes(post.text), 50)
  })
})

describe('whatever is written, whatever a platform counts', () => {
  const word = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        'Das',
        'Stadthaus',
        'öffnet',
        'wieder.',
        'Müller-Lüdenscheidt,',
        '14.',
        'März',
        '–',
        'Ämter!',
        'z. B.',
        'Straßenbahn;',
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '👨‍👩‍👧‍👦',
        '🇩🇪🇪🇺',
        'e\u0301\u0302te\u0301',
        '請關閉門窗請關閉門窗請關閉門窗請關閉門窗請關閉門窗請關閉門窗請關閉門窗請關閉門窗',
        'नमस्ते',
        '👍🏽👍🏽',
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom('👨‍👩‍👧‍👦', 'e\u0301', 'नि', '水').map((character) => character.repeat(40)) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90, size: 'max' }).map((text) => text.replace(/[\s\p{C}]/gu, '')),
    },
  )
  const link = fc
    .tuple(
      fc.constantFrom('https://', 'http://'),
      fc.constantFrom('bonn.de', 'www.köln.example', 'a.example'),
      fc.string({ unit: fc.constantFrom(...'ab-/_.?=&%1'), maxLength: 100, size: 'max' }),
    )
    .map(([scheme, host, rest]) => `${scheme}${host}/${rest.replace(/[.?_-]+$/, '')}`)
  const space = fc.constantFrom(' ', ' ', ' ', '\n', '\n\n', '  ')
  const drawn = fc.record({
    title: fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => `T ${words.join(' ')}`),
    pieces: fc.array(fc.tuple(fc.oneof({ weight: 6, arbitrary: word }, { weight: 1, arbitrary: link }), space), {
      minLength: 1,
      maxLength: 50,
      size: 'max',
    }),
    link: fc.option(link),
    status: fc.constantFrom('Actual' as const, 'Exercise' as const),
    kind: fc.constantFrom('notice' as const, 'event' as const),
    correction: fc.boolean(),
  })

  const weighted: Measure = (text) => {
    const free = text.replace(/https?:\/\/\S+/g, 'x'.repeat(23))
    return [...free].reduce((sum, character) => sum + (character.codePointAt(0)! > 0x10ff ? 2 : 1), 0)
  }
  const platforms: readonly [unit: string, limits: TextLimits, measure: Measure][] = [
    ['graphemes and bytes, as Bluesky', { max: 300, maxBytes: 700 }, graphemes],
    ['links at a price, as Mastodon', { max: 160, perLink: 23 }, (text, { perLink }) => countOnMastodon(text, perLink)],
    ['weights, as X', { max: 280 }, weighted],
    ['UTF-16 units, as Telegram', { max: 100 }, (text) => text.length],
  ]
  const segmenter = new Intl.Segmenter('de', { granularity: 'grapheme' })
  const boundaries = (text: string): Set<number> => new Set([...segmenter.segment(text)].map(({ index }) => index).concat(text.length))

  for (const [unit, limits, measure] of platforms) {
    it(`it fits, keeps its link, and breaks neither link nor character (${unit})`, () => {
      let shortened = 0
      fc.assert(
        fc.property(drawn, ({ title, pieces, link: own, status, kind, correction }) => {
          const text =
            pieces
              .map(([piece, gap]) => piece + gap)
              .join('')
              .trim() || 'Text'
          const announcement = anAnnouncement({ title, text, link: own, status, kind })
          const rendered = render(announcement, aChannel(), { ...offer(limits, measure), correction })
          if (!rendered.fits) return
          const { post } = rendered
          assert.equal(post.length, measure(post.text, limits))
          assert.ok(post.length <= limits.max && Buffer.byteLength(post.text) <= (limits.maxBytes ?? Number.POSITIVE_INFINITY))
          assert.ok(post.text.includes(title))
          if (own !== null) assert.ok(post.text.split(/\s+/).includes(own), 'the link is not there')
          if (post.text.includes(text)) return
          shortened++
          const before = post.text.indexOf(title) + title.length + 2
          const end = post.text.indexOf(more, before)
          if (end < 0) return assert.ok(own !== null && post.text.endsWith(own))
          const kept = post.text.slice(before, post.text.endsWith(more) ? -more.length : post.text.lastIndexOf(`${more}\n\n`))
          assert.ok(text.startsWith(kept), `${JSON.stringify(kept)} does not begin the text`)
          assert.ok(boundaries(text).has(kept.length), `cut inside a character at ${kept.length}`)
          for (const { 0: each, index } of text.matchAll(/https?:\/\/\S+/g))
            assert.ok(kept.length <= index || kept.length >= index + each.length, `cut inside ${each}`)
        }),
        { numRuns: 800, seed: 9, endOnFailure: true },
      )
      assert.ok(shortened > 100, `only ${shortened} were shortened: the property says nothing`)
    })
  }

  it('shortens no more than it must: the next word would not have fitted, unless a sentence ended before it', () => {
    const words = fc.array(fc.constantFrom('Stadthaus', 'öffnet', 'wieder', 'gern', 'Rhein'), { minLength: 60, maxLength: 90 })
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 200 }), (drawnWords, max) => {
        const text = drawnWords.join(' ')
        const { text: whole } = posted({ title: 'T', text, link: null }, {}, offer({ max }))
        const kept = whole.slice(3, -more.length)
        const next = text.slice(kept.length + 1).split(' ')[0]!
        assert.ok(whole.length + 1 + next.length > max, `${next} would have fitted`)
      }),
      { numRuns: 500 },
    )
  })

  it('takes a text of 20,000 characters as it comes', () => {
    for (const text of [
      'a'.repeat(20_000),
      'ä '.repeat(10_000).trim(),
      '請'.repeat(20_000),
      `https://a.example/${'b'.repeat(19_900)}`,
      '👨‍👩‍👧‍👦'.repeat(1_800),
    ]) {
      const post = posted({ title: 'T', text, link: 'https://a.example/' }, {}, offer({ max: 300, maxBytes: 3_000 }, graphemes))
      assert.ok(graphemes(post.text) <= 300)
      assert.ok(post.text.endsWith('https://a.example/'))
    }
  })
})
