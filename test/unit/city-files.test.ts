// Broken city files: every mistake is named with its file, its line, its key and what was expected.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkCities, loadCities } from '../../config/cities.ts'
import { Refusal } from '../../src/announcement/refusal.ts'
import { connectors, folder, problemsOf, type Row, refusesEach, replacing, right, write } from '../support/city-file.ts'

const rows: readonly Row[] = [
  {
    mistake: 'an unknown platform',
    line: 9,
    text: '    platform: mastodn',
    code: 'unknown-platform',
    place: 'bonn.yaml:9 channels[1].platform',
    de: 'Meinten Sie »mastodon«? Bekannt sind: newsroom, bluesky, mastodon, x',
  },
  {
    mistake: 'a platform by its old name',
    line: 9,
    text: '    platform: twitter',
    code: 'unknown-platform',
    place: 'bonn.yaml:9 channels[1].platform',
    de: 'Meinten Sie »x«?',
  },
  {
    mistake: 'a channel name that is taken',
    line: 8,
    text: '  - name: newsroom',
    code: 'duplicate-channel',
    place: 'bonn.yaml:8 channels[1].name',
    de: 'Der Kanal »newsroom« steht schon als 1. Kanal da',
  },
  {
    mistake: 'a second newsroom',
    line: 9,
    text: '    platform: newsroom',
    code: 'second-newsroom',
    place: 'bonn.yaml:9 channels[1].platform',
    de: 'nur einen Newsroom',
  },
  {
    mistake: 'a rule that names a missing channel',
    line: 14,
    text: '    channels: [newsroom, mastodon-bon, mastodon-bonn]',
    code: 'missing-channel',
    place: 'bonn.yaml:14 rules[0].channels[1]',
    de: 'Die Regel »Alles« nennt den Kanal »mastodon-bon«, den es nicht gibt. Meinten Sie »mastodon-bonn«?',
  },
  {
    mistake: 'a rule that names a channel of a platform that no longer exists',
    line: 9,
    text: '    platform: google-plus',
    code: 'discontinued-platform',
    place: 'bonn.yaml:14 rules[0].channels[1]',
    de: 'Die Regel »Alles« nennt den Kanal »mastodon-bonn«, aber Google+ wurde am 2.4.2019 abgeschaltet',
  },
  {
    mistake: 'a fallback that does not exist',
    line: 9,
    text: '    platform: mastodon\n    fallback: email-bonn',
    code: 'missing-channel',
    place: 'bonn.yaml:10 channels[1].fallback',
    de: 'Der Kanal »mastodon-bonn« nennt den Kanal »email-bonn«, den es nicht gibt',
  },
  {
    mistake: 'a channel that is its own fallback',
    line: 9,
    text: '    platform: mastodon\n    fallback: mastodon-bonn',
    code: 'fallback-circle',
    place: 'bonn.yaml:10 channels[1].fallback',
    de: 'im Kreis: mastodon-bonn → mastodon-bonn',
  },
  {
    mistake: 'a channel that no rule names',
    line: 14,
    text: '    channels: newsroom',
    code: 'channel-without-effect',
    place: 'bonn.yaml:8 channels[1].name',
    de: 'Keine Regel nennt den Kanal »mastodon-bonn«',
  },
  {
    mistake: 'a channel that stands by for nobody',
    line: 9,
    text: '    platform: mastodon\n    use: standby',
    code: 'channel-without-effect',
    place: 'bonn.yaml:8 channels[1].name',
    de: 'kein Kanal nennt ihn als Ersatz',
  },
  {
    mistake: 'a placeholder that does not exist',
    line: 9,
    text: '    platform: mastodon\n    template: { warning: "{titel}: {text}" }',
    code: 'unknown-placeholder',
    place: 'bonn.yaml:10 channels[1].template.warning',
    de: 'Der Platzhalter {titel} ist unbekannt. Es gibt: {title}, {text}',
  },
  {
    mistake: 'colours that nobody can read',
    line: 4,
    text: 'colours: { primary: "#999999", on-primary: "#ffffff" }',
    code: 'contrast',
    place: 'bonn.yaml:4 colours.on-primary',
    de: 'nur 2,84 zu 1',
  },
  {
    mistake: 'a secret in clear',
    line: 10,
    text: '    settings: { base: "https://social.example", token: "sehr-geheim" }',
    code: 'secret-in-clear',
    place: 'bonn.yaml:10 channels[1].settings.token',
    de: '»token« ist geheim und darf nicht im Klartext hier stehen. Erwartet: ein Verweis wie env:NAME',
  },
  {
    mistake: 'a setting that the connector does not know',
    line: 10,
    text: '    settings: { base: "https://social.example", token: "env:BONN_T", instance: 1 }',
    code: 'settings',
    place: 'bonn.yaml:10 channels[1].settings.instance',
    de: 'Es gibt: base, token',
  },
  {
    mistake: 'a setting that the connector needs',
    line: 10,
    text: '    settings: { token: "env:BONN_T" }',
    code: 'settings',
    place: 'bonn.yaml:10 channels[1].settings.base',
    de: 'Mastodon kann mit dieser Einstellung nichts anfangen',
  },
  {
    mistake: 'an unknown key',
    line: 9,
    text: '    plattform: mastodon\n    platform: mastodon',
    code: 'unknown-key',
    place: 'bonn.yaml:9 channels[1].plattform',
    de: 'Unbekannter Schlüssel »plattform«. Meinten Sie »platform«? Erlaubt sind hier: name, platform, title',
  },
  {
    mistake: 'an unknown key at the top',
    line: 4,
    text: 'quiet: { from: "22:00", to: "06:00" }',
    code: 'unknown-key',
    place: 'bonn.yaml:4 quiet',
    de: 'Erlaubt sind hier: city, key, ars, website',
  },
  {
    mistake: 'an unknown key in a condition',
    line: 13,
    text: '    when: { kinds: notice }',
    code: 'unknown-key',
    place: 'bonn.yaml:13 rules[0].when.kinds',
    de: 'Meinten Sie »kind«? Erlaubt sind hier: kind, topic, district, severity, status, language',
  },
  {
    mistake: 'a missing platform',
    line: 9,
    text: '    since: 2025-02-14',
    code: 'missing-key',
    place: 'bonn.yaml:8 channels[1].platform',
    de: '»platform« fehlt. Erwartet: der Name einer Plattform',
  },
  {
    mistake: 'a missing city',
    line: 1,
    text: '# city: Bonn',
    code: 'missing-key',
    place: 'bonn.yaml:2 city',
    de: '»city« fehlt. Erwartet: der Name der Stadt',
  },
  {
    mistake: 'a kind with a slip of the pen',
    line: 13,
    text: '    when: { kind: [notice, warnign] }',
    code: 'unknown-value',
    place: 'bonn.yaml:13 rules[0].when.kind[1]',
    de: '»warnign« gibt es hier nicht. Meinten Sie »warning«? Erwartet: warning, all-clear, notice, event',
  },
  {
    mistake: 'a use that does not exist',
    line: 9,
    text: '    platform: mastodon\n    use: emergency',
    code: 'unknown-value',
    place: 'bonn.yaml:10 channels[1].use',
    de: 'Erwartet: all, emergency-only, dormant, left, standby',
  },
  {
    mistake: 'a severity in small letters',
    line: 13,
    text: '    when: { severity: severe }',
    code: 'unknown-value',
    place: 'bonn.yaml:13 rules[0].when.severity',
    de: 'Meinten Sie »Severe«?',
  },
  {
    mistake: 'a hold that does not exist',
    line: 14,
    text: '    channels: all\n    hold: [approval, night]',
    code: 'unknown-value',
    place: 'bonn.yaml:15 rules[0].hold[1]',
    de: 'Erwartet: approval, approval-after-release, quiet-hours',
  },
  {
    mistake: 'a day that does not exist',
    line: 9,
    text: '    platform: mastodon\n    since: 2025-02-29',
    code: 'wrong-value',
    place: 'bonn.yaml:10 channels[1].since',
    de: 'Erwartet: ein Tag, den es gibt, wie 2025-02-14. Dort steht: »2025-02-29«',
  },
  {
    mistake: 'an hour that does not exist',
    line: 4,
    text: 'quiet-hours: { from: "24:00", to: "06:00" }',
    code: 'wrong-value',
    place: 'bonn.yaml:4 quiet-hours.from',
    de: 'Erwartet: eine Uhrzeit wie "22:00". Dort steht: »24:00«',
  },
  {
    mistake: 'a Regionalschlüssel that YAML takes for a number',
    line: 3,
    text: 'ars: 053140000000',
    code: 'wrong-value',
    place: 'bonn.yaml:3 ars',
    de: '12 Ziffern in Anführungszeichen',
  },
  {
    mistake: 'a Regionalschlüssel of eight digits',
    line: 3,
    text: 'ars: "05314000"',
    code: 'wrong-value',
    place: 'bonn.yaml:3 ars',
    de: 'Dort steht: »05314000«',
  },
  {
    mistake: 'a Regionalschlüssel of a state that does not exist',
    line: 3,
    text: 'ars: "173140000000"',
    code: 'wrong-value',
    place: 'bonn.yaml:3 ars',
    de: 'der Amtliche Regionalschlüssel',
  },
  {
    mistake: 'no channels',
    line: 5,
    text: 'channels: []\nformer:',
    code: 'wrong-value',
    place: 'bonn.yaml:5 channels',
    de: 'Erwartet: eine Liste von Kanälen',
  },
  {
    mistake: 'a link that is none',
    line: 4,
    text: 'website: "javascript:alert(1)"',
    code: 'wrong-value',
    place: 'bonn.yaml:4 website',
    de: 'Erwartet: eine Adresse mit https://',
  },
  {
    mistake: 'a key that is not the name of the file',
    line: 2,
    text: 'key: bon',
    code: 'key-is-not-file-name',
    place: 'bonn.yaml:2 key',
    de: 'Die Datei heißt bonn.yaml, der Schlüssel aber »bon«',
  },
  {
    mistake: 'the same key of YAML twice',
    line: 2,
    text: 'key: bonn\nkey: bonn',
    code: 'not-yaml',
    place: 'bonn.yaml:3',
    de: '»key« steht hier zum zweiten Mal; bitte nur einmal angeben.',
  },
  {
    mistake: 'a bracket that is never closed',
    line: 13,
    text: '    when: { kind: [notice, warning }',
    code: 'not-yaml',
    place: 'bonn.yaml:13',
    de: 'Eine Klammer wird nicht geschlossen; bitte ] oder } ergänzen.',
  },
]

refusesEach(rows)

describe('a folder of city files', () => {
  it('is taken when all is right', () => {
    const { cities, out } = loadCities(write({ 'bonn.yaml': right.join('\n') }), connectors, { tolerant: false })
    assert.deepEqual([...cities.keys()], ['bonn'])
    assert.deepEqual(out, [])
  })

  it('is refused for one wrong file, unless it is tolerated: then the others stand, and it is named', () => {
    const kassel = right.join('\n').replaceAll('bonn', 'kassel').replace('Bonn', 'Kassel').replace('BONN', 'KASSEL')
    const inside = write({ 'bonn.yaml': replacing(9, '    platform: orkut'), 'kassel.yaml': kassel })
    assert.throws(() => loadCities(inside, connectors, { tolerant: false }), Refusal)
    const { cities, digests, out } = loadCities(inside, connectors, { tolerant: true })
    assert.deepEqual([...cities.keys()], ['kassel'])
    assert.deepEqual([...digests.keys()], ['kassel'])
    assert.deepEqual(
      out.map(({ file, key, problems }) => ({ file, key, places: problems.map(({ place }) => place) })),
      [{ file: 'bonn.yaml', key: 'bonn', places: ['bonn.yaml:9 channels[1].platform'] }],
    )
  })

  it('is reported on without a throw', () => {
    const checks = checkCities(write({ 'bonn.yaml': replacing(3, 'ars: 1'), 'notes.txt': 'not a city' }), connectors)
    assert.deepEqual(
      checks.map(({ city, problems }) => ({ city, places: problems.map(({ place }) => place) })),
      [{ city: null, places: ['bonn.yaml:3 ars'] }],
    )
  })

  it('names every mistake of a file at once, from top to bottom', () => {
    const text = right.with(2, 'ars: 1').with(8, '    platform: Mastodon!').with(12, '    when: { kind: news }').join('\n')
    assert.deepEqual(
      problemsOf({ 'bonn.yaml': text }).map(({ place }) => place),
      ['bonn.yaml:3 ars', 'bonn.yaml:9 channels[1].platform', 'bonn.yaml:13 rules[0].when.kind'],
    )
  })

  it('has no city twice: a second spelling of the ending is refused', () => {
    const problems = problemsOf({ 'bonn.yaml': right.join('\n'), 'bonn.yml': right.join('\n') })
    assert.deepEqual(
      problems.map(({ code, place }) => ({ code, place })),
      [{ code: 'key-is-not-file-name', place: 'bonn.yml:2 key' }],
    )
  })

  it('is refused when it is empty or not there', () => {
    for (const nothing of [write({}), join(folder, 'nowhere')])
      assert.throws(
        () => loadCities(nothing, connectors, { tolerant: true }),
        (error) => error instanceof Refusal && error.code === 'no-cities' && error.problems[0]!.place === nothing,
      )
  })

  for (const [what, text] of [
    ['nothing', ''],
    ['a sentence', 'Bonn am Rhein'],
    ['a list', '- bonn'],
    ['bytes', '\u0000\u0001'],
    [
      'a bomb of aliases',
      `a: &a [1,2]\n${'bcdefgh'.split('').reduce((all, letter, n) => `${all}${letter}: &${letter} [${Array(9).fill(`*${n === 0 ? 'a' : 'bcdefgh'[n - 1]}`)}]\n`, '')}`,
    ],
  ] as const) {
    it(`is refused, not broken, by a file that holds ${what}`, () => {
      const problems = problemsOf({ 'bonn.yaml': text })
      assert.ok(problems.length > 0 && problems.every(({ place }) => place?.startsWith('bonn.yaml:')), JSON.stringify(problems))
    })
  }
})

describe('a city file that somebody mangled', () => {
  it('is taken or refused with places, and never breaks the reader', () => {
    const text = right.join('\n')
    const inside = write({})
    const scrap = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('- ', ': ', '{', '[', '\n', '  ', '? ', '&a ', '*a', '!!x ', '__proto__: 1\n', '~', '"'),
    )
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), scrap, (at, dropped, put) => {
        writeFileSync(join(inside, 'bonn.yaml'), text.slice(0, at) + put + text.slice(at + dropped))
        const { cities, out } = loadCities(inside, connectors, { tolerant: true })
        assert.equal(cities.size + out.length, 1)
        for (const { problems } of out) {
          assert.ok(problems.length > 0)
          for (const { place, de, en } of problems) assert.ok(place?.startsWith('bonn.yaml:') && de && en, JSON.stringify(problems))
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the sentences about a city file', () => {
  it('find something that sounds secret where no connector says so', () => {
    const text = right.with(8, '    platform: x').with(9, '    settings: { accessToken: "sehr-geheim" }').join('\n')
    const problems = problemsOf({ 'bonn.yaml': text })
    assert.deepEqual(
      problems.map(({ code, place }) => ({ code, place })),
      [{ code: 'secret-in-clear', place: 'bonn.yaml:10 channels[1].settings.accessToken' }],
    )
  })

  it('find a fallback that runs in a circle over several channels, or ends at a closed one', () => {
    const more = (use: string, back: string) =>
      [
        ...right.slice(0, 8),
        '    platform: mastodon',
        '    fallback: b',
        right[9]!,
        '  - { name: b, platform: x, ',
        `      use: ${use}${back} }`,
        ...right.slice(10),
      ].join('\n')
    const codes = (text: string) => problemsOf({ 'bonn.yaml': text }).map(({ code, place }) => `${code} ${place}`)
    assert.deepEqual(codes(more('standby', ', fallback: mastodon-bonn')), [
      'fallback-circle bonn.yaml:10 channels[1].fallback',
      'fallback-circle bonn.yaml:13 channels[2].fallback',
    ])
    assert.deepEqual(codes(more('left', '')), ['fallback-closed bonn.yaml:10 channels[1].fallback'])
  })

  it('ask nothing of a channel that rests', () => {
    const text = right.with(9, '    use: dormant').join('\n')
    assert.equal(loadCities(write({ 'bonn.yaml': text }), connectors, { tolerant: false }).cities.size, 1)
  })
})
