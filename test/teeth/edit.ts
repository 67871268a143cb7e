// Makes the faults of a tooth in the text of files; an edit that no longer finds its place is an error, never a silence.
import type { Edit } from './teeth.ts'

/** The files as the faults leave them, by path. Throws where the code has moved on. */
export const faulty = (edits: readonly Edit[], read: (file: string) => string): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>()
  for (const { file, find, replace } of edits) {
    const text = texts.get(file) ?? read(file)
    const places = text.split(find).length - 1
    if (places !== 1) throw new Error(`teeth.ts: "${find.trim()}" stands ${places} times in ${file}; it must stand there exactly once`)
    texts.set(
      file,
      text.replace(find, () => replace),
    )
  }
  return texts
}
