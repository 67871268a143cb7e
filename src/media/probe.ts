// What ffprobe says of a video: length, size in pixels, codecs. https://ffmpeg.org/ffprobe.html
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Video } from '../announcement/announcement.ts'
import { refused } from './refused.ts'

export type Probed = Pick<Video, 'width' | 'height' | 'seconds' | 'codec' | 'audioCodec'>

/** Seconds: it reads the headers alone. */
const patience = 20

/** `-f mov`: read as MP4 or MOV and as nothing else, whatever the file pretends to be; it may name no other file. */
const how = '-v error -protocol_whitelist file -f mov -print_format json -show_format -show_streams'.split(' ')

const run = promisify(execFile)

/**
 * @param ffprobe its path; null: it is not installed
 * Refuses with `no-ffprobe`, `media-unreadable`, `media-too-slow` or `video-without-picture`.
 */
export const probe = async (file: string, ffprobe: string | null): Promise<Probed> => {
  if (ffprobe === null) throw refused('no-ffprobe')
  const { stdout } = await run(ffprobe, [...how, file], {
    timeout: patience * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 4_000_000,
    env: {},
  }).catch((cause: { killed?: boolean }) => {
    throw refused(cause.killed ? 'media-too-slow' : 'media-unreadable', cause)
  })
  const told = toldShape.safeParse(json(stdout))
  if (!told.success) throw refused('media-unreadable', told.error)
  return probedFrom(told.data)
}

/** As far as it is used here. Lengths are numbers written as text. */
const toldShape = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().optional(),
      width: z.number().optional(),
      height: z.number().optional(),
      duration: z.coerce.number().optional(),
      disposition: z.object({ attached_pic: z.number().optional() }).optional(),
      side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
    }),
  ),
  format: z.object({ duration: z.coerce.number().optional() }),
})

const probedFrom = ({ streams, format }: z.output<typeof toldShape>): Probed => {
  // a cover picture is a video track to ffprobe
  const picture = streams.find(({ codec_type, disposition }) => codec_type === 'video' && disposition?.attached_pic !== 1)
  const sound = streams.find(({ codec_type }) => codec_type === 'audio')
  const { width = 0, height = 0, codec_name: codec = 'unknown' } = picture ?? {}
  const seconds = format.duration ?? picture?.duration ?? 0
  if (width === 0 || height === 0) throw refused('video-without-picture')
  if (!(seconds > 0)) throw refused('media-unreadable')
  // telephones turn the film when it is shown, not when it is taken
  const turned = picture?.side_data_list?.some(({ rotation = 0 }) => Math.abs(rotation) % 180 === 90) ?? false
  const size = turned ? { width: height, height: width } : { width, height }
  return { ...size, seconds, codec, audioCodec: sound?.codec_name ?? null }
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
