// City files that can be read and make no sense: what the file says of topics, times and rules contradicts itself.
import { type Row, refusesEach } from '../support/city-file.ts'

const rows: readonly Row[] = [
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
