// How Threads counts a text, and which links it finds in it.

/** "Emojis are counted as the number of UTF-8 bytes": https://developers.facebook.com/docs/threads/posts */
export const characters = (text: string): number =>
  [...text.replace(/\p{RGI_Emoji}/gv, (emoji) => 'x'.repeat(Buffer.byteLength(emoji)))].length

/** The links of a text, each once, in their order. */
export const linksOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/https?:\/\/[^\s<>"„“”»«]*[^\s<>"„“”»«.,;:!?'’…)\]}]/giu)].map(([link]) => link)),
]
