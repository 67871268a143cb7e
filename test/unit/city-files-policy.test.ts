// City files that can be read and make no sense: what the file says of topics, times and rules contradicts itself.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkCities, loadCities } from '../../config/cities.ts'
import { doors } from '../../src/policy/doors.ts'
import { connectors, problemsOf, type Row, refusesEach, replacing, right, write } from '../support/city-file.ts'

const rows: readonly Row[] = [
  {
    mistake: 'a placeholder of a conditional template that does not exist',
    line: 9,
    text: '    platform: mastodon\n    templates: [{ when: { severity: Extreme }, text: "{titel} {text}" }]',
    code: 'unknown-placeholder',
    place: 'bonn.yaml:10 channels[1].templates[0].text',
    de: 'Der Platzhalter {titel} ist unbekannt.',
  },
  {
    mistake: 'a topic of a conditional template that the city has not declared',
    line: 9,
    text: '    platform: mastodon\n    templates: [{ when: { topic: kultur }, text: "{text}" }]',
    code: 'unknown-topic',
    place: 'bonn.yaml:10 channels[1].templates[0].when.topic',
    de: 'Das Thema »kultur« steht nicht unter topics.',
  },
  {
    mistake: 'a channel that ends before it begins',
    line: 9,
    text: '    platform: mastodon\n    from: 2027-01-01\n    until: 2026-12-31',
    code: 'until-before-from',
    place: 'bonn.yaml:11 channels[1].until',
    de: 'Der Kanal gilt bis 31.12.2026, aber erst ab 1.1.2027.',
  },
  {
    mistake: 'a day to begin on that does not exist',
    line: 9,
    text: '    platform: mastodon\n    from: 2027-02-29',
    code: 'wrong-value',
    place: 'bonn.yaml:10 channels[1].from',
    de: 'Erwartet: ein Tag, den es gibt, wie 2027-01-01.',
  },
  {
    mistake: 'a daily maximum of nothing',
    line: 9,
    text: '    platform: mastodon\n    per-day: 0',
    code: 'wrong-value',
    place: 'bonn.yaml:10 channels[1].per-day',
    de: 'Erwartet: eine ganze Zahl ab 1. Dort steht: »0«',
  },
  {
    mistake: 'a day of the week in German',
    line: 4,
    text: 'quiet-hours: [{ on: [sat, sonntag], from: "00:00", to: "24:00" }]',
    code: 'wrong-value',
    place: 'bonn.yaml:4 quiet-hours[0].on[1]',
    de: 'Erwartet: mon, tue, wed, thu, fri, sat, sun, holiday, ein Tag jedes Jahres wie 12-24',
  },
  {
    mistake: 'a day of the year that no year has',
    line: 4,
    text: 'quiet-hours: { on: 02-30, from: "00:00", to: "24:00" }',
    code: 'wrong-value',
    place: 'bonn.yaml:4 quiet-hours.on',
    de: 'Dort steht: »02-30«',
  },
  {
    mistake: 'a key of quiet hours that does not exist',
    line: 4,
    text: 'quiet-hours: [{ days: sat, from: "00:00", to: "24:00" }]',
    code: 'unknown-key',
    place: 'bonn.yaml:4 quiet-hours[0].days',
    de: 'Erlaubt sind hier: on, from, to.',
  },
  {
    mistake: 'quiet hours without a list',
    line: 9,
    text: '    platform: mastodon\n    quiet-hours: nachts',
    code: 'wrong-value',
    place: 'bonn.yaml:10 channels[1].quiet-hours',
    de: 'Erwartet: { from: "22:00", to: "06:00" } oder eine Liste davon',
  },
  {
    mistake: 'a topic in a rule that the city has not declared',
    line: 11,
    text: 'topics: { politics: Stadtpolitik, culture: Kultur }\nrules:\n  - name: Kultur\n    channels: newsroom\n    when: { topic: [culture, politik] }',
    code: 'unknown-topic',
    place: 'bonn.yaml:15 rules[0].when.topic[1]',
    de: 'Das Thema »politik« steht nicht unter topics. Meinten Sie »politics«? Es gibt: politics (Stadtpolitik), culture (Kultur).',
  },
  {
    mistake: 'a topic left out by a rule that the city has not declared',
    line: 13,
    text: '    when: { topic: { not: politik } }',
    code: 'unknown-topic',
    place: 'bonn.yaml:13 rules[0].when.topic.not',
    de: 'Das Thema »politik« steht nicht unter topics. Die Stadtdatei legt keine Themen fest (topics).',
  },
  {
    mistake: 'a topic of a channel that is a property of every object',
    line: 9,
    text: '    platform: mastodon\n    topic: [none, constructor]',
    code: 'unknown-topic',
    place: 'bonn.yaml:10 channels[1].topic[1]',
    de: 'Das Thema »constructor« steht nicht unter topics.',
  },
  {
    mistake: 'a topic that is called none',
    line: 4,
    text: 'topics: { none: Sonstiges }',
    code: 'reserved-topic',
    place: 'bonn.yaml:4 topics.none',
    de: '»none« steht in Regeln für Meldungen ohne Thema',
  },
  {
    mistake: 'an area in a rule that the city has not declared',
    line: 11,
    text: 'districts: { beuel: Beuel }\nrules:\n  - name: Beuel\n    channels: newsroom\n    when: { district: [none, beul] }',
    code: 'unknown-district',
    place: 'bonn.yaml:15 rules[0].when.district[1]',
    de: 'Das Gebiet »beul« steht nicht unter districts. Meinten Sie »beuel«? Es gibt: beuel (Beuel).',
  },
  {
    mistake: 'an area of a channel where the city has declared none',
    line: 9,
    text: '    platform: mastodon\n    district: beuel',
    code: 'unknown-district',
    place: 'bonn.yaml:10 channels[1].district',
    de: 'Das Gebiet »beuel« steht nicht unter districts.',
  },
  {
    mistake: 'an area in a rule where the city has declared none',
    line: 13,
    text: '    when: { district: { not: beuel } }',
    code: 'unknown-district',
    place: 'bonn.yaml:13 rules[0].when.district.not',
    de: 'Das Gebiet »beuel« steht nicht unter districts. Die Stadtdatei legt keine Gebiete fest (districts).',
  },
  {
    mistake: 'an area that is called none',
    line: 4,
    text: 'districts: { none: Mitte }',
    code: 'reserved-district',
    place: 'bonn.yaml:4 districts.none',
    de: '»none« steht in Regeln für Meldungen ohne Gebiet und kann kein Gebiet sein.',
  },
  {
    mistake: 'areas without titles',
    line: 4,
    text: 'districts: [beuel]',
    code: 'wrong-value',
    place: 'bonn.yaml:4 districts',
    de: 'Erwartet: Gebiete mit Titel wie { beuel: Beuel }',
  },
  {
    mistake: 'a topic with capitals',
    line: 4,
    text: 'topics: { Kultur: Kultur }',
    code: 'wrong-key',
    place: 'bonn.yaml:4 topics.Kultur',
    de: '»Kultur« geht nicht als Schlüssel. Erwartet: Kleinbuchstaben',
  },
  {
    mistake: 'a topic without a title',
    line: 4,
    text: 'topics: [culture]',
    code: 'wrong-value',
    place: 'bonn.yaml:4 topics',
    de: 'Erwartet: Themen mit Titel wie { culture: Kultur }',
  },
]

refusesEach(rows)

/** What `cities check` says of the right file with one line replaced; the start takes it all the same. */
const hintsOf = (line: number, text: string): readonly string[] => {
  const inside = write({ 'bonn.yaml': replacing(line, text) })
  assert.equal(loadCities(inside, connectors, { tolerant: false }).cities.size, 1, 'the start takes it')
  const [check] = checkCities(inside, connectors)
  assert.ok(check?.problems.every(({ de, en }) => de.endsWith('.') && en.endsWith('.') && de !== en))
  return check?.problems.map(({ code, place }) => `${code} ${place}`) ?? []
}

describe('a city file that can be taken and does not say what was meant', () => {
  const rule = (name: string, when: string, channels = 'all'): string => `  - { name: ${name}, when: ${when}, channels: ${channels} }`
  const rows: readonly [mistake: string, line: number, text: string, hints: readonly string[]][] = [
    ['nothing', 4, 'quiet-hours: { from: "22:00", to: "06:00" }', []],
    ['no newsroom', 7, '    platform: bluesky', ['no-newsroom bonn.yaml:6 channels']],
    [
      'a rule behind one that always fits',
      11,
      ['rules:', rule('Weit', '{ kind: [notice, warning] }'), rule('Eng', '{ kind: warning, severity: Severe }')].join('\n'),
      ['rule-without-effect bonn.yaml:13 rules[1].name', 'rule-without-effect bonn.yaml:14 rules[2].name'],
    ],
    [
      'a rule behind two that share its channels',
      11,
      [
        'rules:',
        rule('A', '{ kind: event }', 'newsroom'),
        rule('B', '{ kind: event }', 'mastodon-bonn'),
        rule('C', '{ kind: event }'),
      ].join('\n'),
      ['rule-without-effect bonn.yaml:14 rules[2].name'],
    ],
    [
      'a rule behind one for other channels',
      11,
      ['rules:', rule('A', '{ kind: event }', 'newsroom'), rule('B', '{ kind: event }')].join('\n'),
      [],
    ],
    [
      'a rule behind one for a status of its own',
      11,
      ['rules:', rule('A', '{ status: Exercise }'), rule('B', '{ kind: event }')].join('\n'),
      [],
    ],
    [
      'a rule behind one for all but a topic',
      11,
      ['topics: { a: A, b: B }', 'rules:', rule('A', '{ topic: { not: a } }'), rule('B', '{ topic: b }')].join('\n'),
      [],
    ],
    [
      'a rule behind one for its topic and more',
      11,
      ['topics: { a: A, b: B }', 'rules:', rule('A', '{ topic: [a, b], kind: event }'), rule('B', '{ topic: b, kind: event }')].join('\n'),
      ['rule-without-effect bonn.yaml:14 rules[1].name'],
    ],
    [
      'a rule behind one for its area and more',
      11,
      [
        'districts: { a: A, b: B }',
        'rules:',
        rule('A', '{ district: [a, b], kind: event }'),
        rule('B', '{ district: b, kind: event }'),
        rule('C', '{ kind: event }'),
      ].join('\n'),
      ['rule-without-effect bonn.yaml:14 rules[1].name'],
    ],
    [
      'quiet hours that end as they begin',
      4,
      'quiet-hours: { from: "22:00", to: "22:00" }',
      ['empty-quiet-hours bonn.yaml:4 quiet-hours.to'],
    ],
    [
      'a window that ends as it begins, among others',
      9,
      '    platform: mastodon\n    quiet-hours: [{ from: "22:00", to: "06:00" }, { on: sat, from: "00:00", to: "00:00" }]',
      ['empty-quiet-hours bonn.yaml:10 channels[1].quiet-hours[1].to'],
    ],
    [
      'quiet hours that never end',
      4,
      'quiet-hours: [{ from: "20:00", to: "08:00" }, { from: "08:00", to: "20:00" }]',
      ['endless-quiet-hours bonn.yaml:4 quiet-hours'],
    ],
    [
      'quiet hours of nights, weekends, holidays and days by date',
      4,
      'quiet-hours: [{ from: "20:00", to: "08:00" }, { on: [sat, sun, holiday, 12-24, 2028-06-17], from: "00:00", to: "24:00" }]',
      [],
    ],
    [
      'a severity of notices',
      13,
      '    when: { kind: [notice, warning], severity: Severe }',
      ['severity-without-warning bonn.yaml:13 rules[0].when.severity'],
    ],
  ]
  for (const [mistake, line, text, hints] of rows)
    it(`${mistake}: ${hints.length} hints`, () => assert.deepEqual(hintsOf(line, text), hints))

  it('quiet hours of one window and of a list of one are the same policy', () => {
    const policies = ['{ from: "22:00", to: "06:00" }', '[{ from: "22:00", to: "06:00" }]'].map((hours) => {
      const folder = write({ 'bonn.yaml': replacing(4, `quiet-hours: ${hours}`) })
      return loadCities(folder, connectors, { tolerant: false })
    })
    assert.deepEqual(policies[0]?.cities, policies[1]?.cities)
    assert.deepEqual(policies[0]?.digests, policies[1]?.digests)
    assert.deepEqual(policies[0]?.cities.get('bonn')?.quietHours, [{ from: '22:00', to: '06:00', on: null }])
  })

  it('a hold for quiet hours where there are none', () => {
    const text = right.with(3, 'website: https://www.bonn.de').with(13, '    channels: all\n    hold: quiet-hours').join('\n')
    const [check] = checkCities(write({ 'bonn.yaml': text }), connectors)
    assert.deepEqual(
      check?.problems.map(({ code, place }) => `${code} ${place}`),
      ['hold-without-quiet-hours bonn.yaml:15 rules[0].hold'],
    )
  })
})

describe('a city that is called like a door of the service', () => {
  for (const key of Object.keys(doors))
    it(`is refused: ${key}`, () => {
      const problems = problemsOf({ [`${key}.yaml`]: right.with(1, `key: ${key}`).join('\n').replace('BONN_', `${key.toUpperCase()}_`) })
      assert.deepEqual(
        problems.map(({ code, place }) => `${code} ${place}`),
        [`key-is-door ${key}.yaml:2 key`],
      )
    })
})

describe('a file that is no YAML', () => {
  const rows: readonly [what: string, text: string, place: string, de: RegExp][] = [
    ['a key twice', 'city: Bonn\nkey: bonn\nkey: bonn', 'bonn.yaml:3', /^»key« steht hier zum zweiten Mal/],
    ['a bracket that is never closed', 'city: Bonn\nrules: [a, {b: c]\nkey: bonn', 'bonn.yaml:2', /^Eine Klammer wird nicht geschlossen/],
    [
      'a colour without quotes in brackets',
      'city: Bonn\ncolours: { primary: #00549f, on-primary: "#ffffff" }\nkey: bonn',
      'bonn.yaml:2',
      /^Nach einem Leerzeichen beginnt # einen Kommentar/,
    ],
    ['a colon in a sentence', 'city: Bonn\nbecause: Die Stadt: immer da', 'bonn.yaml:2', /Doppelpunkt.*Anführungszeichen setzen\.$/],
    ['a handle without quotes', 'city: Bonn\ntitle: @bonn', 'bonn.yaml:2', /nicht mit @/],
    ['bold letters of WhatsApp without quotes', 'city: Bonn\ntitle: *Bonn*', 'bonn.yaml:1', /\*Bonn\* ist in YAML ein Verweis/],
    ['a tabulator', 'city: Bonn\ncolours:\n\tprimary: 1', 'bonn.yaml:3', /Tabulator/],
    ['a quote that is never closed', 'city: "Bonn\nkey: bonn', 'bonn.yaml:', /^Ein Anführungszeichen wird nicht geschlossen/],
    ['a second document', 'city: Bonn\n---\ncity: Mainz', 'bonn.yaml:', /zweites Dokument/],
  ]
  for (const [what, text, place, de] of rows)
    it(`${what} is told in one German sentence`, () => {
      const problems = problemsOf({ 'bonn.yaml': text })
      assert.equal(problems.length, 1, JSON.stringify(problems))
      assert.ok(problems[0]?.place?.startsWith(place), problems[0]?.place)
      assert.match(problems[0]?.de ?? '', de)
      assert.doesNotMatch(problems[0]?.de ?? '', /flow|scalar|mapping|implicit/i)
    })

  it('a colour without quotes is missing, and the sentence says why', () => {
    const [problem] = problemsOf({ 'bonn.yaml': replacing(4, 'colours:\n  primary: #00549f\n  on-primary: "#ffffff"') })
    assert.equal(problem?.place, 'bonn.yaml:5 colours.primary')
    assert.match(problem?.de ?? '', /Nach einem Leerzeichen beginnt # einen Kommentar; bitte Werte mit # in Anführungszeichen setzen\.$/)
  })

  it('bytes that are not UTF-8 are found in their line', () => {
    const text = replacing(4, 'website: https://www.köln.de')
    assert.deepEqual(
      problemsOf({ 'bonn.yaml': Buffer.from(text, 'latin1') }).map(({ code, place }) => `${code} ${place}`),
      ['not-utf8 bonn.yaml:4'],
    )
    assert.equal(problemsOf({ 'bonn.yaml': Buffer.from(`\ufeff${right.join('\n')}`, 'utf16le') })[0]?.code, 'not-utf8')
    const marked = write({ 'bonn.yaml': `\ufeff${right.join('\n')}` })
    assert.equal(loadCities(marked, connectors, { tolerant: false }).cities.size, 1, 'a byte order mark is no fault')
  })
})
