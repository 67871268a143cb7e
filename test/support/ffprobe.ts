// An ffprobe that answers as it is told: what the real one prints for such a film, by its documentation, and how it was called.
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FakeFfprobe {
  readonly path: string
  /** The arguments of its last call. */
  called(): readonly string[]
}

/** @param says what it prints; `fail`: it ends with 1; `hang`: it never ends */
export const aFfprobe = (says: object | 'fail' | 'hang'): FakeFfprobe => {
  const folder = mkdtempSync(join(tmpdir(), 'rundruf-ffprobe-'))
  const path = join(folder, 'ffprobe')
  const act =
    says === 'fail'
      ? 'process.exit(1)'
      : says === 'hang'
        ? 'setInterval(() => {}, 1000)'
        : `console.log(${JSON.stringify(JSON.stringify(says))})`
  const note = `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'called'))}, JSON.stringify(process.argv.slice(2)))`
  writeFileSync(path, `#!${process.execPath}\n${note}\n${act}\n`)
  chmodSync(path, 0o755)
  return { path, called: () => JSON.parse(readFileSync(join(folder, 'called'), 'utf8')) }
}

/** What `-show_format -show_streams` says of a film of H.264 and AAC: https://ffmpeg.org/ffprobe.html */
export const aFilmAsProbed = ({
  seconds = 2,
  width = 640,
  height = 360,
  rotation = 0,
  codec = 'h264',
  audio = 'aac' as string | null,
} = {}) => ({
  streams: [
    {
      index: 0,
      codec_name: codec,
      codec_type: 'video',
      width,
      height,
      duration: seconds.toFixed(6),
      disposition: { default: 1, attached_pic: 0 },
      ...(rotation !== 0 && { side_data_list: [{ side_data_type: 'Display Matrix', displaymatrix: '…', rotation }] }),
    },
    ...(audio === null ? [] : [{ index: 1, codec_name: audio, codec_type: 'audio', sample_rate: '48000', channels: 2 }]),
  ],
  format: { filename: 'film.mp4', nb_streams: 2, format_name: 'mov,mp4,m4a,3gp,3g2,mj2', duration: seconds.toFixed(6), size: '1000' },
})
