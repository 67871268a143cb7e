// Picture cards: whatever is said, it stands within its margins; the same card is the same bytes; and none says something else.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { makeCard } from '../../src/media/card.ts'
import { drawable } from '../../src/media/card-fonts.ts'
import { setCard } from '../../src/media/card-setting.ts'
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
  const { data, info } = await sharp(Buffer.from((await setCard(card)) ?? ''))
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
      '👩‍🚒',
    ),
    fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüßWMÄЩΩ'), minLength: 1, maxLength: 60 }),
  )
  const words = (max: number) => fc.array(word, { minLength: 1, maxLength: 120 }).map((all) => all.join(' ').slice(0, max).trim())

  test('keeps its margins and its foot, whatever is said', async () => {
    const cards = fc.record({
      title: words(300),
      text: words(900),
      city: fc.constantFrom('Bonn', 'Frankfurt am Main', 'Verbandsgemeinde Nieder-Olm und Umgebung an der Selz'),
      kind: fc.constantFrom('notice', 'warning' as const),
      status: fc.constantFrom('Actual', 'Exercise' as const),
      until: fc.constantFrom(null, '24. November 2026, 18:00 Uhr'),
    })
    await fc.assert(
      fc.asyncProperty(cards, async (said) => {
        const picture = await pictured(aCard({ ...said, severity: said.kind === 'warning' ? 'Extreme' : null }))
        const inset = said.kind === 'warning' ? 20 : 0
        assert.deepEqual([picture.width, picture.height], [1080, 1350])
        const [top, bottom] = [inset + (said.status === 'Actual' ? 0 : 95), 1350 - inset]
        // of eighty: the foot of a large j hangs over its place by a tenth of its size
        assert.ok(isPlain(picture, { left: inset + 2, right: inset + 64, top, bottom }), 'left margin')
        assert.ok(isPlain(picture, { left: 1080 - inset - 64, right: 1080 - inset - 2, top, bottom }), 'right margin')
        assert.ok(isPlain(picture, { left: inset + 2, right: 1080 - inset - 2, top: bottom - 36, bottom }), 'below the foot')
        assert.ok(
          rows(bottom - 160, bottom - 80).some(
            (y) => picture.colour(inset + 80, y) === 'd5d9e0' && picture.colour(1080 - inset - 80, y) === 'd5d9e0',
          ),
          'the line above the foot',
        )
      }),
      { numRuns: 8, examples: [[{ title: 'ja a', text: 'a', city: 'Bonn', kind: 'notice', status: 'Actual', until: null }]] },
    )
  })

  test('is the same bytes every time, of the size that was asked for, as JPEG', async () => {
    const [one, other] = await Promise.all([makeCard(aCard({ width: 540, height: 675 })), makeCard(aCard({ width: 540, height: 675 }))])
    assert.deepEqual([one?.type, one?.width, one?.height], ['image/jpeg', 540, 675])
    assert.ok(one && other?.bytes.equals(one.bytes))
  })

  test('of a warning stands in a red frame, one of an exercise says so above', async () => {
    const warning = await pictured(aCard({ kind: 'warning', severity: 'Severe' }))
    for (const [x, y] of [
      [3, 3],
      [1076, 3],
      [3, 1346],
      [1076, 1346],
    ] as const)
      assert.equal(warning.colour(x, y), 'b3001b')
    assert.equal((await pictured(aCard({ status: 'Exercise' }))).colour(3, 3), 'ffd500')
  })

  test('drops signs that the font does not have, and is not set where letters would be missing', async () => {
    assert.equal(drawable('Danke 🎉 an alle 👩‍🚒!\n\nTschüss ☀️'), 'Danke an alle !\n\nTschüss')
    assert.equal(drawable('Увага, προσοχή, dikkat, chú ý'), 'Увага, προσοχή, dikkat, chú ý')
    assert.equal(drawable('تحذير'), null)
    assert.equal(await makeCard(aCard({ title: '洪水警報' })), null)
  })
})
