// Every way a file can be refused, in German and English, each with what to do about it.
import { Refusal } from '../announcement/refusal.ts'

const sentences = {
  'media-empty': ['Die Datei ist leer.', 'The file is empty.'],
  'media-too-large': [
    'Die Datei ist zu groß: Bilder dürfen 20 MB haben, Videos 200 MB, Untertitel 1 MB.',
    'The file is too large: images may have 20 MB, videos 200 MB, captions 1 MB.',
  ],
  'media-type': [
    'Dieses Format wird nicht angenommen. Möglich sind Bilder als JPEG, PNG, WebP, HEIC oder GIF ohne Bewegung, Videos als MP4 oder MOV und Untertitel als WebVTT.',
    'This format is not taken. Possible are images as JPEG, PNG, WebP, HEIC or GIF without motion, videos as MP4 or MOV, and captions as WebVTT.',
  ],
  'media-animated': [
    'Das Bild bewegt sich. Bitte bringen Sie die Animation als Video (MP4), oder ein einzelnes Bild daraus.',
    'The image moves. Please bring the animation as a video (MP4), or a single picture of it.',
  ],
  'media-unreadable': [
    'Die Datei ist beschädigt oder unvollständig und lässt sich nicht lesen.',
    'The file is damaged or incomplete and cannot be read.',
  ],
  'media-too-many-pixels': ['Das Bild hat mehr als 40 Megapixel.', 'The image has more than 40 megapixels.'],
  'media-too-small': [
    'Das Bild ist kleiner als 16 Pixel und wäre nur ein Punkt. Bitte nehmen Sie es in voller Größe, am besten mindestens 320 Pixel breit.',
    'The image is smaller than 16 pixels and would be a dot. Please take it in full size, at best at least 320 pixels wide.',
  ],
  'media-too-narrow': [
    'Eine Seite des Bildes ist mehr als zwanzigmal so lang wie die andere: Es wäre nur ein Strich. Bitte schneiden Sie es zu oder teilen Sie es in mehrere Bilder.',
    'One side of the image is more than twenty times as long as the other: it would be a line. Please crop it or divide it into several images.',
  ],
  'media-too-slow': [
    'Die Datei ließ sich nicht in der vorgesehenen Zeit lesen. Bitte speichern Sie sie neu, etwa als JPEG oder MP4.',
    'The file could not be read within the time that is set for it. Please save it anew, for example as JPEG or MP4.',
  ],
  'no-ffprobe': [
    'Videos werden hier noch nicht angenommen: Um Länge und Codec zu prüfen, braucht Rundruf das Programm ffprobe, und es ist auf diesem Rechner nicht installiert. Es gehört zu FFmpeg (Debian, Ubuntu: apt install ffmpeg). Danach Rundruf neu starten.',
    'Videos are not taken here yet: to check length and codec, Rundruf needs the program ffprobe, which is not installed on this machine. It is part of FFmpeg (Debian, Ubuntu: apt install ffmpeg). Restart Rundruf afterwards.',
  ],
  'video-without-picture': ['In der Datei ist keine Bildspur.', 'The file has no video track.'],
  'captions-malformed': [
    'Die Untertitel sind kein gültiges WebVTT: Die Datei beginnt mit WEBVTT, ist in UTF-8, und jede Einblendung hat eine Zeit wie 00:00:01.000 --> 00:00:04.000, der Reihe nach.',
    'The captions are not valid WebVTT: the file begins with WEBVTT, is in UTF-8, and each cue has a time such as 00:00:01.000 --> 00:00:04.000, in order.',
  ],
} as const satisfies Record<string, readonly [de: string, en: string]>

export type MediaFault = keyof typeof sentences

/** The refusal with that code; `cause` is what the library said. */
export const refused = (code: MediaFault, cause?: unknown): Refusal => {
  const [de, en] = sentences[code]
  return new Refusal({ code, de, en, place: 'media' }, { cause })
}
