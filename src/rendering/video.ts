// Whether a platform takes a video, and in which words it is said when it does not.
import type { VideoMedium } from '../announcement/announcement.ts'
import type { PostVideo } from '../connector/connector.ts'
import type { VideoLimits } from '../connector/limits.ts'

/** One German sentence: why the platform does not take it; null where it does. */
export const videoFault = (video: VideoMedium, limits: VideoLimits | undefined, platform: string): string | null => {
  if (limits === undefined) return `${platform} nimmt kein Video.`
  const { types, maxBytes, minSeconds, maxSeconds, codecs, audioCodecs } = limits
  const fault = (what: string, is: string, takes: string): string => `Das Video ist für ${platform} ${what}: ${is}, ${takes}.`
  if (!types.includes(video.type)) return fault('vom falschen Typ', typeName(video.type), `genommen wird ${oneOf(types.map(typeName))}`)
  if (video.size > maxBytes) return fault('zu groß', megabytes(video.size), `höchstens ${megabytes(maxBytes)}`)
  if (video.seconds > maxSeconds) return fault('zu lang', lengthOf(video.seconds), `höchstens ${lengthOf(maxSeconds)}`)
  if (video.seconds < minSeconds) return fault('zu kurz', lengthOf(video.seconds), `mindestens ${lengthOf(minSeconds)}`)
  if (codecs && !codecs.includes(video.codec))
    return fault('falsch kodiert', codecName(video.codec), `genommen wird ${oneOf(codecs.map(codecName))}`)
  if (audioCodecs && video.audioCodec !== null && !audioCodecs.includes(video.audioCodec))
    return fault('im Ton falsch kodiert', codecName(video.audioCodec), `genommen wird ${oneOf(audioCodecs.map(codecName))}`)
  return null
}

/** What whoever releases it should know. */
export const videoNotes = ({ captions }: VideoMedium, limits: VideoLimits, platform: string): readonly string[] => {
  if (captions.length === 0) return ['Dem Video fehlen Untertitel: Wer es ohne Ton sieht oder nicht hört, versteht es nicht.']
  if (limits.captions === 0) return [`${platform} nimmt keine Untertitel-Datei.`]
  if (captions.length > limits.captions)
    return [`Es ${goes(limits.captions)} nur ${limits.captions} von ${captions.length} Untertitel-Dateien mit.`]
  return []
}

/** `Es geht 1`, `es gehen 2`. */
export const goes = (number: number): string => (number === 1 ? 'geht' : 'gehen')

/** The video as the post carries it. */
export const postVideo = (video: VideoMedium, limits: VideoLimits): PostVideo => {
  const { id, type, size, width, height, seconds, alt, captions } = video
  const taken = captions.slice(0, limits.captions).map(({ id: file, size: bytes, language }) => ({ id: file, size: bytes, language }))
  return { id, type, size, width, height, seconds, alt, captions: taken }
}

const decimal = (value: number): string => value.toLocaleString('de-DE', { maximumFractionDigits: 1 })

/** To the next tenth, so that what is just too much never reads like the limit. */
const tenths = (thousandths: number): number => Math.ceil(Math.round(thousandths) / 100) / 10

const megabytes = (bytes: number): string => `${decimal(tenths(bytes / 1000))} MB`

/** `3 min 10 s`, `45 s`, `2,5 s`. */
export const lengthOf = (seconds: number): string => {
  const all = tenths(seconds * 1000)
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60]
  const parts = [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`, rest > 0 && `${decimal(rest)} s`].filter(Boolean)
  return parts.length === 0 ? '0 s' : parts.join(' ')
}

const oneOf = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} oder ${names.at(-1)}`

const typeName = (type: string): string => ({ 'video/mp4': 'MP4', 'video/quicktime': 'QuickTime (MOV)' })[type] ?? type

const codecName = (codec: string): string => ({ h264: 'H.264', hevc: 'HEVC (H.265)', aac: 'AAC', av1: 'AV1', vp9: 'VP9' })[codec] ?? codec
