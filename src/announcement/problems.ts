// Every way an announcement can be refused, in German and English, each with what to do about it.
import { certainties, kinds, severities, statuses, urgencies } from './announcement.ts'
import type { Problem } from './refusal.ts'

type Words = readonly [de: string, en: string]

const number = (value: number, language: 'de' | 'en'): string => value.toLocaleString(language === 'de' ? 'de-DE' : 'en-GB')

const isTimes: Words = [
  'Bitte so schreiben: 2026-03-14T18:00 (deutsche Zeit) oder mit Abstand zu UTC: 2026-03-14T18:00+01:00.',
  'Write it like this: 2026-03-14T18:00 (German time), or with its offset: 2026-03-14T18:00+01:00.',
]

/** Sentences by code; `{place}` is the field; it and the other names in braces are filled in by `problem`. */
const sentences = {
  'not-an-object': [
    'Die Meldung fehlt oder ist kein JSON-Objekt. Bitte ein Objekt mit city, kind, title und text senden.',
    'The announcement is missing or not a JSON object. Send an object with city, kind, title and text.',
  ],
  'unknown-field': [
    'Das Feld »{place}« gibt es nicht. Bitte die Schreibweise prüfen oder das Feld weglassen.',
    'There is no field "{place}". Check its spelling or leave it out.',
  ],
  'missing-field': ['Das Feld »{place}« fehlt. Bitte ergänzen.', 'The field "{place}" is missing. Please add it.'],
  'wrong-type': [
    'Das Feld »{place}« hat die falsche Art; erwartet wird {type}.',
    'The field "{place}" has the wrong type; expected {type}.',
  ],
  'unknown-city': [
    'Die Stadt »{value}« ist hier nicht eingerichtet. Bekannt sind: {list}.',
    'The city "{value}" is not set up here. Known are: {list}.',
  ],
  'unknown-kind': [
    `Diese Art von Meldung gibt es nicht. Möglich sind: ${kinds.join(', ')}.`,
    `There is no such kind of announcement. Possible are: ${kinds.join(', ')}.`,
  ],
  'unknown-severity': [
    `Diese Schwere gibt es nicht. Möglich sind: ${severities.join(', ')}.`,
    `There is no such severity. Possible are: ${severities.join(', ')}.`,
  ],
  'unknown-urgency': [
    `Diese Dringlichkeit gibt es nicht. Möglich sind: ${urgencies.join(', ')}.`,
    `There is no such urgency. Possible are: ${urgencies.join(', ')}.`,
  ],
  'unknown-certainty': [
    `Diese Gewissheit gibt es nicht. Möglich sind: ${certainties.join(', ')}.`,
    `There is no such certainty. Possible are: ${certainties.join(', ')}.`,
  ],
  'unknown-status': [
    `Diesen Status gibt es nicht. Möglich sind: ${statuses.join(', ')}.`,
    `There is no such status. Possible are: ${statuses.join(', ')}.`,
  ],
  'severity-missing': [
    `Eine Warnung braucht eine Schwere. Bitte severity angeben: ${severities.join(', ')}.`,
    `A warning needs a severity. Give severity: ${severities.join(', ')}.`,
  ],
  empty: ['»{place}« ist leer. Bitte ausfüllen.', '"{place}" is empty. Please fill it in.'],
  'too-long': [
    '»{place}« ist zu lang; höchstens {max} Zeichen sind möglich. Bitte kürzen.',
    '"{place}" is too long; at most {max} characters are possible. Please shorten it.',
  ],
  'too-many': [
    '»{place}« hat zu viele Einträge; höchstens {max} sind möglich.',
    '"{place}" has too many entries; at most {max} are possible.',
  ],
  'control-characters': [
    '»{place}« enthält Steuerzeichen. Bitte den Text ohne sie neu eingeben (Zeilenumbrüche sind nur im Text erlaubt).',
    '"{place}" contains control characters. Enter it again without them (line breaks are allowed in texts only).',
  ],
  'broken-characters': [
    '»{place}« enthält beschädigte Zeichen. Bitte die Stelle neu eingeben.',
    '"{place}" contains broken characters. Enter that passage again.',
  ],
  'direction-characters': [
    '»{place}« enthält unsichtbare Zeichen, die die Leserichtung umkehren. Bitte entfernen.',
    '"{place}" contains invisible characters that turn the reading direction round. Remove them.',
  ],
  'stacked-marks': [
    '»{place}« enthält Buchstaben mit übereinandergestapelten Akzenten. Bitte die Stelle ohne sie neu eingeben.',
    '"{place}" contains letters with accents piled on one another. Enter that passage again without them.',
  ],
  'link-malformed': [
    'Der Link ist keine vollständige Webadresse. Bitte mit https:// beginnen, ohne Leerzeichen.',
    'The link is not a complete web address. Begin with https:// and leave out spaces.',
  ],
  'link-scheme': ['Nur Links mit https:// oder http:// sind erlaubt.', 'Only links with https:// or http:// are allowed.'],
  'link-credentials': [
    'Der Link enthält einen Benutzernamen oder ein Passwort. Bitte ohne Zugangsdaten angeben.',
    'The link contains a user name or password. Give it without credentials.',
  ],
  'district-malformed': [
    'Ein Gebiet besteht aus kleinen Buchstaben a–z, Ziffern und Bindestrichen, zum Beispiel bad-godesberg.',
    'A district consists of small letters a–z, digits and hyphens, for example bad-godesberg.',
  ],
  'topic-malformed': [
    'Ein Thema besteht aus kleinen Buchstaben a–z, Ziffern und Bindestrichen, zum Beispiel jobs-and-training.',
    'A topic consists of small letters a–z, digits and hyphens, for example jobs-and-training.',
  ],
  'language-malformed': [
    '»{value}« ist kein Sprachkürzel. Bitte so schreiben: de, en, de-x-leicht.',
    '"{value}" is not a language tag. Write it like this: de, en, de-x-leicht.',
  ],
  'language-twice': [
    'Die Sprache »{value}« steht zweimal da. Bitte jede Sprache nur einmal angeben.',
    'The language "{value}" is given twice. Give each language only once.',
  ],
  'channel-malformed': [
    '»{value}« ist kein Kanalname. Kanalnamen bestehen aus kleinen Buchstaben, Ziffern und Bindestrichen.',
    '"{value}" is not the name of a channel. Names of channels consist of small letters, digits and hyphens.',
  ],
  'unknown-channel': [
    'Den Kanal »{value}« hat die Stadt nicht. Vorhanden sind: {list}.',
    'The city has no channel "{value}". It has: {list}.',
  ],
  'media-id-malformed': [
    'Die Datei ist nicht bekannt: id muss die SHA-256-Summe eines hochgeladenen Bildes oder Videos sein.',
    'The file is not known: id must be the SHA-256 of an uploaded image or video.',
  ],
  'media-type-malformed': [
    'Der Typ ist nicht gültig. Erwartet wird ein Bild wie image/png oder ein geprüftes Video wie video/mp4.',
    'The type is not valid. Expected is an image such as image/png or a probed video such as video/mp4.',
  ],
  'alt-missing': [
    'Dem Bild oder Video fehlt der Alternativtext. Bitte beschreiben, was darauf zu sehen ist. Ein Bild, das nur schmückt, kennzeichnen Sie als schmückend (decorative: true), dann bleibt der Text leer.',
    'The image or video has no alternative text. Describe what can be seen on it. Mark an image that only decorates as decorative (decorative: true); its text then stays empty.',
  ],
  'decorative-with-alt': [
    'Das Bild ist als schmückend gekennzeichnet und hat trotzdem einen Alternativtext. Bitte eines von beiden weglassen.',
    'The image is marked as decorative and has an alternative text all the same. Leave out one of the two.',
  ],
  'decorative-video': [
    'Ein Video kann nicht schmückend sein. Bitte beschreiben, was darin zu sehen ist.',
    'A video cannot be decorative. Describe what can be seen in it.',
  ],
  'captions-type': ['Untertitel kommen als WebVTT (Datei .vtt).', 'Captions come as WebVTT (a .vtt file).'],
  'captions-without-video': ['Untertitel gehören zu einem Video, nicht zu einem Bild.', 'Captions belong to a video, not to an image.'],
  'captions-twice': [
    'Untertitel in der Sprache »{value}« sind zweimal angegeben. Bitte je Sprache nur eine Datei.',
    'Captions in the language "{value}" are given twice. Give one file per language.',
  ],
  'one-video': [
    'Eine Meldung trägt höchstens ein Video. Bitte für das zweite eine eigene Meldung schreiben.',
    'An announcement carries at most one video. Write another announcement for the second.',
  ],
  'time-malformed': [`Die Zeit in »{place}« ist nicht lesbar. ${isTimes[0]}`, `The time in "{place}" cannot be read. ${isTimes[1]}`],
  'time-skipped': [
    'Die Zeit in »{place}« gibt es an diesem Tag nicht: Die Uhr wird dann von 2 auf 3 Uhr vorgestellt. Bitte eine andere Zeit wählen.',
    'The time in "{place}" does not exist on that day: clocks go forward from 2 to 3. Choose another time.',
  ],
  'time-ambiguous': [
    'Die Zeit in »{place}« gibt es an diesem Tag zweimal: Die Uhr wird zurückgestellt. Bitte den Abstand angeben: +02:00 (Sommerzeit) oder +01:00 (Winterzeit).',
    'The time in "{place}" comes twice on that day: clocks go back. Give its offset: +02:00 (summer time) or +01:00 (winter time).',
  ],
  'expires-past': [
    'Die Gültigkeit ist schon abgelaufen. Bitte eine spätere Zeit für expires angeben.',
    'It has expired already. Give a later time for expires.',
  ],
  'expires-before-publish': [
    'Die Gültigkeit endet, bevor die Meldung erscheint. Bitte expires nach publishAt legen.',
    'It expires before it is published. Put expires after publishAt.',
  ],
  'publish-too-far': [
    'Die Meldung soll erst in mehr als zwei Jahren erscheinen. Bitte das Jahr in publishAt prüfen.',
    'It would be published in more than two years. Check the year in publishAt.',
  ],
  'all-clear-later': [
    'Eine Entwarnung gilt sofort. Bitte publishAt weglassen und sie dann veröffentlichen, wenn die Gefahr vorüber ist.',
    'An all-clear holds at once. Leave publishAt out and release it when the danger is over.',
  ],
  'references-malformed': [
    'references muss die Kennung (UUID) einer früheren Meldung sein.',
    'references must be the id (UUID) of an earlier announcement.',
  ],
} as const satisfies Record<string, Words>

export type ProblemCode = keyof typeof sentences

export interface Details {
  readonly max?: number
  readonly list?: readonly string[]
  /** What was written (cut to 60 characters), or the type that was expected. */
  readonly value?: string
}

/** The problem with that code at that field, in words. */
export const problem = (code: ProblemCode, place: string, details: Details = {}): Problem => {
  const [de, en] = sentences[code]
  const where = shown(place)
  const fill = (sentence: string, language: 'de' | 'en'): string =>
    sentence.replace(/\{(place|max|list|value|type)\}/g, (_, name: string) => {
      if (name === 'place') return where
      if (name === 'max') return number(details.max ?? 0, language)
      if (name === 'list') return (details.list ?? []).join(', ')
      if (name === 'type') return (typeNames[details.value ?? ''] ?? typeNames.object!)[language]
      return shown(details.value ?? '')
    })
  return { code, de: fill(de, 'de'), en: fill(en, 'en'), ...(where !== '' && { place: where }) }
}

/** What a field expects, by zod's names. */
const typeNames: Readonly<Record<string, { readonly de: string; readonly en: string }>> = {
  string: { de: 'ein Text', en: 'a text' },
  number: { de: 'eine ganze Zahl größer als 0', en: 'a whole number greater than 0' },
  int: { de: 'eine ganze Zahl größer als 0', en: 'a whole number greater than 0' },
  array: { de: 'eine Liste', en: 'a list' },
  record: { de: 'ein Objekt', en: 'an object' },
  object: { de: 'ein Objekt', en: 'an object' },
}

/** What a stranger wrote, harmless enough to be repeated: well-formed, without control or direction characters, short. */
const shown = (value: string): string =>
  value
    .slice(0, 60)
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: leaving them out is the point
    .replace(/[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, '�')
