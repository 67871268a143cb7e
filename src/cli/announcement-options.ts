// The options that say what an announcement is, and how they become the body of a request.
import { text as readAll } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { certainties, kinds, severities, statuses, urgencies } from '../announcement/announcement.ts'
import { WrongUsage } from './failures.ts'
import { type MediaOptions, mediaOptions, readMedia } from './media-options.ts'
import type { Shell } from './shell.ts'

export interface AnnouncementOptions extends MediaOptions {
  readonly city?: string
  readonly kind?: string
  readonly title?: string
  readonly text?: string
  readonly link?: string
  readonly topic: readonly string[]
  readonly district: readonly string[]
  readonly severity?: string
  readonly urgency?: string
  readonly certainty?: string
  readonly status?: string
  readonly language?: string
  readonly expires?: string
  readonly publishAt?: string
  readonly channelText: readonly string[]
  readonly references?: string
}

const another = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** `must`: which of the options a new announcement cannot do without. */
export const announcementOptions = (command: Command, must: boolean): Command => {
  const needed = (flags: string, description: string): Option => new Option(flags, description).makeOptionMandatory(must)
  if (must) command.addOption(needed('--city <key>', 'Schlüssel der Stadt, etwa bonn'))
  if (must) command.addOption(needed('--kind <kind>', 'Art der Meldung').choices(kinds))
  return mediaOptions(command)
    .addOption(needed('--title <title>', 'Überschrift'))
    .addOption(needed('--text <text>', 'Text; mit - von der Standardeingabe'))
    .option('--link <url>', 'Adresse, auf die die Meldung verweist')
    .option('--topic <topic>', 'Thema der Stadt, nach dem Kanäle auswählen; darf sich wiederholen', another, [])
    .option('--district <district>', 'Gebiet der Stadt, für das die Meldung gilt; darf sich wiederholen', another, [])
    .addOption(new Option('--severity <severity>', 'Schwere').choices(severities))
    .addOption(new Option('--urgency <urgency>', 'Dringlichkeit').choices(urgencies))
    .addOption(new Option('--certainty <certainty>', 'Gewissheit').choices(certainties))
    .addOption(new Option('--status <status>', 'Ernstfall, Übung oder Test').choices(statuses))
    .option('--language <tag>', 'Sprache des Textes, etwa de oder en')
    .option('--expires <time>', 'gültig bis, etwa 2026-11-24T18:00+01:00; danach wird nichts mehr gesendet')
    .option('--publish-at <time>', 'nicht vor dieser Zeit senden')
    .option('--channel-text <channel=text>', 'eigener Wortlaut für einen Kanal; darf sich wiederholen', another, [])
    .option('--references <id>', 'die Meldung, auf die diese folgt (eine Entwarnung auf ihre Warnung)')
}

/** The body for plan, announce and amend: only what was said. Files are uploaded first. @throws WrongUsage */
export const readAnnouncement = async (options: AnnouncementOptions, shell: Shell): Promise<object> => {
  const { text, ...said } = pick(options)
  const wordings = options.channelText.map(splitWording)
  const media = await readMedia(options, () => shell.api())
  return {
    ...said,
    ...(text === undefined ? {} : { text: text === '-' ? await readText(shell) : text }),
    ...(options.topic.length === 0 ? {} : { topics: options.topic }),
    ...(options.district.length === 0 ? {} : { districts: options.district }),
    ...(media.length === 0 ? {} : { media }),
    ...(wordings.length === 0 ? {} : { channelTexts: Object.fromEntries(wordings) }),
  }
}

/** Leaves out how the verb itself is to behave (`--wait`, `--json`, …). */
const pick = (options: AnnouncementOptions): Omit<AnnouncementOptions, keyof MediaOptions | 'channelText' | 'topic' | 'district'> => {
  const { city, kind, title, text, link, severity, urgency, certainty, status, language, expires, publishAt, references } = options
  const said = { city, kind, title, text, link, severity, urgency, certainty, status, language, expires, publishAt, references }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

const splitWording = (pair: string): readonly [string, string] => {
  const at = pair.indexOf('=')
  if (at < 1) throw new WrongUsage(`--channel-text sieht so aus: --channel-text mastodon="Kurzer Text". „${pair}“ passt nicht dazu.`)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

const readText = async (shell: Shell): Promise<string> => {
  if (shell.surroundings.in.isTTY) shell.tell('Text eingeben, Ende mit Strg-D:')
  return (await readAll(shell.surroundings.in)).replace(/\r?\n$/, '')
}
