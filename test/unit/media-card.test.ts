// Picture cards: whatever is said, it stands within its margins; the same card is the same bytes; and none says something else.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { makeCard } from '../../src/media/card.ts'
import { coloursOf } from '../../src/media/card-colours.ts'
import { cardSvg } from '../../src/media/card-face.ts'
import { contrast } from '../../src/policy/contrast.ts'
import type { Card } from '../../src/rendering/derive.ts'

const aCard = (over: Partial<Card> = {}): Card => ({
  width: 1080,
  height: 1350,
  city: 'Bonn',
  colours: { primary: '#00549f', onPrimary: '#ffffff' },
  kind: 'notice',
  severity: null,
  status: 'Actual',
  language: 'de',
  title: 'Freibad öffnet am Samstag',
  text: 'Das Freibad am Rhein öffnet am Samstag um 9 Uhr.',
  until: null,
  address: 'bonn.de',
  ...over,
})

interface Picture {
  readonly width: number
  readonly height: number
  colour(x: number, y: number): string
}

const pictured = async (card: Card): Promise<Picture> => {
  const { data, info } = await sharp(Buffer.from(cardSvg(card)))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { ...info, colour: (x, y) => data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3).toString('hex') }
}

const rows = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, at) => from + at)

/** Whether each of these rows has one colour from `left` to `right`. */
const isPlain = (
  { colour }: Picture,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): boolean => rows(top, bottom).every((y) => rows(left, right).every((x) => colour(x, y) === colour(left, y)))

describe('a card', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'Straßenunterführungen',
      'WWWWWWWWWWWWWWWWWWWW',
      'und',
      'Öl',
      'Donaudampfschifffahrtsgesellschaftskapitän',
      '112',
      '–',
      '→',
    ),
    fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüßWMÄЩΩ'), minLength: 1, maxLength: 60 }),
  )
  const words = (max: number) => fc.array(word, { minLength: 1, maxLength: 120 }).map((all) => all.join(' ').slice(0, max).trim())

  test('keeps its margins and its foot, whatever is said', async () => {
    const cards = fc.record({
      title: words(300).filter((text) => text !== ''),
      text: words(900),
      city: fc.constantFrom('Bonn', 'Frankfurt am Main', 'Verbandsgemeinde Nieder-Olm und Umgebung an der Selz'),
      kind: fc.constantFrom('notice', 'warning' as const),
      status: fc.constantFrom('Actual', 'Exercise' as const),
      until: fc.constantFrom(null, '24. November 2026, 18:00 Uhr'),
    })
    await fc.assert(
      fc.asyncProperty(cards, async (said) => {
        const picture = await pictured(aCard({ ...said, severity: said.kind === 'warning' ? 'Extreme' : null }))
        assert.deepEqual([picture.width, picture.height], [1080, 1350])
        const [top, bottom] = said.status === 'Actual' ? [0, 1350] : [96, 1254]
        // of seventy-two: the foot of a large j hangs over its place by a tenth of its size
        assert.ok(isPlain(picture, { left: 0, right: 60, top, bottom }), 'left margin')
        assert.ok(isPlain(picture, { left: 1020, right: 1080, top, bottom }), 'right margin')
        assert.ok(isPlain(picture, { left: 0, right: 1080, top: bottom - 24, bottom }), 'below the foot')
        const rule = bottom - 122
        assert.deepEqual([picture.colour(72, rule + 1), picture.colour(1007, rule + 1)], ['d5d9e0', 'd5d9e0'], 'the line above the foot')
        assert.ok(isPlain(picture, { left: 0, right: 1080, top: rule - 8, bottom: rule }), 'the text ends above the foot')
      }),
      { numRuns: 8, examples: [[{ title: 'ja a', text: 'a', city: 'Bonn', kind: 'notice', status: 'Actual', until: null }]] },
    )
  })

  test('is the same bytes every time, of the size that was asked for, as JPEG', async () => {
    const [one, other] = await Promise.all([makeCard(aCard({ width: 540, height: 675 })), makeCard(aCard({ width: 540, height: 675 }))])
    assert.deepEqual([one?.type, one?.width, one?.height], ['image/jpeg', 540, 675])
    assert.ok(one && other?.bytes.equals(one.bytes))
  })

  test('shows its kind by the colour of its whole head, an exercise by stripes and violet whatever it says', async () => {
    const head = async (over: Partial<Card>) => (await pictured(aCard(over))).colour(10, 300)
    assert.equal(await head({ kind: 'warning', severity: 'Severe' }), 'b3001b')
    assert.equal(await head({ kind: 'all-clear' }), '1a6b3c')
    assert.equal(await head({}), '00549f')
    for (const kind of ['warning', 'all-clear', 'notice', 'event'] as const) {
      const drill = await pictured(aCard({ kind, severity: kind === 'warning' ? 'Extreme' : null, status: 'Exercise' }))
      assert.equal(drill.colour(10, 300), '521f7c')
      for (const from of [0, 1254])
        assert.ok(
          rows(from, from + 96).some((y) => drill.colour(8, y) === '6d33a0' || drill.colour(60, y) === '6d33a0'),
          'stripes',
        )
    }
  })

  test('of a city whose colour is red cannot be taken for a warning', async () => {
    for (const primary of ['#b3001b', '#a8001f', '#9c1c2e']) {
      const card = await pictured(aCard({ colours: { primary, onPrimary: '#ffffff' } }))
      assert.deepEqual([card.colour(10, 300), card.colour(10, 10)], ['ffffff', primary.slice(1)])
    }
  })

  test('can be read in whatever colours a city has', () => {
    const channel = fc.integer({ min: 0, max: 255 })
    const colour = fc
      .tuple(channel, channel, channel)
      .map((parts) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`)
    fc.assert(
      fc.property(colour, colour, fc.constantFrom('notice', 'event' as const), (primary, onPrimary, kind) => {
        const { ground, ink } = coloursOf({ kind, status: 'Actual', colours: { primary, onPrimary } })
        assert.ok(contrast(ground, ink) >= 4.5, `${ink} on ${ground}`)
      }),
    )
    for (const kind of ['warning', 'all-clear'] as const)
      for (const status of ['Actual', 'Exercise', 'Test'] as const) {
        const { ground, ink } = coloursOf({ kind, status, colours: { primary: '#ffffff', onPrimary: '#ffffff' } })
        assert.ok(contrast(ground, ink) >= 4.5)
      }
  })

  test('"→" and "←" are two pictures, and so are "≥" and nothing', () => {
    const titled = (title: string) => cardSvg(aCard({ title }))
    assert.notEqual(titled('Bonn → Köln'), titled('Bonn ← Köln'))
    assert.notEqual(titled('Sturm ≥ 120 km/h'), titled('Sturm 120 km/h'))
  })
})
