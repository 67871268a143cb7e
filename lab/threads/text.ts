// How Threads counts a text, and which links it finds in it.

/**
 * In bytes of UTF-8. Meta says so of emojis alone (https://developers.facebook.com/docs/threads/posts), but a text of 498 characters
 * with umlauts and 504 bytes is refused: https://github.com/gitroomhq/postiz-app/pull/1946
 */
export const characters = (text: string): number => Buffer.byteLength(text)

const run = /(?<![\p{L}\p{N}@./-])(?:https?:\/\/|www\.)[^\s<>"„“”‚‘’»«›‹\u2026]+/giu

/**
 * The links of a text, each once, in their order; `www.` is enough:
 * https://developers.facebook.com/docs/threads/create-posts/text-attachments
 */
export const linksOf = (text: string): readonly string[] => [...new Set([...text.matchAll(run)].map(([link]) => whole(link)))]

/** Without the punctuation of the sentence, and without a bracket that the link did not open. */
const whole = (link: string): string => {
  const shorter = link.replace(/[.,;:!?'*_]+$/, '')
  const last = shorter.at(-1) ?? ''
  const opening = { ')': '(', ']': '[', '}': '{' }[last]
  if (opening === undefined || shorter.split(opening).length >= shorter.split(last).length) return shorter
  return whole(shorter.slice(0, -1))
}
