// Videos and captions before they are kept: whole, without the camera's notes, probed; and told apart from what only pretends to be one.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Refusal } from '../../src/announcement/refusal.ts'
import { readCaptions } from '../../src/media/captions.ts'
import { withoutNotes } from '../../src/media/film.ts'
import { probe } from '../../src/media/probe.ts'
import { take } from '../../src/media/take.ts'
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
