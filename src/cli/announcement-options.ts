// The options that say what an announcement is, and how they become the body of a request.
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { type Command, Option } from 'commander'
import { certainties, kinds, type Medium, severities, statuses, urgencies } from '../announcement/announcement.ts'
import type { Api } from './api.ts'
import { WrongUsage } from './failures.ts'
import type { Shell } from './shell.ts'

export interface AnnouncementOptions {
  readonly city?: string
  readonly kind?: string
  readonly title?: string
  readonly text?: string
  readonly link?: string
  readonly topic?: string
  readonly severity?: string
  readonly urgency?: string
  readonly certainty?: string
  readonly status?: string
  readonly language?: string
  readonly expires?: string
  readonly publishAt?: string
  readonly image: readonly string[]
  readonly alt: readonly string[]
  readonly channelText: readonly string[]
  readonly references?: string
}

const another = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/** `must`: which of the options a new announcement cannot do without. */
export const announcementOptions = (command: Command, must: boolean): Command => {
  const needed = (flags: string, description: string): Option => new Option(flags, description).makeOptionMandatory(must)
  if (must) command.addOption(needed('--city <key>', 'Schlüssel der Stadt, etwa bonn'))
  if (must) command.addOption(needed('--kind <kind>', 'Art der Meldung').choices(kinds))
  return command
    .addOption(needed('--title <title>', 'Überschrift'))
    .addOption(needed('--text <text>', 'Text; mit - von der Standardeingabe'))
    .option('--link <url>', 'Adresse, auf die die Meldung verweist')
    .option('--topic <topic>', 'Thema, nach dem Kanäle auswählen')
    .addOption(new Option('--severity <severity>', 'Schwere').choices(severities))
    .addOption(new Option('--urgency <urgency>', 'Dringlichkeit').choices(urgencies))
    .addOption(new Option('--certainty <certainty>', 'Gewissheit').choices(certainties))
    .addOption(new Option('--status <status>', 'Ernstfall, Übung oder Test').choices(statuses))
    .option('--language <tag>', 'Sprache des Textes, etwa de oder en')
    .option('--expires <time>', 'gültig bis, etwa 2026-11-24T18:00+01:00; danach wird nichts mehr gesendet')
    .option('--publish-at <time>', 'nicht vor dieser Zeit senden')
    .option('--image <file>', 'Bild; jedes braucht sein --alt, beides darf sich wiederholen', another, [])
    .option('--alt <text>', 'was auf dem Bild zu sehen ist, in der Reihenfolge der Bilder', another, [])
    .option('--channel-text <channel=text>', 'eigener Wortlaut für einen Kanal; darf sich wiederholen', another, [])
    .option('--references <id>', 'die Meldung, auf die diese folgt (eine Entwarnung auf ihre Warnung)')
}

/** The body for plan, announce and amend: only what was said. Images are uploaded first. @throws WrongUsage */
export const readAnnouncement = async (options: AnnouncementOptions, shell: Shell): Promise<object> => {
  const { image, alt, channelText, text, ...said } = pick(options)
  const wordings = channelText.map(splitWording)
  const images = await Promise.all(pairImages(image, alt).map(readImage))
  const api = await shell.api()
  const media = []
  for (const medium of images) media.push(await upload(api, medium))
  return {
    ...said,
    ...(text === undefined ? {} : { text: text === '-' ? await readText(shell) : text }),
    ...(media.length === 0 ? {} : { media }),
    ...(wordings.length === 0 ? {} : { channelTexts: Object.fromEntries(wordings) }),
  }
}

/** Leaves out how the verb itself is to behave (`--wait`, `--json`, …). */
const pick = (options: AnnouncementOptions): AnnouncementOptions => {
  const { city, kind, title, text, link, topic, severity, urgency, certainty, status, language, expires, publishAt, references } = options
  const said = { city, kind, title, text, link, topic, severity, urgency, certainty, status, language, expires, publishAt, references }
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  return { ...given, image: options.image, alt: options.alt, channelText: options.channelText }
}

const splitWording = (pair: string): readonly [string, string] => {
  const at = pair.indexOf('=')
  if (at < 1) throw new WrongUsage(`--channel-text sieht so aus: --channel-text mastodon="Kurzer Text". „${pair}“ passt nicht dazu.`)
  return [pair.slice(0, at), pair.slice(at + 1)]
}

interface ImageFile {
  readonly file: string
  readonly alt: string
}

const pairImages = (files: readonly string[], alts: readonly string[]): readonly ImageFile[] => {
  if (alts.length > files.length) throw new WrongUsage('Es gibt mehr --alt als --image: Zu jedem Bild gehört genau eine Beschreibung.')
  return files.map((file, at) => {
    const alt = alts[at]?.trim() ?? ''
    if (alt === '')
      throw new WrongUsage(
        `Das Bild ${basename(file)} hat keine Beschreibung. Sagen Sie mit --alt "…", was darauf zu sehen ist: Ohne sie erfahren blinde Menschen nicht, worum es geht.`,
      )
    return { file, alt }
  })
}

const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
}

const readImage = async ({ file, alt }: ImageFile) => {
  try {
    return { bytes: await readFile(file), type: types[extname(file).toLowerCase()] ?? 'application/octet-stream', alt }
  } catch (cause) {
    throw new WrongUsage(`Das Bild ${file} ist nicht zu lesen.`, { cause })
  }
}

const upload = async (api: Api, { bytes, type, alt }: { bytes: Uint8Array; type: string; alt: string }): Promise<Medium> => {
  const kept = await api.upload<Omit<Medium, 'alt'>>('/media', bytes, type)
  return { id: kept.id, type: kept.type, size: kept.size, width: kept.width, height: kept.height, alt }
}

const readText = async (shell: Shell): Promise<string> => {
  if (shell.surroundings.in.isTTY) shell.tell('Text eingeben, Ende mit Strg-D:')
  return (await readAll(shell.surroundings.in)).replace(/\r?\n$/, '')
}
