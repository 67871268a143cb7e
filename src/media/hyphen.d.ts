// What is used of hyphen, which brings no types. https://github.com/ytiurin/hyphen
declare module 'hyphen/de-1996/index.js' {
  const german: { hyphenateSync(text: string, options: { hyphenChar: string; minWordLength: number }): string }
  export default german
}
