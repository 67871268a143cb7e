// Images as they are kept: upright, without metadata or position, their colours as they were; and made to fit a platform.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { Refusal } from '../../src/announcement/refusal.ts'
import { maxPixels, reencode } from '../../src/media/image.ts'
import { turnstile } from '../../src/media/turnstile.ts'
import { makeVariant } from '../../src/media/variant.ts'
import type { Fit } from '../../src/rendering/derive.ts'
import { aHeic, blue, red } from '../support/heic.ts'
import { poll } from '../support/poll.ts'

/** Left half blue, right half white, with noise where it should be hard to pack. */
const aPhoto = ({ width = 60, height = 40 } = {}) =>
  sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite([
    { input: { create: { width: width >> 1, height, channels: 3, background: '#00549f' } }, left: 0, top: 0 },
  ])

const aNoise = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })

const gps = { IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '50/1 44/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '7/1 5/1 0/1' } }

const code = (error: unknown): string => (error instanceof Refusal ? error.code : String(error))
const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => 'taken', code)

describe('an image is encoded anew', () => {
  for (const format of ['jpeg', 'png', 'webp'] as const)
    test(`${format}: no metadata and no position is left, the profile stays`, async () => {
      const camera = await aPhoto()
        .withExif({ IFD0: { Copyright: 'Jemand', Make: 'Kamera' }, ...gps })
        .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><GPS>Bonn</GPS></x:xmpmeta>')
        .withIccProfile('p3')
        .toFormat(format)
        .toBuffer()
      const before = await sharp(camera).metadata()
      assert.ok(before.exif && before.icc, 'there is something to strip')
      const made = await reencode(camera, `image/${format}`)
      const after = await sharp(made.bytes).metadata()
      assert.deepEqual([after.exif, after.xmp, after.iptc, after.format], [undefined, undefined, undefined, format])
      assert.deepEqual(after.icc, before.icc)
      assert.doesNotMatch(made.bytes.toString('latin1'), /Jemand|Bonn|Kamera/)
    })

  test('what the camera turned stands upright', async () => {
    const camera = await aPhoto().withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const { bytes, width, height } = await reencode(camera, 'image/jpeg')
    assert.deepEqual([width, height, (await sharp(bytes).metadata()).orientation], [40, 60, undefined])
    const { data } = await sharp(bytes).extract({ left: 20, top: 5, width: 1, height: 1 }).raw().toBuffer({ resolveWithObject: true })
    assert.ok((data[0] ?? 255) < 40 && (data[2] ?? 0) > 120, 'blue is above')
  })

  test('the same bytes give the same image', async () => {
    const camera = await aNoise(300, 200).jpeg().toBuffer()
    const [one, other] = await Promise.all([reencode(camera, 'image/jpeg'), reencode(camera, 'image/jpeg')])
    assert.ok(one.bytes.equals(other.bytes))
  })

  test('an image for printing becomes one for screens', async () => {
    const inks = await aPhoto().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer()
    const { bytes } = await reencode(inks, 'image/jpeg')
    const { space, icc } = await sharp(bytes).metadata()
    assert.deepEqual([space, icc], ['srgb', undefined])
  })

  test('more than 40 megapixels are refused before a pixel is read, what is broken off or moves as well', async () => {
    const large = await sharp({ create: { width: 8000, height: maxPixels / 8000 + 1, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    assert.equal(await refusal(reencode(large, 'image/png')), 'media-too-many-pixels')
    const photo = await aNoise(300, 200).jpeg().toBuffer()
    assert.equal(await refusal(reencode(photo.subarray(0, photo.length >> 1), 'image/jpeg')), 'media-unreadable')
    const frames = Buffer.concat([await aPhoto().raw().toBuffer(), await aPhoto().negate().raw().toBuffer()])
    const moving = await sharp(frames, { raw: { width: 60, height: 80, channels: 3, pageHeight: 40 } })
      .webp({ loop: 0 })
      .toBuffer()
    assert.equal(await refusal(reencode(moving, 'image/webp')), 'media-animated')
    assert.equal(await refusal(reencode(Buffer.from('no image at all'), 'image/png')), 'media-unreadable')
  })
})

describe('an image of unusual size', () => {
  const sized = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#00549f' } })
      .png()
      .toBuffer()

  test('is refused below 16 pixels: it would be a dot', async () => {
    assert.equal(await refusal(reencode(await sized(1, 1), 'image/png')), 'media-too-small')
    assert.equal(await refusal(reencode(await sized(15, 200), 'image/png')), 'media-too-small')
    assert.equal((await reencode(await sized(16, 16), 'image/png')).width, 16)
  })

  test('is refused where one side is more than twenty times as long as the other, whichever it is', async () => {
    for (const [width, height] of [
      [16_000, 500],
      [500, 16_000],
      [321, 16],
    ] as const)
      assert.equal(await refusal(reencode(await sized(width, height), 'image/png')), 'media-too-narrow', `${width} x ${height}`)
    assert.equal((await reencode(await sized(320, 16), 'image/png')).height, 16)
  })

  test('is marked where it shows a single colour: an area, white letters on nothing, an area as JPEG; not where a line is seen', async () => {
    const letters = (colour: string) => `<svg width="200" height="60"><text y="40" fill="${colour}">Hochwasser</text></svg>`
    const drawn = (colour: string) =>
      sharp(Buffer.from(letters(colour)))
        .png()
        .toBuffer()
    const shows = async (bytes: Buffer, type = 'image/png') => (await reencode(bytes, type)).singleColour ?? false
    assert.equal(await shows(await drawn('#ffffff')), true, 'white on white')
    assert.equal(await shows(await drawn('#fefefe')), true, 'nearly white on white')
    assert.equal(await shows(await drawn('#00549f')), false)
    assert.equal(await shows(await sized(64, 64)), true)
    assert.equal(await shows(await aPhoto({ width: 64, height: 64 }).resize(64, 64).jpeg().toBuffer(), 'image/jpeg'), false)
    const area = sharp({ create: { width: 64, height: 64, channels: 3, background: '#c0392b' } })
    assert.equal(await shows(await area.jpeg({ quality: 40 }).toBuffer(), 'image/jpeg'), true)
  })

  test('as a GIF that does not move is kept as a PNG without a loss, one that moves is refused', async () => {
    const still = await aPhoto().gif().toBuffer()
    const made = await reencode(still, 'image/gif')
    assert.deepEqual([made.type, made.width, made.height], ['image/png', 60, 40])
    assert.ok((await sharp(made.bytes).removeAlpha().raw().toBuffer()).equals(await sharp(still).removeAlpha().raw().toBuffer()))
    const frames = Buffer.concat([await aPhoto().raw().toBuffer(), await aPhoto().negate().raw().toBuffer()])
    const moving = await sharp(frames, { raw: { width: 60, height: 80, channels: 3, pageHeight: 40 } })
      .gif()
      .toBuffer()
    assert.equal(await refusal(reencode(moving, 'image/gif')), 'media-animated')
  })
})

describe('a HEIC photograph', () => {
  test('becomes a JPEG, upright, in the colours that it was taken in', async () => {
    const profile = (await sharp(await aPhoto().withIccProfile('p3').png().toBuffer()).metadata()).icc as Buffer
    const { type, bytes, width, height } = await reencode(aHeic({ blocks: [[red, blue]], profile, turns: 1 }), 'image/heic')
    assert.deepEqual([type, width, height], ['image/jpeg', 16, 32])
    assert.deepEqual((await sharp(bytes).metadata()).icc, profile)
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    const [above, below] = [data.subarray(3 * (4 * 16 + 8)), data.subarray(3 * (27 * 16 + 8))]
    assert.ok((above[2] ?? 0) > 200 && (below[0] ?? 0) > 200, 'turned against the clock: what was right is above')
  })

  test('that claims too much, or is broken, is refused', async () => {
    const claims = { width: 8_000, height: 8_000 }
    assert.equal(await refusal(reencode(aHeic({ blocks: [[red]], claims }), 'image/heic')), 'media-too-many-pixels')
    const whole = aHeic({ blocks: [[red, blue]] })
    assert.equal(await refusal(reencode(whole.subarray(0, -300), 'image/heic')), 'media-unreadable')
    assert.equal(await refusal(reencode(whole.subarray(0, 60), 'image/heic')), 'media-unreadable')
  })

  test('is decoded beside everything else: this thread goes on with its work', async () => {
    let turns = 0
    const made = reencode(aHeic({ blocks: [[red, blue]] }), 'image/heic').then(() => 'made')
    while ((await Promise.race([made, new Promise((resolve) => setImmediate(resolve, 'not yet'))])) === 'not yet') turns++
    assert.ok(turns > 10, `${turns} turns`)
  })
})

describe('an image is made to fit', () => {
  const any: Fit = {
    type: 'image/jpeg',
    maxBytes: 1_000_000,
    maxWidth: null,
    maxHeight: null,
    maxPixels: null,
    minRatio: null,
    maxRatio: null,
  }

  test('it keeps all of its pixels where only its type is foreign', async () => {
    const made = await makeVariant(await aPhoto().webp().toBuffer(), any)
    assert.deepEqual([made?.type, made?.width, made?.height], ['image/jpeg', 60, 40])
  })

  test('it loses quality first, then pixels, until it is small enough, and is not made where nothing is left of it', async () => {
    const photo = await aNoise(900, 600).png().toBuffer()
    const fine = await makeVariant(photo, any)
    const small = await makeVariant(photo, { ...any, maxBytes: (fine?.bytes.length ?? 0) - 1 })
    const tiny = await makeVariant(photo, { ...any, maxBytes: 20_000 })
    assert.deepEqual([fine?.width, small?.width], [900, 900])
    assert.ok(tiny && tiny.width < 900 && tiny.bytes.length <= 20_000)
    assert.equal(await makeVariant(photo, { ...any, maxBytes: 100 }), null)
  })

  test('what is too narrow stands on a white ground', async () => {
    const made = await makeVariant(await aPhoto({ width: 40, height: 100 }).png().toBuffer(), { ...any, minRatio: 0.8, maxRatio: 1.91 })
    assert.deepEqual([made?.width, made?.height], [80, 100])
    const { data } = await sharp(made?.bytes).extract({ left: 4, top: 50, width: 1, height: 1 }).raw().toBuffer({ resolveWithObject: true })
    assert.ok(data.every((part) => part > 250))
  })

  test('whatever the limits, it is within them and the same every time', async () => {
    const side = fc.integer({ min: 65, max: 400 })
    const most = fc.option(fc.integer({ min: 100, max: 300 }))
    const ratios = fc.constantFrom([null, null] as const, [0.8, 1.91] as const, [1, 1] as const, [null, 2] as const)
    await fc.assert(
      fc.asyncProperty(side, side, most, most, ratios, async (width, height, maxWidth, maxHeight, [minRatio, maxRatio]) => {
        const fit = { ...any, maxWidth, maxHeight, minRatio, maxRatio, maxPixels: 60_000, maxBytes: 30_000 }
        const image = await aPhoto({ width, height }).png().toBuffer()
        const made = await makeVariant(image, fit)
        assert.ok(made)
        assert.ok(made.width <= (maxWidth ?? 1000) && made.height <= (maxHeight ?? 1000) && made.bytes.length <= 30_000)
        assert.ok(made.width * made.height <= 60_000)
        assert.ok(
          made.width / made.height >= (minRatio ?? 0) && made.width / made.height <= (maxRatio ?? 1000),
          `${made.width}x${made.height}`,
        )
        assert.ok((await makeVariant(image, fit))?.bytes.equals(made.bytes))
      }),
      { numRuns: 40 },
    )
  })
})

test('through a turnstile go as many as it lets, in their order, and one that stumbles blocks nobody', async () => {
  const pass = turnstile(2)
  const inside: number[] = []
  const doors = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const all = doors.map(({ promise }, at) =>
    pass(async () => {
      inside.push(at)
      await promise
      if (at === 1) throw new Error('stumbled')
    }).catch(() => {}),
  )
  await poll('two inside', () => inside.length === 2)
  for (const door of doors) door.resolve()
  await Promise.all(all)
  assert.deepEqual(inside, [0, 1, 2, 3, 4])
})

test('P25: beside a full turnstile goes what is urgent, and what waits and is urgent goes before what is not', async () => {
  const pass = turnstile(1, 1)
  const doors = [0, 1, 2].map(() => Promise.withResolvers<void>())
  const inside: string[] = []
  const go = (name: string, door: number, isUrgent = false) =>
    pass(async () => {
      inside.push(name)
      await doors[door]?.promise
    }, isUrgent)
  const all = [go('usual', 0), go('next', 2), go('warning', 1, true), go('second warning', 2, true)]
  await poll('two inside', () => inside.length === 2)
  assert.deepEqual(inside, ['usual', 'warning'])
  for (const { resolve } of doors) resolve()
  await Promise.all(all)
  assert.deepEqual(inside, ['usual', 'warning', 'second warning', 'next'])
})
