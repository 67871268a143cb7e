// What servers that read Markdown make of a text, as far as cities write such a thing by accident: emphasis, lists, headings, quotes, code.
// https://glitch-soc.github.io/docs/features/rich-text/, https://docs.gotosocial.org/en/latest/user_guide/posts/#markdown
import { contentOf } from './text.ts'

/** The `content` of a status whose text is read as Markdown. */
export const markdownOf = (text: string, base: string): string =>
  text
    .trim()
    .split(/\n{2,}/)
    .map((block) => blockOf(block, base))
    .join('')

const kinds: readonly (readonly [line: RegExp, open: (first: string) => string, item: string, close: string])[] = [
  [/^[-*+]\s+/, () => '<ul>', 'li', '</ul>'],
  [/^\d{1,9}[.)]\s+/, (first) => `<ol start="${Number.parseInt(first, 10)}">`, 'li', '</ol>'],
  [/^>\s?/, () => '<blockquote>', 'p', '</blockquote>'],
  [/^#{1,6}\s+/, () => '', 'h1', ''],
]

/** Lines of one kind in a row are one list; the others are a paragraph. */
const blockOf = (block: string, base: string): string => {
  const runs: { kind: number; lines: string[] }[] = []
  for (const line of block.split('\n')) {
    const kind = kinds.findIndex(([begin]) => begin.test(line))
    const last = runs.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else runs.push({ kind, lines: [line] })
  }
  return runs.map(({ kind, lines }) => runOf(kinds[kind], lines, base)).join('')
}

const runOf = (kind: (typeof kinds)[number] | undefined, lines: readonly string[], base: string): string => {
  if (kind === undefined) return inline(contentOf(lines.join('\n'), base))
  const [begin, open, item, close] = kind
  const inner = (line: string): string => inline(contentOf(line.replace(begin, ''), base).replace(/^<p>|<\/p>$/g, ''))
  return `${open(lines[0] ?? '')}${lines.map((line) => `<${item}>${inner(line)}</${item}>`).join('')}${close}`
}

/** Between tags alone: an address keeps its underscores. */
const inline = (html: string): string =>
  html
    .split(/(<a\b.*?<\/a>|<[^>]*>)/s)
    .map((piece) => (piece.startsWith('<') ? piece : emphasised(piece)))
    .join('')

const emphasised = (words: string): string =>
  words
    .replace(/`([^`\n]+)`/g, '<code>$1</code>')
    .replace(/\*\*(?=\S)(.+?)(?<=\S)\*\*/g, '<strong>$1</strong>')
    .replace(/\*(?=\S)(.+?)(?<=\S)\*/g, '<em>$1</em>')
    .replace(/(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)/g, '<em>$1</em>')
    .replace(/~~(?=\S)(.+?)(?<=\S)~~/g, '<del>$1</del>')
    .replace(/&quot;(.+?)&quot;/g, '“$1”')
    .replace(/(?<=\w)&#39;(?=\w)/g, '’')
    .replace(/\.\.\./g, '…')
    .replace(/ -- /g, ' – ')
