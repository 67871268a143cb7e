// Videos and captions before they are kept: whole, without the camera's notes, probed; and told apart from what only pretends to be one.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Refusal } from '../../src/announcement/refusal.ts'
import { boxesIn, boxesWithin, inMemory } from '../../src/media/boxes.ts'
import { readCaptions } from '../../src/media/captions.ts'
import { withoutNotes } from '../../src/media/film.ts'
import { probe } from '../../src/media/probe.ts'
import { take } from '../../src/media/take.ts'
import { samplesOf, trackIn } from '../../src/media/tracks.ts'
import { aFfprobe, aFilmAsProbed } from '../support/ffprobe.ts'
import { anMp4, aWebVtt } from '../support/mp4.ts'

const folder = await mkdtemp(join(tmpdir(), 'rundruf-films-'))
after(() => rm(folder, { recursive: true }))

let files = 0
const aFile = async (bytes: Buffer | string): Promise<string> => {
  const file = join(folder, `${files++}.bin`)
  await writeFile(file, bytes)
  return file
}

const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'taken',
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  )

const box = (type: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(content.length + 8)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}

/** A telephone's film: with the place where it was taken, in the user data of the film, behind what is there already. */
const withPlace = (film: Buffer): Buffer => {
  const place = box('udta', box('\xa9xyz', Buffer.from('+50.7374+007.0982/')))
  const moov = film.indexOf('moov') - 4
  const end = moov + film.readUInt32BE(moov)
  const grown = Buffer.from(film)
  grown.writeUInt32BE(end - moov + place.length, moov)
  return Buffer.concat([grown.subarray(0, end), place, grown.subarray(end), box('uuid', Buffer.from('<x:xmpmeta>Bonn</x:xmpmeta>'))])
}

const u32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, at) => void bytes.writeUInt32BE(value, at * 4))
  return bytes
}
const table = (type: string, ...parts: readonly Buffer[]): Buffer => box(type, Buffer.concat([u32(0), ...parts]))

const place = '+50.7374+007.0982'
const picture = Buffer.alloc(1000, 0xab)

/** How a track says where its samples lie: there are three, two in the first chunk and one in the second, each as long as `place`. */
interface Told {
  readonly handler?: string
  readonly sizes?: Buffer
  readonly chunks?: Buffer
  readonly places?: (at: readonly [number, number]) => Buffer
}

const explicit = table('stsz', u32(0, 3, place.length, place.length, place.length))

/** An action camera's film: beside the picture a track of its own says all the time where it was taken. */
const withPlaces = ({ handler = 'meta', sizes = explicit, chunks, places }: Told = {}): Buffer => {
  const plain = anMp4({ padding: picture.length })
  const [moov, mdat] = [plain.indexOf('moov') - 4, plain.indexOf('mdat') - 4]
  const trak = (at: readonly [number, number]): Buffer => {
    const tables = [sizes, chunks ?? table('stsc', u32(2, 1, 2, 1, 2, 1, 1)), places?.(at) ?? table('stco', u32(2, ...at))]
    const head = table('hdlr', u32(0), Buffer.from(handler, 'latin1'), Buffer.alloc(13))
    const named = box('udta', Buffer.from('GoPro MET'))
    return box('trak', Buffer.concat([box('mdia', Buffer.concat([head, box('minf', box('stbl', Buffer.concat(tables)))])), named]))
  }
  const head = Buffer.from(plain.subarray(0, mdat))
  const longer = trak([0, 0]).length
  head.writeUInt32BE(mdat - moov + longer, moov)
  const first = mdat + longer + 8
  const pictureAt = first + place.length * 2
  head.writeUInt32BE(pictureAt, head.indexOf('stco') + 12)
  const data = box('mdat', Buffer.concat([Buffer.from(place + place), picture, Buffer.from(place), Buffer.from('rest')]))
  return Buffer.concat([head, trak([first, pictureAt + picture.length]), data])
}

describe('a film', () => {
  test('keeps every byte in its place, and says no longer where it was taken', async () => {
    const given = withPlace(anMp4({ padding: 1000 }))
    const file = await aFile(given)
    await withoutNotes(file)
    const kept = await readFile(file)
    assert.equal(kept.length, given.length)
    assert.doesNotMatch(kept.toString('latin1'), /50\.7374|Bonn|udta|uuid/)
    assert.deepEqual(kept.subarray(0, given.indexOf('udta') - 4), given.subarray(0, given.indexOf('udta') - 4))
  })

  test('that is broken off, or has no headers, is refused', async () => {
    const film = anMp4({ padding: 1000 })
    assert.equal(await refusal(withoutNotes(await aFile(film.subarray(0, -1)))), 'media-unreadable')
    assert.equal(await refusal(withoutNotes(await aFile(film.subarray(0, film.indexOf('moov') - 4)))), 'media-unreadable')
    assert.equal(await refusal(withoutNotes(await aFile(Buffer.from(film).fill(255, 0, 4)))), 'media-unreadable')
  })

  const ways: Readonly<Record<string, Told>> = {
    'sizes each by itself': {},
    'one size for all': { sizes: table('stsz', u32(place.length, 3)) },
    'sizes of a byte': { sizes: table('stz2', u32(8, 3), Buffer.alloc(3, place.length)) },
    'sizes of two bytes': { sizes: table('stz2', u32(16, 3), Buffer.from([0, place.length, 0, place.length, 0, place.length])) },
    'places in a large file': { places: ([one, two]) => table('co64', u32(2, 0, one, 0, two)) },
    'no handler that shows or sounds': { handler: 'camm' },
  }
  for (const [what, told] of Object.entries(ways))
    test(`whose track of places has ${what} loses the track and the places, and nothing of the picture`, async () => {
      const given = withPlaces(told)
      const file = await aFile(given)
      await withoutNotes(file)
      const kept = await readFile(file)
      assert.equal(kept.length, given.length)
      assert.doesNotMatch(kept.toString('latin1'), /50\.7374|GoPro/)
      const at = given.indexOf(picture)
      assert.deepEqual(kept.subarray(at, at + picture.length), picture)
      assert.equal(kept.subarray(-4).toString(), 'rest')
      const trak = given.lastIndexOf('trak')
      assert.deepEqual(kept.subarray(0, trak), given.subarray(0, trak))
      assert.equal(kept.toString('latin1', trak, trak + 4), 'free')
      assert.ok(kept.subarray(trak + 4, given.indexOf('mdat') - 4).every((byte) => byte === 0))
    })

  test('of half bytes is read, too', async () => {
    const told = { sizes: table('stz2', u32(4, 3), Buffer.from([0x9a, 0xf0])), chunks: table('stsc', u32(1, 1, 3, 1)) }
    const given = withPlaces({ ...told, places: ([one]) => table('stco', u32(1, one)) })
    const file = await aFile(given)
    await withoutNotes(file)
    const kept = await readFile(file)
    const from = given.indexOf(place)
    assert.ok(kept.subarray(from, from + 9 + 10 + 15).every((byte) => byte === 0))
    assert.ok(kept.includes(picture))
  })

  test('keeps its subtitles', async () => {
    const given = withPlaces({ handler: 'sbtl' })
    const file = await aFile(given)
    await withoutNotes(file)
    assert.equal((await readFile(file)).toString('latin1').split(place).length, 4)
  })

  const contradictions: Readonly<Record<string, Told>> = {
    'lies beyond the end': { places: ([one]) => table('stco', u32(2, one, 0xfffffff0)) },
    'lies among the pictures': { places: ([one]) => table('stco', u32(2, one, one + place.length * 2 - 1)) },
    'lies in the headers': { places: ([one]) => table('stco', u32(2, one, 0)) },
    'has more samples than chunks': { sizes: table('stsz', u32(place.length, 4)) },
    'has fewer samples than chunks': { sizes: table('stsz', u32(place.length, 2)) },
    'says more than it holds': { sizes: table('stsz', u32(0, 0xffffffff, 17)) },
    'has sizes of no width': { sizes: table('stz2', u32(7, 3), Buffer.alloc(6)) },
    'counts its chunks backwards': { chunks: table('stsc', u32(2, 1, 2, 1, 1, 1, 1)) },
    'does not begin with its first chunk': { chunks: table('stsc', u32(1, 2, 3, 1)) },
    'does not say where': { places: () => box('skip', Buffer.alloc(16)) },
  }
  for (const [what, told] of Object.entries(contradictions))
    test(`whose track of places ${what} is refused, and left as it is`, async () => {
      const given = withPlaces(told)
      const file = await aFile(given)
      assert.equal(await refusal(withoutNotes(file)), 'media-unreadable')
      assert.deepEqual(await readFile(file), given)
    })

  test('that comes in fragments with such a track is refused: the places of its samples stand elsewhere', async () => {
    assert.equal(await refusal(withoutNotes(await aFile(Buffer.concat([withPlaces(), box('moof', Buffer.alloc(8))])))), 'media-unreadable')
    assert.equal(await refusal(withoutNotes(await aFile(Buffer.concat([anMp4(), box('moof', Buffer.alloc(8))])))), 'taken')
  })

  test('whose places are claimed a hundred thousand times over is emptied there once', async () => {
    const often = 100_000
    const [sizes, chunks] = [table('stsz', u32(place.length * 2, often)), table('stsc', u32(1, 1, 1, 1))]
    const given = withPlaces({ sizes, chunks, places: ([one]) => table('stco', u32(often, ...Array<number>(often).fill(one))) })
    const source = inMemory(given)
    const within = await boxesWithin(source, await boxesIn(source, 0, source.size), 'moov')
    const tracks = await Promise.all(within.filter(({ type }) => type === 'trak').map((one) => trackIn(source, one)))
    const spans = await samplesOf(
      source,
      tracks.filter(({ handler }) => handler === 'meta'),
    )
    assert.deepEqual(
      spans.map(({ from, to }) => to - from),
      [place.length * 2],
    )
    const file = await aFile(given)
    await withoutNotes(file)
    assert.equal((await readFile(file)).toString('latin1').split(place).length, 2)
  })

  test('is asked for length, size and codecs, as MP4 and as nothing else', async () => {
    const ffprobe = aFfprobe(aFilmAsProbed({ seconds: 190.5 }))
    const probed = await probe('/a/film.mp4', ffprobe.path)
    assert.deepEqual(probed, { width: 640, height: 360, seconds: 190.5, codec: 'h264', audioCodec: 'aac' })
    const call = ffprobe.called().join(' ')
    assert.equal(call, '-v error -protocol_whitelist file -f mov -print_format json -show_format -show_streams /a/film.mp4')
  })

  test('that a telephone turns is as high as it is shown, and one without sound says so', async () => {
    const turned = await probe('film', aFfprobe(aFilmAsProbed({ rotation: -90, audio: null })).path)
    assert.deepEqual([turned.width, turned.height, turned.audioCodec], [360, 640, null])
  })

  test('that ffprobe cannot read, or that has no picture, is refused; so is every film where there is no ffprobe, in words', async () => {
    assert.equal(await refusal(probe('film', aFfprobe('fail').path)), 'media-unreadable')
    assert.equal(await refusal(probe('film', aFfprobe({ format: {} }).path)), 'media-unreadable')
    const cover = {
      streams: [{ codec_type: 'video', codec_name: 'mjpeg', width: 9, height: 9, disposition: { attached_pic: 1 } }],
      format: { duration: '3' },
    }
    assert.equal(await refusal(probe('film', aFfprobe(cover).path)), 'video-without-picture')
    await assert.rejects(probe('film', null), (error: Refusal) => /ffprobe.*apt install ffmpeg/.test(error.problems[0]?.de ?? ''))
  })

  test('is kept under the sum of its cleaned bytes, which come one after the other', async () => {
    const file = await aFile(withPlace(anMp4({ padding: 3_000_000 })))
    const { medium, bytes } = await take(file, { ffprobe: aFfprobe(aFilmAsProbed()).path })
    assert.ok(!(bytes instanceof Uint8Array))
    const pieces: Uint8Array[] = []
    for await (const piece of bytes) pieces.push(piece)
    assert.deepEqual(Buffer.concat(pieces), await readFile(file))
    assert.deepEqual([medium.type, medium.size], ['video/mp4', (await readFile(file)).length])
  })
})

describe('captions', () => {
  const vtt = (rest: string): string => `WEBVTT\n\n${rest}`
  const good: Readonly<Record<string, string>> = {
    plain: aWebVtt('Ein Sprung').toString(),
    'with names, settings and a comment': vtt(
      'NOTE\nvon Hand\n\neins\n00:01.000 --> 00:02.000 align:start\nHallo\n\nzwei\n01:00:01.000 --> 01:00:02.500\nTschüss\n',
    ),
    'from Windows': `\ufeff${vtt('00:01.000 --> 00:02.000\r\nHallo\r\n')}`,
    'with a title': `WEBVTT - Freibad\n\n00:01.000 --> 00:02.000\nHallo`,
    'two at once': vtt('00:01.000 --> 00:02.000\n- Ja?\n\n00:01.000 --> 00:03.000\n- Nein.'),
  }
  for (const [what, text] of Object.entries(good))
    test(`${what}: taken`, () => assert.match(readCaptions(Buffer.from(text)), /^WEBVTT[^\r]*$/s))

  const bad: Readonly<Record<string, string | Buffer>> = {
    'of another kind': '1\n00:00:01,000 --> 00:00:02,000\nHallo\n',
    'without a line': 'WEBVTT\n',
    'whose end is before their beginning': vtt('00:02.000 --> 00:01.000\nHallo'),
    'out of order': vtt('00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na'),
    'with a time of SubRip': vtt('00:00:01,000 --> 00:00:02,000\nHallo'),
    'in Latin-1': Buffer.from(vtt('00:01.000 --> 00:02.000\nGrüße'), 'latin1'),
  }
  for (const [what, text] of Object.entries(bad))
    test(`${what}: refused`, () =>
      assert.throws(
        () => readCaptions(Buffer.from(text as string)),
        (error: Refusal) => error.code === 'captions-malformed',
      ))

  test('are kept as WebVTT whatever their name', async () => {
    const { medium, bytes } = await take(await aFile(aWebVtt('Ein Sprung')), { ffprobe: null })
    assert.deepEqual([medium.type, medium.size], ['text/vtt', (bytes as Buffer).length])
  })
})
