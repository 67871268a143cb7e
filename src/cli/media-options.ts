// The options that bring images and a video along, and their way to the service: what is brought goes there before the announcement.
import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { Command } from 'commander'
import type { MediaFile } from '../announcement/announcement.ts'
import type { Api } from './api.ts'
import { WrongUsage } from './failures.ts'

export interface MediaOptions {
  readonly image: readonly FileOption[]
  readonly video: readonly FileOption[]
  readonly alt: readonly string[]
  readonly decorative?: boolean
  readonly captions: readonly string[]
}

interface FileOption {
  readonly file: string
  /** Its place among all files on the command line. */
  readonly at: number
}

const another = (value: string, before: readonly string[]): readonly string[] => [...before, value]

export const mediaOptions = (command: Command): Command => {
  let files = 0
  const inOrder = (file: string, before: readonly FileOption[]): readonly FileOption[] => [...before, { file, at: files++ }]
  return command
    .option('--image <file>', 'Bild; jedes braucht sein --alt, beides darf sich wiederholen', inOrder, [])
    .option('--video <file>', 'Video (MP4, MOV), höchstens eines; braucht sein --alt', inOrder, [])
    .option('--alt <text>', 'was auf dem Bild oder im Video zu sehen ist, in der Reihenfolge der Dateien', another, [])
    .option('--decorative', 'Bilder mit --alt "" schmücken nur: Sie gehen ohne Beschreibung hinaus')
    .option('--captions <file[:language]>', 'Untertitel des Videos (WebVTT), etwa film.vtt:de; darf sich wiederholen', another, [])
}

/** Uploads what was named and gives the `media` of the announcement. @throws WrongUsage before anything is uploaded */
export const readMedia = async (options: MediaOptions, api: () => Promise<Api>): Promise<readonly object[]> => {
  const files = described(options)
  const captions = options.captions.map(splitLanguage)
  if (captions.length > 0 && options.video.length === 0) throw new WrongUsage('--captions gehört zu einem --video.')
  await Promise.all([...files, ...captions].map(({ file }) => demandReadable(file)))
  if (files.length === 0) return []
  const service = await api()
  const media: object[] = []
  for (const { file, isVideo, ...said } of files) {
    const kept = await upload(service, file)
    const subtitles = []
    if (isVideo) for (const one of captions) subtitles.push({ ...pick(await upload(service, one.file)), language: one.language })
    media.push({ ...kept, ...said, ...(subtitles.length > 0 && { captions: subtitles }) })
  }
  return media
}

const pick = ({ id, type, size }: MediaFile): MediaFile => ({ id, type, size })

interface Described {
  readonly file: string
  readonly alt: string
  readonly decorative?: true
  readonly isVideo: boolean
}

const described = ({ image, video, alt: alts, decorative = false }: MediaOptions): readonly Described[] => {
  if (alts.length > image.length + video.length)
    throw new WrongUsage('Es gibt mehr --alt als --image und --video: Zu jeder Datei gehört genau eine Beschreibung.')
  if (video.length > 1) throw new WrongUsage('Eine Meldung trägt höchstens ein --video.')
  const files = [...image, ...video]
    .sort((one, other) => one.at - other.at)
    .map(({ file, at }): Described => {
      const isVideo = video.some((one) => one.at === at)
      const alt = alts[at]?.trim()
      if (alt) return { file, alt, isVideo }
      if (alt === undefined || isVideo || !decorative) throw undescribed(file, isVideo)
      return { file, alt, decorative, isVideo }
    })
  if (decorative && !files.some((file) => file.decorative))
    throw new WrongUsage('--decorative gehört zu einem Bild, dessen Beschreibung leer ist: --image bild.jpg --alt "" --decorative.')
  return files
}

const undescribed = (file: string, isVideo: boolean): WrongUsage => {
  const choice = isVideo ? '' : ' Schmückt das Bild nur, schreiben Sie --alt "" --decorative.'
  return new WrongUsage(
    `${basename(file)} hat keine Beschreibung. Sagen Sie mit --alt "…", was darauf zu sehen ist: Ohne sie erfahren blinde Menschen nicht, worum es geht.${choice}`,
  )
}

/** `film.vtt:en`; German unless said otherwise. */
const splitLanguage = (option: string): { readonly file: string; readonly language: string } => {
  const [, file = option, language = 'de'] = /^(.+):([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)$/.exec(option) ?? []
  return { file, language }
}

/** A hint for proxies on the way; the service looks for itself. */
const types: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.heic': 'image/heic',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.vtt': 'text/vtt',
}

const demandReadable = async (file: string): Promise<void> => {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new WrongUsage(`Die Datei ${file} ist nicht zu lesen.`)
}

const upload = async (api: Api, file: string): Promise<MediaFile> => {
  const type = types[extname(file).toLowerCase()] ?? 'application/octet-stream'
  return api.upload<MediaFile>('/media', await openAsBlob(file), type)
}
