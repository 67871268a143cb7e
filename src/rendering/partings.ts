// Where a text may be cut between its sentences, so that what is kept says nothing that the whole does not say.
import { isListItem, sentenceEnds } from '../connector/sentences.ts'
import { heldTogether, isIndependent } from '../connector/turning-words.ts'

/**
 * The ends of sentences (UTF-16 offsets) behind which the rest may be lost; the end of the text is none of them. The next sentence has to be
 * independent of the one before it. A list is one piece with the line that opens it and what goes on behind it; only one whose opening line
 * ends in `.` or `!`, or that has none, may be cut between its items (“Bitte beachten Sie:” opens, and finishes nothing).
 */
export const partings = (text: string): readonly number[] => {
  const ends = sentenceEnds(text)
  const sentences = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end).trim())
  const held = heldTogether(sentences)
  const isHeld = (index: number): boolean => held.some(([first, last]) => index >= first && index < last)
  const free = ends.filter(
    (end, index) => end < text.length && !isHeld(index) && isIndependent(sentences[index + 1] ?? '', sentences[index]!),
  )
  const lists = listsIn(text)
  const pieces = lists.filter((list) => list.isOpen || (list.end < text.length && !free.includes(list.end)))
  return free.filter((end) => !pieces.some((list) => end >= list.start && end < list.end))
}

interface List {
  /** Behind which no cut lies, and before which none: the end of the opening line, or of the first item. */
  readonly start: number
  readonly end: number
  /** True when what opens it is not finished. */
  readonly isOpen: boolean
}

interface Line {
  readonly text: string
  readonly end: number
  /** True when an empty line is before it. */
  readonly isApart: boolean
}

const linesIn = (text: string): readonly Line[] => {
  const lines: Line[] = []
  let isApart = false
  let at = 0
  for (const line of text.split('\n')) {
    const bare = line.trimEnd()
    if (bare !== '') lines.push({ text: bare.trimStart(), end: at + bare.length, isApart })
    isApart = bare === ''
    at += line.length + 1
  }
  return lines
}

const isFinished = (line: string): boolean => /[.!。！]["'“”»«)\]]*$/u.test(line)

/** Lines with a sign or number before them, and those behind a colon that end in no full stop; lines right behind one go on in it. */
const listsIn = (text: string): readonly List[] => {
  const lists: List[] = []
  const lines = linesIn(text)
  for (let first = 0; first < lines.length; first++) {
    const opening = lines[first - 1]
    if (!isListItem(lines[first]!.text) && !opening?.text.endsWith(':')) continue
    const last = lastOf(lines, first)
    const isOpen = opening !== undefined && !isFinished(opening.text)
    lists.push({ start: (isOpen ? opening : lines[first]!).end, end: lines[last]!.end, isOpen })
    first = last
  }
  return lists
}

/** The last item of the list that begins with this line. */
const lastOf = (lines: readonly Line[], first: number): number => {
  let last = first
  for (let at = first + 1; at < lines.length; at++) {
    const { text, isApart } = lines[at]!
    if (isListItem(text) || (!isListItem(lines[first]!.text) && !isFinished(text))) last = at
    else if (isApart) break
  }
  return last
}
