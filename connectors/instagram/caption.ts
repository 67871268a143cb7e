// What a caption on Instagram counts: its characters; and too many hashtags or mentions are as good as a text that is too long.
import type { TextLimits } from '../../src/connector/limits.ts'

/** https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media: 2200 characters, 30 hashtags, 20 mentions. */
export const captionLimits: TextLimits = { max: 2_200 }
const mostHashtags = 30
const mostMentions = 20

const hashtag = /#[\p{L}\p{M}\p{N}_]/gu
const mention = /@[\w.]/g

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** In UTF-16 units, the widest reading of "characters"; Meta does not say which it means. */
export const measureCaption = (text: string, { max }: TextLimits): number => {
  const tooMany = count(text, hashtag) > mostHashtags || count(text, mention) > mostMentions
  return tooMany ? max + text.length : text.length
}
