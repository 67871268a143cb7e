// Captions of a video: WebVTT that every platform can read. https://www.w3.org/TR/webvtt1/
import { refused } from './refused.ts'

/** The text with plain line ends and without a byte order mark. Refuses with `captions-malformed`. */
export const readCaptions = (bytes: Uint8Array): string => {
  const text = utf8(bytes).replace(/\r\n?/g, '\n')
  if (!/^WEBVTT(?:[ \t\n]|$)/.test(text)) throw refused('captions-malformed')
  const times = cueLines(text).map(cueOf)
  const starts = times.map(([start]) => start)
  if (times.length === 0 || times.some(([start, end]) => end <= start)) throw refused('captions-malformed')
  if (starts.some((start, at) => start < (starts[at - 1] ?? 0))) throw refused('captions-malformed')
  return text
}

/** The line with the times of each cue; comments and style sheets have none. */
const cueLines = (text: string): readonly string[] =>
  text
    .split(/\n{2,}/)
    .slice(1)
    .filter((block) => !/^(?:NOTE|STYLE|REGION)(?:\s|$)/.test(block) && block.trim() !== '')
    .map((block) => {
      // a name may stand above the times
      const [first = '', second = ''] = block.split('\n')
      return first.includes('-->') ? first : second
    })

const cue = /^(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t]|$)/

/** Begin and end in milliseconds. */
const cueOf = (line: string): readonly [start: number, end: number] => {
  const found = cue.exec(line)
  if (found === null) throw refused('captions-malformed')
  const [h1 = 0, m1 = 0, s1 = 0, ms1 = 0, h2 = 0, m2 = 0, s2 = 0, ms2 = 0] = found.slice(1).map((part) => Number(part ?? 0))
  return [((h1 * 60 + m1) * 60 + s1) * 1000 + ms1, ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2]
}

const utf8 = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw refused('captions-malformed', cause)
  }
}
