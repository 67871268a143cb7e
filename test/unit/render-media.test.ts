// Images, videos and picture cards on a channel: what goes along, what is made to fit, and what is said of the rest before it is released.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Announcement, ImageMedium, VideoMedium } from '../../src/announcement/announcement.ts'
import type { ImageLimits, Limits, VideoLimits } from '../../src/connector/limits.ts'
import { digestOf } from '../../src/planning/digest.ts'
import { homeless } from '../../src/planning/homeless.ts'
import { makePlan } from '../../src/planning/plan.ts'
import { wishesFor } from '../../src/planning/wishes.ts'
import { cardImage, planCard } from '../../src/rendering/card.ts'
import type { Derived } from '../../src/rendering/derive.ts'
import { lengthOf } from '../../src/rendering/video.ts'
import { aChannel, aCity, anAnnouncement, aPost } from '../support/builders.ts'
import { aConnector, offersOf } from '../support/offers.ts'

const image = (over: Partial<ImageMedium> = {}): ImageMedium => ({
  ...{ id: 'a'.repeat(64), type: 'image/jpeg', size: 500_000, width: 1600, height: 1200, alt: 'Das Freibad von oben' },
  ...over,
})

const film = (over: Partial<VideoMedium> = {}): VideoMedium => ({
  ...{ id: 'f'.repeat(64), type: 'video/mp4', size: 12_000_000, width: 1920, height: 1080, seconds: 45, codec: 'h264', audioCodec: 'aac' },
  ...{ alt: 'Ein Sprung vom Turm', captions: [{ id: 'c'.repeat(64), type: 'text/vtt', size: 300, language: 'de' }] },
  ...over,
})

const images: ImageLimits = { max: 4, maxBytes: 1_000_000, types: ['image/jpeg'], altMax: 1_500 }
const video: VideoLimits = { maxBytes: 50_000_000, types: ['video/mp4'], minSeconds: 3, maxSeconds: 140, altMax: 1_000, captions: 1 }

const city = aCity({ channels: [aChannel({ name: 'x', platform: 'x' })] })
const situation = { now: '2026-11-23T10:00:00.000Z', suspended: new Map(), connected: new Set(['x']), approved: true }

const planOf = (announcement: Partial<Announcement>, limits: Partial<Limits>, derived: Derived = new Map()) => {
  const offers = { ...offersOf([aConnector('x', [], limits)]), derived }
  const said = anAnnouncement(announcement)
  const plan = makePlan(said, city, 'p', offers, situation)
  const [decision] = plan.decisions
  return {
    plan,
    post: decision?.post ?? null,
    reason: decision?.reason ?? '',
    because: decision?.because,
    wishes: wishesFor(said, city, offers, situation),
  }
}

/** As if everything that is wished for had been made, each within the limits. */
const madeFor = ({ wishes }: ReturnType<typeof planOf>, over: object = {}): Derived =>
  new Map(
    wishes.map(({ name }, at) => [name, { id: `${at}`.repeat(64), type: 'image/jpeg', size: 900_000, width: 1000, height: 1000, ...over }]),
  )

describe('an image', () => {
  test('where a platform has no alternative texts, an image with one goes along all the same', () => {
    assert.equal(planOf({ media: [image()] }, { images: { ...images, altMax: 0 } }).post?.images.length, 1)
    assert.equal(planOf({ media: [image()] }, { images: { ...images, altMax: 10 } }).because, 'does-not-fit')
  })

  test('that only decorates goes without an alternative text, and the post knows no more of it', () => {
    const [plain, small] = [image({ alt: '', decorative: true }), { ...images, maxBytes: 100_000 }]
    assert.deepEqual(planOf({ media: [plain] }, { images }).post?.images, [image({ alt: '' })])
    const made = planOf({ media: [plain] }, { images: small }, madeFor(planOf({ media: [plain] }, { images: small }), { size: 9_000 }))
    assert.deepEqual(
      made.post?.images.map(({ alt }) => alt),
      [''],
    )
    assert.doesNotMatch(planOf({ media: [plain] }, { images }).reason, /Bildbeschreibung/)
  })

  test('whose alternative text says nothing is noted, where the platform shows such texts', () => {
    const weak = [
      'Bild',
      'foto',
      'Ein Foto.',
      'image',
      'Bild 2',
      'IMG_1234.jpg',
      'DSC00012',
      'freibad-neu.JPG',
      'WhatsApp Image 2026-11-30 at 10.12.01',
      '…',
      'x',
    ]
    const telling = [
      'Das Freibad von oben',
      'Bild: Das Freibad von oben',
      'Bildungshaus Bonn',
      'Logo der Stadt Bonn',
      'Fotowettbewerb',
      'Testfahrt der Linie 66',
      'Image-Film der Stadt',
      'B 42',
    ]
    for (const alt of weak)
      assert.match(planOf({ media: [image({ alt })] }, { images }).reason, /Die Bildbeschreibung ».+« sagt nicht, was zu sehen ist/, alt)
    for (const alt of telling) assert.doesNotMatch(planOf({ media: [image({ alt })] }, { images }).reason, /Bildbeschreibung/, alt)
    assert.doesNotMatch(planOf({ media: [image({ alt: 'Bild' })] }, { images: { ...images, altMax: 0 } }).reason, /Bildbeschreibung/)
    assert.match(planOf({ media: [film({ alt: 'Video' })] }, { images, video }).reason, /Die Bildbeschreibung »Video« sagt nicht/)
  })

  test('that fits goes as it is, and nothing is made of it', () => {
    const { post, wishes } = planOf({ media: [image()] }, { images })
    assert.deepEqual([post?.images, wishes], [[image()], []])
  })

  test('that is too large goes as what was made of it, under the same alternative text; the wish is made once for equal limits', () => {
    const media = [image({ size: 3_000_000 })]
    const before = planOf({ media }, { images })
    assert.deepEqual([before.post?.images, before.wishes.length], [[], 1])
    assert.match(before.reason, /Ein Bild ist für X zu groß oder von falschem Typ/)
    const after = planOf({ media }, { images }, madeFor(before))
    assert.deepEqual(
      after.post?.images.map(({ id, alt }) => [id, alt]),
      [['0'.repeat(64), media[0]?.alt]],
    )
    assert.notEqual(after.plan.digest, before.plan.digest)
    const two = aCity({ channels: [aChannel({ name: 'a', platform: 'a' }), aChannel({ name: 'b', platform: 'b' })] })
    const same = offersOf([aConnector('a', [], { images }), aConnector('b', [], { images })])
    const connected = { ...situation, connected: new Set(['a', 'b']) }
    assert.equal(wishesFor(anAnnouncement({ media }), two, same, connected).length, 1)
  })

  test('that is too narrow stands on a white ground, and the plan says so', () => {
    const limits = { images: { ...images, minRatio: 0.8, maxRatio: 1.91 } }
    const media = [image({ width: 500, height: 1000 })]
    const { reason } = planOf({ media }, limits, madeFor(planOf({ media }, limits)))
    assert.match(reason, /Ein Bild wird für X auf weißen Grund gesetzt/)
  })

  test('beyond the number that the platform takes is too many, not too large: nothing is made of it', () => {
    const limits = { images: { ...images, max: 1, maxBytes: 5_000_000 } }
    const media = ['a', 'b'].map((id) => image({ id: id.repeat(64), size: 6_000_000 }))
    const before = planOf({ media }, limits)
    assert.deepEqual([before.post?.unfit?.map(({ id }) => id), before.wishes.length], [['a'.repeat(64)], 1])
    assert.match(before.reason, /Ein Bild ist für X zu groß oder von falschem Typ. X nimmt höchstens 1 Bild\.$/)
    const after = planOf({ media }, limits, madeFor(before))
    assert.deepEqual([after.post?.images.length, after.post?.unfit], [1, undefined])
    assert.match(after.reason, /Es geht nur 1 von 2 Bildern mit, mehr nimmt X nicht\.$/)
    assert.doesNotMatch(after.reason, /zu groß/)
    assert.deepEqual(homeless(after.plan), [])
  })

  test('for a channel that is left out is not made to fit', () => {
    const left = aCity({ channels: [aChannel({ name: 'x', platform: 'x', use: 'left' })] })
    const media = [image({ size: 3_000_000 })]
    assert.deepEqual(wishesFor(anAnnouncement({ media }), left, offersOf([aConnector('x', [], { images })]), situation), [])
  })
})

describe('a video', () => {
  test('goes alone, with as many captions as the platform takes', () => {
    const { post, reason } = planOf({ media: [image(), film()] }, { images, video })
    const { codec: _, audioCodec: __, captions, ...kept } = film()
    assert.deepEqual(post?.video, { ...kept, captions: captions.map(({ type: ___, ...one }) => one) })
    assert.deepEqual(post?.images, [])
    assert.match(reason, /Auf X steht das Video allein, ohne die Bilder/)
  })

  test('without captions goes, and the plan asks for them', () => {
    assert.match(planOf({ media: [film({ captions: [] })] }, { images, video }).reason, /Dem Video fehlen Untertitel/)
    assert.match(planOf({ media: [film()] }, { images, video: { ...video, captions: 0 } }).reason, /X nimmt keine Untertitel-Datei/)
    const three = film({ captions: ['de', 'en', 'tr'].map((language) => ({ id: 'c'.repeat(64), type: 'text/vtt', size: 300, language })) })
    assert.match(planOf({ media: [three] }, { images, video }).reason, /Es geht nur 1 von 3 Untertitel-Dateien mit/)
    const two = planOf({ media: [three] }, { images, video: { ...video, captions: 2 } })
    assert.match(two.reason, /Es gehen nur 2 von 3 Untertitel-Dateien mit/)
  })

  const misfits: Readonly<Record<string, readonly [Partial<VideoMedium>, Partial<VideoLimits>, string]>> = {
    long: [{ seconds: 190 }, {}, 'Das Video ist für X zu lang: 3 min 10 s, höchstens 2 min 20 s.'],
    'a little too long': [{ seconds: 140.02 }, {}, 'Das Video ist für X zu lang: 2 min 20,1 s, höchstens 2 min 20 s.'],
    short: [{ seconds: 2.5 }, {}, 'Das Video ist für X zu kurz: 2,5 s, mindestens 3 s.'],
    large: [{ size: 180_000_000 }, {}, 'Das Video ist für X zu groß: 180 MB, höchstens 50 MB.'],
    'of another type': [{ type: 'video/quicktime' }, {}, 'Das Video ist für X vom falschen Typ: QuickTime (MOV), genommen wird MP4.'],
    'of another codec': [{ codec: 'hevc' }, { codecs: ['h264'] }, 'Das Video ist für X falsch kodiert: HEVC (H.265), genommen wird H.264.'],
    'of another sound': [
      { audioCodec: 'opus' },
      { audioCodecs: ['aac'] },
      'Das Video ist für X im Ton falsch kodiert: opus, genommen wird AAC.',
    ],
  }
  for (const [what, [over, limits, sentence]] of Object.entries(misfits))
    test(`${what}: the plan says how much and how much is possible, and the images go instead`, () => {
      const { post, reason } = planOf({ media: [film(over), image()] }, { images, video: { ...video, ...limits } })
      assert.ok(reason.includes(sentence), reason)
      assert.deepEqual([post?.video, post?.images], [undefined, [image()]])
    })

  test('whose description is too long is refused, as an image’s is; where the platform has none, it does not count', () => {
    const media = [film({ alt: 'a'.repeat(1_001) })]
    assert.deepEqual(planOf({ media }, { images, video }).because, 'does-not-fit')
    assert.equal(planOf({ media }, { images, video: { ...video, altMax: 0 } }).post?.video?.id, film().id)
  })

  test('changes the digest; a post without one has the digest that it always had', () => {
    const sent = (post: object) =>
      digestOf(anAnnouncement(), 'p', [{ channel: 'x', action: 'publish', target: null, doubles: 'avoid', post: aPost(post) }])
    const { codec: _, audioCodec: __, ...post } = film()
    assert.notEqual(sent({ video: post }), sent({}))
    assert.equal(sent({}), '810245ce71e5c33e87d56e0efd8d30d49931cbc0df0f723ec84e6a920ddfa20e')
  })

  test('is as long as people say it', () => {
    assert.deepEqual([0.5, 59.96, 60, 3600, 3725].map(lengthOf), ['0,5 s', '1 min', '1 min', '1 h', '1 h 2 min 5 s'])
  })
})

describe('a platform that shows nothing without a picture', () => {
  const limits = { images: { ...images, altMax: 60 }, needsMedia: true, card: { width: 1080, height: 1350 } }

  test('gets a card from title and text, whose alternative text is what it says', () => {
    const before = planOf({}, limits)
    assert.deepEqual([before.because, before.wishes.map(({ what }) => what)], ['needs-media', ['card']])
    const { post, reason } = planOf({}, limits, madeFor(before))
    assert.deepEqual(
      post?.images.map(({ alt }) => alt),
      ['Freibad öffnet am Samstag\n\nDas Freibad am Rhein öffnet …'],
    )
    assert.match(reason, /Statt eines Bildes geht eine Bildkarte/)
  })

  test('gets no card where an image goes, and one where the video does not', () => {
    assert.deepEqual(planOf({ media: [image()] }, limits).wishes, [])
    const long = planOf({ media: [film({ seconds: 500 })] }, { ...limits, video })
    assert.deepEqual(
      long.wishes.map(({ what }) => what),
      ['card'],
    )
    const { post, reason } = planOf({ media: [film({ seconds: 500 })] }, { ...limits, video }, madeFor(long))
    assert.equal(post?.images.length, 1)
    assert.match(reason, /zu lang: 8 min 20 s/)
  })

  test('is not lost for "CO₂", an arrow or a pictograph; the plan names the sign that the card does without', () => {
    const said = { title: 'CO₂-Austritt: Bonn → Köln gesperrt 🎉', text: 'Sturm ≥ 120 km/h.' }
    const before = planOf(said, limits)
    const [wish] = before.wishes
    assert.deepEqual(wish?.what === 'card' && [wish.card.title, wish.card.text], [
      'CO₂-Austritt: Bonn → Köln gesperrt',
      'Sturm ≥ 120 km/h.',
    ])
    assert.match(planOf(said, limits, madeFor(before)).reason, /Auf der Bildkarte fehlt »🎉« \(U\+1F389\)\./)
  })

  test('is left out with the sign that the letters of cards lack, and with no other reason', () => {
    const { wishes, because, reason } = planOf({ title: '洪水警报' }, limits)
    assert.deepEqual([wishes, because], [[], 'needs-media'])
    assert.match(reason, /Eine Bildkarte ist nicht möglich: Ihrer Schrift fehlt »洪« \(U\+6D2A\), »水« \(U\+6C34\)/)
  })

  test('says on an exercise’s card at both ends of the alternative text that it is one, and until when a warning holds', () => {
    const { title, text } = anAnnouncement()
    const said = { kind: 'warning', severity: 'Severe', status: 'Exercise' } as const
    const content = {
      ...said,
      title,
      text,
      language: 'de',
      link: null,
      expires: '2026-11-23T18:00:00.000Z',
      city: 'Bonn',
      correction: false,
    }
    const wide = offersOf([aConnector('x', [], { ...limits, images: { ...images, altMax: 1_000 } })]).connectors.get('x')?.limits
    assert.ok(wide)
    const wish = { announcement: said, content, colours: city.colours, limits: wide }
    const made = new Map([[planCard(wish)?.wish?.name ?? '', image()]])
    assert.match(cardImage(wish, made)?.alt ?? '', /^ÜBUNG: WARNUNG: [\s\S]*\n\nGültig bis 23\. November 2026, 19:00 Uhr\n\nÜBUNG$/)
  })

  test('asks for another card when a word changes, and for the same one when nothing does', () => {
    const [one] = planOf({}, limits).wishes
    assert.deepEqual(planOf({}, limits).wishes[0], one)
    assert.notEqual(planOf({ title: 'Freibad öffnet am Sonntag' }, limits).wishes[0]?.name, one?.name)
  })
})

describe('a file that fits nowhere', () => {
  test('is named with the reasons; one that stands back or is too many has a home', () => {
    const long = planOf({ media: [image(), film({ seconds: 500 })] }, { images, video })
    assert.deepEqual(homeless(long.plan), [{ at: 1, reasons: ['Das Video ist für X zu lang: 8 min 20 s, höchstens 2 min 20 s.'] }])
    assert.deepEqual(homeless(planOf({ media: [image(), film()] }, { images, video }).plan), [])
    assert.deepEqual(homeless(planOf({ media: [image(), image({ id: 'b'.repeat(64) })] }, { images: { ...images, max: 1 } }).plan), [])
  })
})
